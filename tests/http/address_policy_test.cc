#include "connectors/http/address_policy.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

bool IsPublic(const std::string& literal) {
  const auto address = ParseAddress(literal);
  return address && IsPublicAddress(reinterpret_cast<const sockaddr&>(*address));
}

TEST(AddressPolicy, RefusesWhatIsNotPublic) {
  for (const char* ip : {"0.0.0.0",
                         "0.1.2.3",
                         "10.0.0.1",
                         "10.255.255.255",
                         "100.64.0.1",
                         "100.127.255.255",
                         "127.0.0.1",
                         "127.255.255.254",
                         "169.254.169.254",
                         "172.16.0.1",
                         "172.31.255.255",
                         "192.0.0.8",
                         "192.0.2.1",
                         "192.168.0.1",
                         "198.18.0.1",
                         "198.19.255.255",
                         "198.51.100.7",
                         "203.0.113.7",
                         "224.0.0.1",
                         "239.255.255.255",
                         "240.0.0.1",
                         "255.255.255.255",
                         "::",
                         "::1",
                         "fe80::1",
                         "febf::1",
                         "fec0::1",
                         "fc00::1",
                         "fd00:ec2::254",
                         "ff02::1",
                         "::ffff:127.0.0.1",
                         "::ffff:10.1.2.3",
                         "::127.0.0.1",
                         "64:ff9b::7f00:1",
                         "64:ff9b::a9fe:a9fe",
                         "64:ff9b:1::808:808",
                         "2002:7f00:1::",
                         "2002:a00:1::1",
                         "2001::1",
                         "2001:db8::1",
                         "100::1",
                         "",
                         "example.org",
                         "127.1",
                         "0x7f000001",
                         "1.2.3.4.5"})
    EXPECT_FALSE(IsPublic(ip)) << ip;
}

TEST(AddressPolicy, LetsPublicAddressesPass) {
  for (const char* ip : {"1.1.1.1",      "9.255.255.255",  "11.0.0.1",         "100.63.255.255",
                         "100.128.0.1",  "126.0.0.1",      "128.0.0.1",        "169.253.1.1",
                         "172.15.0.1",   "172.32.0.1",     "192.167.1.1",      "192.169.1.1",
                         "198.17.1.1",   "198.20.1.1",     "223.255.255.255",  "2606:4700::1111",
                         "2a00:1450::1", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"})
    EXPECT_TRUE(IsPublic(ip)) << ip;
}

}  // namespace
}  // namespace webcare

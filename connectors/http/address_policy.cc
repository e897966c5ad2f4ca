#include "connectors/http/address_policy.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace webcare {
namespace {

using V6 = std::array<std::uint8_t, 16>;

struct V4Net {
  std::uint32_t net;
  int bits;
};

constexpr std::uint32_t Ip(std::uint32_t a, std::uint32_t b, std::uint32_t c = 0) {
  return a << 24 | b << 16 | c << 8;
}

constexpr V4Net kClosedV4[] = {
    {Ip(0, 0), 8},         {Ip(10, 0), 8},     {Ip(100, 64), 10},   {Ip(127, 0), 8},
    {Ip(169, 254), 16},    {Ip(172, 16), 12},  {Ip(192, 0, 0), 24}, {Ip(192, 0, 2), 24},
    {Ip(192, 88, 99), 24}, {Ip(192, 168), 16}, {Ip(198, 18), 15},   {Ip(198, 51, 100), 24},
    {Ip(203, 0, 113), 24}, {Ip(224, 0), 4},    {Ip(240, 0), 4},
};

bool IsPublicV4(std::uint32_t ip) {
  return std::none_of(std::begin(kClosedV4), std::end(kClosedV4), [ip](const V4Net& closed) {
    return (ip ^ closed.net) >> (32 - closed.bits) == 0;
  });
}

std::uint32_t V4At(const V6& ip, std::size_t at) {
  return Ip(ip[at], ip[at + 1], ip[at + 2]) | ip[at + 3];
}

template <std::size_t N>
bool StartsWith(const V6& ip, const std::array<std::uint8_t, N>& prefix) {
  return std::equal(prefix.begin(), prefix.end(), ip.begin());
}

bool IsPublicV6(const V6& ip) {
  constexpr std::array<std::uint8_t, 12> kCompatible{};
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<std::uint8_t, 12> kNat64{0, 0x64, 0xff, 0x9b};
  constexpr std::array<std::uint8_t, 4> kTeredo{0x20, 0x01, 0, 0};
  constexpr std::array<std::uint8_t, 4> kDocumentation{0x20, 0x01, 0x0d, 0xb8};
  constexpr std::array<std::uint8_t, 2> kSixToFour{0x20, 0x02};
  if (StartsWith(ip, kCompatible) || StartsWith(ip, kMapped) || StartsWith(ip, kNat64))
    return IsPublicV4(V4At(ip, 12));
  if (StartsWith(ip, kSixToFour)) return IsPublicV4(V4At(ip, 2));
  if (StartsWith(ip, kTeredo) || StartsWith(ip, kDocumentation)) return false;
  return (ip[0] & 0xe0) == 0x20;  // 2000::/3 is all that IANA gives out as global unicast.
}

}  // namespace

bool IsPublicAddress(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    return IsPublicV4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 v6;
  std::memcpy(&v6, &address, sizeof v6);
  V6 ip;
  std::memcpy(ip.data(), &v6.sin6_addr, ip.size());
  return IsPublicV6(ip);
}

std::optional<sockaddr_storage> ParseAddress(const std::string& literal) {
  sockaddr_storage storage{};
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, literal.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    std::memcpy(&storage, &v4, sizeof v4);
  } else if (inet_pton(AF_INET6, literal.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    std::memcpy(&storage, &v6, sizeof v6);
  } else {
    return std::nullopt;
  }
  return storage;
}

}  // namespace webcare

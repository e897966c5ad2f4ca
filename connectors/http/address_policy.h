// Which addresses a feed may lead us to. Checked on the resolved address, never on the URL's text,
// which has too many ways to write one (octal, hex, short forms, names).
#pragma once

#include <netinet/in.h>

#include <optional>
#include <string>

namespace webcare {

// False for what is no public unicast address: this network (0/8), loopback, RFC 1918, CGNAT
// (100.64/10), link-local, 192.0.0/24, benchmarking (198.18/15), documentation nets, multicast,
// 240/4;
// ::, ::1, fc00::/7, fe80::/10, fec0::/10, ff00::/8, documentation; and for IPv4-mapped,
// -compatible, NAT64 (64:ff9b::/96, all of 64:ff9b:1::/48), 6to4 and Teredo addresses of the same,
// for they lead to the IPv4 address inside. (IANA special-purpose registries, RFC 6890.)
bool IsPublicAddress(const sockaddr& address);

// An IPv4 or IPv6 literal as the system calls want it; absent for anything else.
std::optional<sockaddr_storage> ParseAddress(const std::string& literal);

}  // namespace webcare

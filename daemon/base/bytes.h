// A count of bytes, so that no integer parameter needs its unit in its name.
#pragma once

#include <compare>
#include <cstdint>

namespace webcare {

struct Bytes {
  std::uint64_t count = 0;
  constexpr auto operator<=>(const Bytes&) const = default;
};

constexpr Bytes KiB(std::uint64_t n) { return {n << 10}; }
constexpr Bytes MiB(std::uint64_t n) { return {n << 20}; }

}  // namespace webcare

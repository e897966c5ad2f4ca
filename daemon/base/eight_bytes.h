// Eight bytes of text looked at as one number (SWAR; Warren, Hacker's Delight, 6-1). A mask has the highest
// bit of each byte that it speaks of. Whether a mask is 0 is always right; of its bits, those behind the
// first (in the processor's order) may be set for a byte that only comes close.
#pragma once

#include <cstdint>
#include <cstring>

namespace webcare {

inline constexpr std::uint64_t kOnes = 0x0101010101010101;
inline constexpr std::uint64_t kHighBits = 0x80 * kOnes;

// REQUIRES: eight bytes to read.
inline std::uint64_t LoadEight(const char* text) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  return bytes;
}

// Bytes below `limit`, which is at most 0x80: taking it off borrows there.
constexpr std::uint64_t BytesBelow(std::uint64_t bytes, std::uint64_t limit) {
  return (bytes - limit * kOnes) & ~bytes & kHighBits;
}

constexpr std::uint64_t BytesEqual(std::uint64_t bytes, char c) {
  return BytesBelow(bytes ^ static_cast<unsigned char>(c) * kOnes, 1);
}

}  // namespace webcare

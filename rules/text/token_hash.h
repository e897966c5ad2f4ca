// The hash of a word: 64 bits, about a nanosecond for the length of ordinary words.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace webcare {

// Not keyed: tables that hold words of posts must not use it (these tables hold words of ours
// only). A match of hashes is always followed by a comparison of the text.
inline std::uint64_t HashWord(std::string_view word) {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  const auto load = [](const char* from, std::size_t bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, from, bytes);
    return value;
  };
  const char* p = word.data();
  std::size_t left = word.size();
  std::uint64_t hash = left * kMix;
  for (; left > 8; p += 8, left -= 8) {
    hash = (hash ^ load(p, 8)) * kMix;
    hash ^= hash >> 29;
  }
  std::uint64_t tail = 0;
  if (left == 8) {
    tail = load(p, 8);
  } else if (left >= 4) {
    tail = load(p, 4) | load(p + left - 4, 4) << 32;
  } else if (left > 0) {
    const auto byte = [&](std::size_t i) {
      return std::uint64_t{static_cast<unsigned char>(p[i])};
    };
    tail = byte(0) | byte(left / 2) << 8 | byte(left - 1) << 16;
  }
  hash = (hash ^ tail) * kMix;
  return hash ^ (hash >> 32);
}

}  // namespace webcare

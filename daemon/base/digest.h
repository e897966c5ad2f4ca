// SHA-256 for stable ids and hash chains: the only user of libcrypto.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/library_version.h"

namespace webcare {

// The first 128 bits of SHA-256 (FIPS 180-4): enough against accidents and against forged
// collisions of 2^64 work.
struct Id128 {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const Id128&) const = default;
  std::string Hex() const;           // 32 lower-case digits.
  std::string_view AsBytes() const;  // 16 raw bytes, valid while *this lives.
  std::uint64_t First64() const;     // As a number, the most significant byte first.
  static std::optional<Id128> FromHex(std::string_view hex);  // Nothing unless 32 such digits.
  static Id128 FromBytes(std::string_view raw);               // REQUIRES: 16 bytes.
};

// Of the parts, each preceded by its length, so that ("ab","c") and ("a","bc") differ.
Id128 HashParts(std::initializer_list<std::string_view> parts);

struct Id128Hash {
  std::size_t operator()(const Id128& id) const;
};

// 128 random bits (RFC 4122 version 4 when shown as a UUID).
Id128 RandomId();

LibraryVersion CryptoLibrary();

}  // namespace webcare

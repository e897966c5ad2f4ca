#include "connectors/http/unpack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace webcare {
namespace {

using testing::HasSubstr;

constexpr Bytes kMax = KiB(64);

std::string Gzip(const std::string& text) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  std::string input = text;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string SomeText(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += "pakket " + std::to_string(i * i) + "; ";
  text.resize(size);
  return text;
}

TEST(Unpack, WithoutACodingTheBodyIsGivenBack) {
  EXPECT_EQ(Unpack("", "abc", kMax).value(), "abc");
  EXPECT_EQ(Unpack("Identity", "abc", kMax).value(), "abc");
  EXPECT_EQ(Unpack("gzip", "", kMax).value(), "");  // Of an answer without a body.
}

TEST(Unpack, GzipOfEverySizeComesBack) {
  for (const std::size_t size : {0u, 1u, 100u, 5000u, 65536u}) {
    const std::string text = SomeText(size);
    EXPECT_EQ(Unpack("gzip", Gzip(text), kMax).value(), text) << size;
    EXPECT_EQ(Unpack("X-GZIP", Gzip(text), kMax).value(), text) << size;
  }
}

// The size at the end is that of the last member only.
TEST(Unpack, MembersInARowAreOneBodyAndPaddingIsDropped) {
  const std::string long_text = SomeText(20'000);
  const std::string packed = Gzip(long_text) + Gzip("") + Gzip("eind");
  EXPECT_EQ(Unpack("gzip", packed, kMax).value(), long_text + "eind");
  EXPECT_EQ(Unpack("gzip", packed + std::string(8, '\0'), kMax).value(), long_text + "eind");
}

TEST(Unpack, MoreThanTheLimitIsRefusedWhateverTheBodyDeclares) {
  const std::string text = SomeText(10'000);
  EXPECT_EQ(Unpack("gzip", Gzip(text), {10'000}).value(), text);
  std::string lies = Gzip(text);
  lies.replace(lies.size() - 4, 4, std::string("\x01\0\0\0", 4));
  for (const std::string& packed : {Gzip(text), Gzip(text.substr(0, 9'000)) + Gzip(text)}) {
    const auto over = Unpack("gzip", packed, {9'999});
    ASSERT_FALSE(over.ok());
    EXPECT_EQ(over.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(over.error().message, "body over 9999 bytes");
  }
  EXPECT_EQ(Unpack("gzip", lies, {9'999}).error().message, "body over 9999 bytes");
}

TEST(Unpack, CutOffAnywhereIsAnErrorAndNotAShortPage) {
  const std::string packed = Gzip(SomeText(600));
  for (std::size_t size = 1; size < packed.size(); ++size) {
    const auto cut = Unpack("gzip", packed.substr(0, size), kMax);
    ASSERT_FALSE(cut.ok()) << size;
    EXPECT_EQ(cut.error().code, ErrorCode::kUnavailable);
  }
  EXPECT_FALSE(Unpack("gzip", packed + packed.substr(0, 40), kMax).ok());
}

TEST(Unpack, DamageIsNoticed) {
  const std::string packed = Gzip(SomeText(600));
  for (std::size_t at = 10; at < packed.size(); ++at) {  // The header holds what nobody checks.
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(Unpack("gzip", damaged, kMax).ok()) << at;
  }
  EXPECT_FALSE(Unpack("gzip", "<html>", kMax).ok());
}

TEST(Unpack, AFloodOfMembersIsRefused) {
  std::string packed;
  for (int i = 0; i < 1000; ++i) packed += Gzip("");
  EXPECT_FALSE(Unpack("gzip", packed, kMax).ok());
}

TEST(Unpack, WhatWasNotAskedForIsRefused) {
  for (const char* const coding : {"br", "deflate", "gzip, gzip"}) {
    const auto refused = Unpack(coding, "abc", kMax);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(refused.error().message, HasSubstr("not asked for"));
  }
}

}  // namespace
}  // namespace webcare

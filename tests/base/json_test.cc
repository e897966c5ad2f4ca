#include "daemon/base/json.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

JsonDocument Parsed(std::string_view text) { return JsonDocument::Parse(text).value(); }

TEST(Json, WrongTypesReadAsAbsent) {
  const JsonDocument document = Parsed(R"({"a":[1,"x",null],"b":{"c":true}})");
  const JsonValue root = document.root();
  EXPECT_FALSE(root["a"]["b"].present());
  EXPECT_FALSE(root["missing"].at(3)["x"].present());
  EXPECT_EQ(root["b"].Str("none"), "none");
  EXPECT_FALSE(root["a"].at(1).Int());
  EXPECT_EQ(root["a"].at(0).Int(), 1);
  EXPECT_TRUE(root["a"].at(2).IsNull());
  EXPECT_EQ(root["b"]["c"].Bool(), true);
}

TEST(Json, LargeIdsStayExact) {
  const JsonDocument document = Parsed(R"({"id":18446744073709551615,"s":"007"})");
  EXPECT_EQ(document.root()["id"].IdText(), "18446744073709551615");
  EXPECT_EQ(document.root()["s"].IdText(), "007");
}

TEST(Json, AStringMayHoldNul) {
  const JsonDocument document = Parsed(R"(["a\u0000b"])");
  EXPECT_EQ(document.root().at(0).Str(), std::string_view("a\0b", 3));
}

TEST(Json, HostileTextIsRefusedNotCrashedOn) {
  EXPECT_FALSE(JsonDocument::Parse(std::string(300'000, '[')).ok());
  EXPECT_FALSE(JsonDocument::Parse("\"\xC3\x28\"").ok());
  EXPECT_FALSE(JsonDocument::Parse("{} {}").ok());
  EXPECT_FALSE(JsonDocument::Parse("").ok());
  EXPECT_FALSE(JsonDocument::Parse("[1]", {.max_bytes = 2}).ok());
}

// RapidJSON's own check overlooks some of them where it reads 16 bytes at once.
TEST(Json, RawControlCharactersAreRefusedWhereverTheyStand) {
  for (int c = 1; c < 0x20; ++c) {
    for (std::size_t before = 0; before < 150; ++before) {
      std::string text = "[\"" + std::string(before, 'x');
      text += static_cast<char>(c);
      EXPECT_FALSE(JsonDocument::Parse(text + "yz\"]").ok()) << c << " behind " << before;
    }
  }
}

TEST(Json, DepthIsCountedOutsideStringsOnly) {
  EXPECT_TRUE(JsonDocument::Parse("[\"" + std::string(200, '[') + "\\\"[\"]").ok());
  EXPECT_TRUE(JsonDocument::Parse(std::string(64, '[') + std::string(64, ']')).ok());
  EXPECT_FALSE(JsonDocument::Parse(std::string(65, '[') + std::string(65, ']')).ok());
}

// The reader calls itself for each level: it must be stopped at the limit, not at its end.
TEST(Json, DepthIsBoundedForArraysAndObjectsAlike) {
  const auto nested = [](int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += i % 2 == 0 ? "[" : R"({"a":)";
    text += "1";
    for (int i = levels; i-- > 0;) text += i % 2 == 0 ? "]" : "}";
    return text;
  };
  constexpr JsonLimits kLimits{1 << 20, 8};
  EXPECT_TRUE(JsonDocument::Parse(nested(8), kLimits).ok());
  const auto refused = JsonDocument::Parse(nested(9), kLimits);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "JSON is nested deeper than 8 levels");
  EXPECT_FALSE(JsonDocument::Parse(nested(8), {1 << 20, 7}).ok());
  // Levels that were left again do not count.
  EXPECT_TRUE(JsonDocument::Parse("[" + nested(7) + "," + nested(7) + "]", kLimits).ok());
}

TEST(Json, AByteOrderMarkIsDropped) { EXPECT_TRUE(Parsed("\xEF\xBB\xBF[]").root().IsArray()); }

// At all places of a text that is looked at eight bytes at a time.
TEST(JsonWriter, EscapesWhatMustBeWhereverItStands) {
  for (int byte = 1; byte < 0x100; ++byte) {
    for (std::size_t at = 0; at < 19; ++at) {
      std::string text(19, 'x');
      text[at] = static_cast<char>(byte);
      if (byte >= 0x80) text.insert(at, "\xC3"), text[at + 1] = static_cast<char>(byte & 0xBF);
      JsonWriter json;
      json.StartArray().String(text).EndArray();
      const bool plain = byte >= 0x20 && byte != '"' && byte != '\\';
      EXPECT_EQ(json.View() == "[\"" + text + "\"]", plain) << byte << " at " << at;
      EXPECT_EQ(Parsed(json.View()).root().at(0).Str(), text) << byte << " at " << at;
    }
  }
}

TEST(JsonWriter, WritesWhatTheReaderReads) {
  JsonWriter json;
  json.StartObject().Field("text", "één \"x\"\n").Field("n", 3).Key("raw").Raw("[1,2]").EndObject();
  const JsonDocument document = Parsed(json.Take());
  EXPECT_EQ(document.root()["text"].Str(), "één \"x\"\n");
  EXPECT_EQ(document.root()["raw"].size(), 2u);
}

}  // namespace
}  // namespace webcare

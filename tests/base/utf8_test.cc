#include "daemon/base/utf8.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

TEST(Utf8, OverlongSurrogateAndTooLargeAreRefused) {
  for (const char* bad : {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                          "\xF8\x88\x80\x80\x80", "abcdefgh\x80", "\xE2\x82", "\xFF"})
    EXPECT_FALSE(IsValidUtf8(bad)) << bad;
  for (const char* good : {"", "abcdefghijk", "één €5 🎉", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(IsValidUtf8(good)) << good;
}

TEST(Utf8, RepairGivesValidTextAndKeepsWhatIsGood) {
  EXPECT_EQ(RepairUtf8("a\xE2\x82z\xFF"), "a\xEF\xBF\xBDz\xEF\xBF\xBD");
  EXPECT_EQ(RepairUtf8("één"), "één");
}

TEST(Utf8, ControlsAndDirectionTricksAreDropped) {
  EXPECT_EQ(StripControls("a\x01\x1B[31m\r\nb\rc\t\xE2\x80\xAE"
                          "d\xEF\xBB\xBF"),
            "a[31m\nb\nc\td");
}

TEST(Utf8, CuttingNeverSplitsACharacter) {
  EXPECT_EQ(CutUtf8("a€b", 3), "a");
  EXPECT_EQ(CutUtf8("a€b", 4), "a€");
  EXPECT_EQ(CutUtf8("a€b", 9), "a€b");
}

TEST(Utf8, DecodeUndoesAppend) {
  for (const char32_t c : {U'a', U'é', U'€', U'🎉'}) {
    std::string text;
    AppendUtf8(text, c);
    std::size_t at = 0;
    EXPECT_EQ(DecodeUtf8(text, at), c);
    EXPECT_EQ(at, text.size());
  }
}

}  // namespace
}  // namespace webcare

#include "connectors/markup/text.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

TEST(CleanText, ComposesLetters) { EXPECT_EQ(CleanText("cafe\xCC\x81"), "café"); }

TEST(CleanText, DropsWhatCannotBeSeen) {
  EXPECT_EQ(CleanText("a\x07"
                      "b\xC2\xAD"
                      "c\xE2\x80\x8B"
                      "d\xE2\x80\xAE"
                      "e\xEF\xBB\xBF"),
            "abcde");
}

TEST(CleanText, KeepsEmojiSequencesTabsAndLines) {
  const std::string_view family = "👨‍👩‍👧 a\tb\nc";
  EXPECT_EQ(CleanText(family), family);
}

TEST(CleanText, MakesLineEndsAndSpacesPlain) {
  EXPECT_EQ(CleanText("a\r\nb\rc\xC2\xA0"
                      "d"),
            "a\nb\nc d");
}

TEST(CleanText, KeepsThirtyMarksOfALongRun) {
  std::string zalgo = "x";
  for (int i = 0; i < 1000; ++i) zalgo += i % 2 == 0 ? "\xCC\x81" : "\xCC\xA3";
  EXPECT_EQ(CleanText(zalgo).size(), 1U + 30 * 2);
}

TEST(CleanText, RepairsBadBytes) {
  EXPECT_EQ(CleanText("a\xFF"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(CleanLine, IsOneTrimmedLine) {
  EXPECT_EQ(CleanLine(" \n Anna \t de\n Boer "), "Anna de Boer");
}

TEST(FromWindows1252, KnowsTheEuroAndLeavesLatin1) {
  EXPECT_EQ(FromWindows1252(0x80), U'€');
  EXPECT_EQ(FromWindows1252(0xE9), U'é');
  EXPECT_EQ(FromWindows1252('a'), U'a');
}

}  // namespace
}  // namespace webcare

#include "connectors/markup/text.h"

#include <gtest/gtest.h>

#include "daemon/base/utf8.h"

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

// A decomposed letter on both sides sends the text through normalisation, which then has to agree.
TEST(IsSurelyClean, SaysYesOnlyToWhatCleanTextLeavesAlone) {
  int plain = 0;
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string one;
    AppendUtf8(one, c);
    if (!IsSurelyClean(one)) continue;
    ++plain;
    ASSERT_EQ(CleanText("e\u0301" + one + "e\u0301"), "\u00e9" + one + "\u00e9")
        << static_cast<std::uint32_t>(c);
  }
  EXPECT_GT(plain, 97 + 0x2FF - 0xC0 + 0x1000);
}

TEST(IsSurelyClean, SaysNoToCutCharactersAndControlsWhereverTheyStand) {
  for (const std::string_view bad :
       {"\xC3", "\xE2\x80", "\xE2\x82", "\xF0\x9F\x98", "\x01", "\r", "\x7F", "\x80", "\xFF"})
    for (std::size_t before = 0; before < 17; ++before)
      for (const std::size_t after : {0u, 1u, 16u})
        EXPECT_FALSE(
            IsSurelyClean(std::string(before, 'a') + std::string(bad) + std::string(after, 'z')))
            << before << ' ' << after;
}

}  // namespace
}  // namespace webcare

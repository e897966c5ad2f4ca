#include "rules/text/fold.h"

#include <gtest/gtest.h>

#include <string>

namespace webcare {
namespace {

struct FoldCase {
  const char* claim;
  std::string from;
  std::string to;
};

class FoldTo : public ::testing::TestWithParam<FoldCase> {};

TEST_P(FoldTo, ThePlainForm) {
  Folded folded;
  Fold(GetParam().from, folded);
  EXPECT_EQ(folded.text(), GetParam().to);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FoldTo,
    ::testing::Values(FoldCase{"Ascii", "Dit is ÉÉN test", "dit is een test"},
                      FoldCase{"LongAscii", "ABCDEFGHIJKLMNOPQRSTUVWXYZ[@]`{~^_0189",
                               "abcdefghijklmnopqrstuvwxyz[@]'{~^_0189"},
                      FoldCase{"Nfc", "coöperatie, vóór, ideeën", "cooperatie, voor, ideeen"},
                      FoldCase{"Nfd", "e\u0301e\u0301n", "een"},
                      FoldCase{"Ligature", "ﬁets ĳs Ĳs", "fiets ijs ijs"},
                      FoldCase{"FullWidth", "ＫＡＰＯＴ！", "kapot!"},
                      FoldCase{"Mathematical", "𝐤𝐚𝐩𝐨𝐭 𝓚", "kapot k"},
                      FoldCase{"Quotes", "‘a’ “b” `c` ´d´", "'a' \"b\" 'c' 'd'"},
                      FoldCase{"Dashes", "a–b—c‑d−e", "a-b-c-d-e"},
                      FoldCase{"Spaces", "a\u00A0b\u2009c\u3000d", "a b c d"},
                      FoldCase{"Joiners", "a\u200Bb\u200Dc\u00ADd\uFEFF", "abcd"},
                      FoldCase{"Emoji", "❤️ 👍🏽 👩‍💻", "❤ 👍 👩💻"},
                      FoldCase{"Ellipsis", "nou…", "nou..."},
                      FoldCase{"SharpS", "Straße ẞ", "strasse ss"},
                      FoldCase{"Turkish", "İstanbul", "istanbul"},
                      FoldCase{"NotDutchStays", "Øre łódź æ", "øre łodz æ"},
                      FoldCase{"TradeMark", "Merk™®", "merk™®"},
                      FoldCase{"TooLongStays", "\uFDFA", "\uFDFA"}, FoldCase{"Half", "½", "1/2"},
                      FoldCase{"OtherScripts", "ΚΑΛΗΜΈΡΑ Привет", "καλημερα привет"},
                      FoldCase{"Empty", "", ""}));

std::string Shown(const std::string& text, const std::string& word) {
  Folded folded;
  Fold(text, folded);
  const auto begin = static_cast<std::uint32_t>(folded.text().find(word));
  const Span span = folded.ToOriginal(begin, begin + static_cast<std::uint32_t>(word.size()));
  return text.substr(span.begin, span.end - span.begin);
}

TEST(FoldMap, PointsAtWholeCharactersOfTheOriginal) {
  EXPECT_EQ(Shown("dit is écht zo", "echt"), "écht");
  EXPECT_EQ(Shown("dit is e\u0301cht zo", "echt"), "e\u0301cht");
  EXPECT_EQ(Shown("één", "n"), "n");
  EXPECT_EQ(Shown("ﬁets", "i"), "ﬁ");  // Half a ligature is the whole of it.
  EXPECT_EQ(Shown("vĳf", "vi"), "vĳ");
  EXPECT_EQ(Shown("zo ❤️!", "❤"), "❤️");
  EXPECT_EQ(Shown("👍🏽", "👍"), "👍🏽");
  EXPECT_EQ(Shown("é plat ASCII van meer dan acht letters", "meer"), "meer");
  EXPECT_EQ(Shown("\u200Bkapot", "kapot"), "kapot");
}

TEST(FoldCounts, LettersAndCapitalsOfTheOriginal) {
  Folded folded;
  Fold("ÉÉN Keer 12! abcdefghIJK", folded);
  EXPECT_EQ(folded.letters, 3u + 4u + 11u);
  EXPECT_EQ(folded.capitals, 3u + 1u + 3u);
}

TEST(Fold, IllFormedTextIsSurvived) {
  Folded folded;
  for (const std::string text : {"\xC3", "a\xE2\x82", "\xF0\x9F", "\xFF\xFE", "\x80\x80",
                                 "\xF7\xBF\xBF\xBF", "\xED\xA0\x80"}) {
    Fold(text, folded);
    EXPECT_LE(folded.text().size(), 3 * text.size());
  }
}

TEST(Fold, ASecondUseForgetsTheFirst) {
  Folded folded;
  Fold("één", folded);
  Fold("plat", folded);
  EXPECT_EQ(folded.ToOriginal(1, 3), (Span{1, 3}));
  EXPECT_EQ(folded.text(), "plat");
}

}  // namespace
}  // namespace webcare

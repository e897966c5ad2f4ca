#include "rules/text/analysis.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace webcare {
namespace {

using ::testing::ElementsAre;

// "text:from-to" of every token, "*" for those that are as written.
std::vector<std::string> Tokens(std::string_view text) {
  Analysis analysis;
  Analyze(text, analysis);
  std::vector<std::string> out;
  for (const Token& token : analysis.tokens)
    out.push_back(std::string(token.text) + (token.primary ? "*" : "") + ":" +
                  std::to_string(token.from) + "-" + std::to_string(token.to));
  return out;
}

TEST(Tokens, OneForAPlainWord) {
  EXPECT_THAT(Tokens("Het huis."), ElementsAre("het*:0-1", "huis*:1-2"));
}

TEST(Tokens, ApostrophesStayInsideWords) {
  EXPECT_THAT(Tokens("m'n 'huis'"), ElementsAre("m'n*:0-1", "mijn:0-1", "huis*:1-2"));
}

TEST(Tokens, ReadingsOfSeveralWordsMakeAPathBesideTheWord) {
  EXPECT_THAT(Tokens("iig kheb"), ElementsAre("iig*:0-3", "in:0-1", "ieder:1-2", "geval:2-3",
                                              "kheb*:3-5", "ik:3-4", "heb:4-5"));
}

TEST(Tokens, ElongatedWordsReadWithTwoAndOne) {
  EXPECT_THAT(Tokens("zaaat"), ElementsAre("zaaat*:0-1", "zaat:0-1", "zat:0-1"));
  EXPECT_THAT(Tokens("zeeerrr"),
              ElementsAre("zeeerrr*:0-1", "zeerr:0-1", "zerr:0-1", "zeer:0-1", "zer:0-1"));
  EXPECT_THAT(Tokens("nieee"), ElementsAre("nieee*:0-1", "niee:0-1", "nie:0-1", "niet:0-1"));
  EXPECT_THAT(Tokens("1000"), ElementsAre("1000*:0-1", "<number>:0-1"));
}

TEST(Tokens, NumbersAreAClassAndPartFromTheirUnit) {
  EXPECT_THAT(Tokens("3x twee"), ElementsAre("3x*:0-2", "3:0-1", "<number>:0-1", "x:1-2",
                                             "twee*:2-3", "<number>:2-3"));
}

TEST(Tokens, TagsReadAsTagBodyAndParts) {
  EXPECT_THAT(Tokens("#NooitMeer"),
              ElementsAre("#nooitmeer*:0-2", "nooitmeer:0-2", "nooit:0-1", "meer:1-2"));
  EXPECT_THAT(Tokens("#KPN #"), ElementsAre("#kpn*:0-1", "kpn:0-1"));
}

TEST(Tokens, NamesAndAddressesAreClasses) {
  EXPECT_THAT(Tokens("@a.b@c.example: zie https://x.example/?a=b#c, of a.b-c@d.example!"),
              ElementsAre("<mention>*:0-1", "zie*:1-2", "<link>*:2-3", "of*:3-4", "<link>*:4-5"));
  EXPECT_THAT(Tokens("@ #FooBar@x.y www.a.example"),
              ElementsAre("#foobar*:0-2", "foobar:0-2", "foo:0-1", "bar:1-2", "<link>*:2-3",
                          "<link>*:3-4"));
}

struct Clauses {
  std::vector<std::uint32_t> segments, clauses;
  std::vector<bool> opens;
};

Clauses ClausesOf(std::string_view text) {
  Analysis analysis;
  Analyze(text, analysis);
  Clauses out;
  for (const Slot& slot : analysis.slots) {
    out.segments.push_back(slot.segment);
    out.clauses.push_back(slot.clause);
    out.opens.push_back(slot.opens_sentence);
  }
  return out;
}

TEST(Clauses, EndAtStopsAndBeforeMaar) {
  const Clauses clauses = ClausesOf("goed, duur maar mooi");
  EXPECT_THAT(clauses.segments, ElementsAre(0, 1, 1, 1));
  EXPECT_THAT(clauses.clauses, ElementsAre(0, 1, 2, 2));
}

TEST(Clauses, DoNotEndInsideNumbers) {
  EXPECT_THAT(ClausesOf("3,50 om 14:30").segments, ElementsAre(0, 0, 0, 0, 0));
}

TEST(Clauses, SentencesOpenAfterMentionsToo) {
  EXPECT_THAT(ClausesOf("@x hoe? 👍 wat dan, ja").opens,
              ElementsAre(true, true, true, true, false, false));
}

TEST(Features, AreCounted) {
  Analysis analysis;
  Analyze("WAT!! Wie? @a #b https://x.example 👍 zooo e-mail", analysis);
  const Features& f = analysis.features;
  EXPECT_EQ(f.exclamations, 2);
  EXPECT_EQ(f.question_marks, 1);
  EXPECT_EQ(f.mentions, 1);
  EXPECT_EQ(f.tags, 1);
  EXPECT_EQ(f.links, 1);
  EXPECT_EQ(f.emoji, 1);
  EXPECT_EQ(f.words, 5);
  EXPECT_TRUE(f.elongated);
}

TEST(FoldedWords, AreThePatternAsWritten) {
  EXPECT_THAT(FoldedWords("Geïrriteerd! e-mail ff"), ElementsAre("geirriteerd", "e", "mail", "ff"));
}

}  // namespace
}  // namespace webcare

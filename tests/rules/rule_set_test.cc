#include "rules/rule_set.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "daemon/base/reach.h"
#include "tests/rules/rule_testing.h"

namespace webcare {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct MatchCase {
  const char* claim;
  const char* when;
  const char* text;
  std::vector<std::string> evidence;  // {"-"}: silent.
};

class Match : public ::testing::TestWithParam<MatchCase> {};

TEST_P(Match, ShowsTheWordsThatMadeItSo) {
  const MatchCase& test = GetParam();
  const auto rules = LoadWhen(test.when);
  ASSERT_TRUE(rules);
  EXPECT_EQ(Evidence(*rules, PostOf(test.text)), test.evidence) << test.when << " in " << test.text;
}

INSTANTIATE_TEST_SUITE_P(
    Words, Match,
    ::testing::Values(
        MatchCase{"Word", "{word: kapot}", "Alles is KAPOT!", {"KAPOT"}},
        MatchCase{"NotInside", "{word: pati}", "de patiënt.", {"-"}},
        MatchCase{"AccentsDropped", "{word: écht}", "dit is echt waardeloos", {"echt"}},
        MatchCase{"AccentsKept", "{word: idee}", "één idée", {"idée"}},
        MatchCase{"Stem", "{word: wacht*}", "al wachtend op wachttijd", {"wachtend", "wachttijd"}},
        MatchCase{"StemAlone", "{word: wacht*}", "ik wacht", {"wacht"}},
        MatchCase{"Tail", "{word: '*storing'}", "weer een internetstoring", {"internetstoring"}},
        MatchCase{"Part", "{word: '*klacht*'}", "de hoofdklachten", {"hoofdklachten"}},
        MatchCase{"Tag", "{word: '#fail'}", "wat een #Fail", {"#Fail"}},
        MatchCase{"TagBody", "{word: fail}", "wat een #Fail", {"#Fail"}},
        MatchCase{"TagOnly", "{word: '#fail'}", "wat een fail", {"-"}},
        MatchCase{"TagParts", "{word: service}", "#SlechteService hier", {"Service"}},
        MatchCase{"Emoji", "{word: 👎}", "nou 👎🏽 dus", {"👎🏽"}},
        MatchCase{"EmojiWithSelector", "{word: ❤️}", "ik ❤ het", {"❤"}},
        MatchCase{"Squeezed", "{word: zat}", "ik ben het zaaaat", {"zaaaat"}},
        MatchCase{"SqueezedToTwo", "{word: nee}", "neeeeee", {"neeeeee"}},
        MatchCase{"SqueezedTwice", "{word: zeer}", "zeeeerrrr", {"zeeeerrrr"}},
        MatchCase{"ReadAs", "{word: even}", "ff wachten", {"ff"}},
        MatchCase{"ReadAsKeepsTheOriginal", "{word: ff}", "ff wachten", {"ff"}},
        MatchCase{"Possessive", "{word: ziggo}", "Ziggo's netwerk", {"Ziggo's"}},
        MatchCase{"CurlyApostrophe", "{word: zo'n}", "zo’n pech", {"zo’n"}},
        MatchCase{"Link", "{word: <link>}", "zie https://a.example/b. Nu", {"https://a.example/b"}},
        MatchCase{"Mail", "{word: <link>}", "mail jan.p@a.example nu", {"jan.p@a.example"}},
        MatchCase{"Mention", "{word: <mention>}", "hoi @Brand@a.example!", {"@Brand@a.example"}},
        MatchCase{"NothingInsideLinks", "{word: kapot}", "https://a.example/kapot", {"-"}},
        MatchCase{"Ligature", "{word: vijf}", "al vĳf keer", {"vĳf"}}));

INSTANTIATE_TEST_SUITE_P(
    Phrases, Match,
    ::testing::Values(
        MatchCase{"InARow", "{phrase: werkt niet}", "Het werkt  niet meer", {"werkt  niet"}},
        MatchCase{"NotApart", "{phrase: werkt niet}", "werkt het niet", {"-"}},
        MatchCase{"NotAcrossAStop", "{phrase: werkt niet}", "het werkt. Niet goed", {"-"}},
        MatchCase{"AcrossMaar",
                  "{phrase: eens maar nooit weer}",
                  "Eens maar nooit weer!",
                  {"Eens maar nooit weer"}},
        MatchCase{"Alternatives", "{phrase: (dagen|weken) stil}", "al weken stil", {"weken stil"}},
        MatchCase{"OptionalThere", "{phrase: 'ligt er? uit'}", "het ligt er uit", {"ligt er uit"}},
        MatchCase{"OptionalMissing", "{phrase: 'ligt er? uit'}", "het ligt uit", {"ligt uit"}},
        MatchCase{"GapOfThree",
                  "{phrase: zou * handig}",
                  "zou dat niet zo handig zijn",
                  {"zou dat niet zo handig"}},
        MatchCase{"GapOfFour", "{phrase: zou * handig}", "zou dat ook niet zo handig zijn", {"-"}},
        MatchCase{"GapOfNone", "{phrase: zou * handig}", "zou handig zijn", {"zou handig"}},
        MatchCase{"Number",
                  "{phrase: al <number> dagen}",
                  "al 3 dagen, al twee dagen",
                  {"al 3 dagen", "al twee dagen"}},
        MatchCase{"Times", "{phrase: <number> x gebeld}", "ik heb 3x gebeld", {"3x gebeld"}},
        MatchCase{"ReadAsTwo", "{phrase: ik heb geen}", "kheb geen net", {"kheb geen"}},
        MatchCase{"HalfOfReadAsTwo", "{phrase: heb geen}", "kheb geen net", {"kheb geen"}},
        MatchCase{"TagParts", "{phrase: slechte service}", "#SlechteService", {"#SlechteService"}},
        MatchCase{"Hyphen", "{phrase: e-mail}", "geen E‑mail gehad", {"E‑mail"}},
        MatchCase{"StarInside", "{phrase: klant* service}", "klanten service", {"klanten service"}},
        MatchCase{"TwoEmoji", "{phrase: 👏👏}", "knap 👏🏻👏🏿", {"👏🏻👏🏿"}},
        MatchCase{"Twice", "{phrase: te laat}", "te laat en te laat", {"te laat", "te laat"}},
        MatchCase{"Begins", "{begins: [hoe kan]}", "Nou. @x Hoe kan dit", {"Hoe kan"}},
        MatchCase{"BeginsOnly", "{begins: [hoe kan]}", "Zeg hoe kan dit", {"-"}},
        MatchCase{"BeginsAfterLine", "{begins: wat}", "Titel\n\nwat nu", {"wat"}}));

INSTANTIATE_TEST_SUITE_P(
    Others, Match,
    ::testing::Values(
        MatchCase{"Near",
                  "{near: {left: beloofd, right: [terug*], within: 2}}",
                  "beloofd mij terug te bellen",
                  {"beloofd", "terug"}},
        MatchCase{"NearTooFar",
                  "{near: {left: beloofd, right: [terug*], within: 0}}",
                  "beloofd mij terug",
                  {"-"}},
        MatchCase{"NearOrdered",
                  "{near: {left: beloofd, right: [terug*], within: 2}}",
                  "terug was beloofd",
                  {"-"}},
        MatchCase{"NearEitherWay",
                  "{near: {left: beloofd, right: [terug*], within: 2, ordered: false}}",
                  "terug was beloofd",
                  {"terug", "beloofd"}},
        MatchCase{"NearSameClause",
                  "{near: {left: beloofd, right: niet, within: 5}}",
                  "beloofd maar niet gedaan",
                  {"-"}},
        MatchCase{"NearAnyClause",
                  "{near: {left: beloofd, right: niet, within: 5, scope: post}}",
                  "beloofd maar niet gedaan",
                  {"beloofd", "niet"}},
        MatchCase{"NearPhrase",
                  "{near: {left: zou bellen, right: kwam niet, within: 2}}",
                  "Piet zou bellen en kwam niet",
                  {"zou bellen", "kwam niet"}},
        MatchCase{
            "Regex", R"({regex: '\border [0-9]{4}\b'})", "Mijn Order 1234 kwijt", {"Order 1234"}},
        MatchCase{"RegexOnFolded", R"({regex: 'ideeen\b'})", "goede ideeën", {"ideeën"}},
        MatchCase{"All", "{all: [{word: a1}, {word: b1}]}", "b1 en a1", {"b1", "a1"}},
        MatchCase{"AllMissing", "{all: [{word: a1}, {word: b1}]}", "b1", {"-"}},
        MatchCase{"SeveralKeysAreAll", "{word: a1, phrase: b1 c1}", "b1 c1", {"-"}},
        MatchCase{"Any", "{any: [{word: a1}, {word: b1}]}", "b1", {"b1"}},
        MatchCase{"None", "{word: a1, none: [{word: b1}]}", "a1", {"a1"}},
        MatchCase{"NoneThere", "{word: a1, none: [{word: b1}]}", "a1 b1", {"-"}},
        MatchCase{"Exclamations", "{feature: {exclamations: {at_least: 3}}}", "nu!!!", {}},
        MatchCase{"CapsShare", "{feature: {caps_share: {at_least: 0.8}}}", "WAT EEN BENDe", {}},
        MatchCase{
            "CapsShareLow", "{feature: {caps_share: {at_least: 0.8}}}", "Wat een bende", {"-"}}));

struct NegationCase {
  const char* text;
  std::vector<std::string> labels;
};

class Negation : public ::testing::TestWithParam<NegationCase> {};

TEST_P(Negation, TurnsTheLabel) {
  const auto rules =
      Load(RuleFile("  - {id: r, label: c, weight: 1, negated: {label: a, weight: 1}, when: {word: "
                    "[goed, werkt]}}\n"));
  EXPECT_EQ(LabelNames(rules->Decide(PostOf(GetParam().text), {})), GetParam().labels)
      << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Window, Negation,
    ::testing::Values(
        NegationCase{"dat is goed", {"c"}}, NegationCase{"dat is niet goed", {"a"}},
        NegationCase{"niet zo heel goed", {"a"}}, NegationCase{"niet zo heel erg goed", {"c"}},
        NegationCase{"niet duur, goed", {"c"}}, NegationCase{"niet duur maar goed", {"c"}},
        NegationCase{"werkt niet", {"a"}}, NegationCase{"werkt nie", {"a"}},
        NegationCase{"werkt. Niet", {"c"}}, NegationCase{"niet alleen goed", {"c"}},
        NegationCase{"niet normaal goed", {"c"}}, NegationCase{"it isn't goed", {"a"}},
        NegationCase{"niet goed. Wel goed.", {"c"}}));

TEST(RuleSet, DroppedNegationKeepsTheRuleSilent) {
  const auto rules = LoadWhen("{word: goed}", ", negated: drop");
  EXPECT_THAT(Evidence(*rules, PostOf("nooit goed")), ElementsAre("-"));
  EXPECT_THAT(Evidence(*rules, PostOf("nooit goed. Nu goed")), ElementsAre("goed"));
}

TEST(RuleSet, ClauseScopeWantsAllTextInOneClause) {
  const auto rules = LoadWhen("{word: pakket, phrase: te laat}", ", scope: clause");
  EXPECT_THAT(Evidence(*rules, PostOf("Pakket weg. Ik kwam te laat, pakket te laat")),
              ElementsAre("pakket", "te laat"));
  EXPECT_THAT(Evidence(*rules, PostOf("Pakket weg, maar te laat")), ElementsAre("-"));
}

TEST(RuleSet, FactsOfPostAndContextCount) {
  const auto rules = LoadWhen(
      "{rating: {at_most: 2}, source: [appstore], kind: [review], thread: {addressed: true, reply: "
      "false}, "
      "author: {earlier_cases: {at_least: 2}, bot: false}}");
  Post post = PostOf("x");
  post.kind = PostKind::kReview;
  post.rating = Rating{4, 10};
  PostContext context{
      .source = "s1", .source_type = "appstore", .addressed = true, .earlier_cases = 2};
  EXPECT_THAT(Evidence(*rules, post, "r", context), IsEmpty());
  post.rating = Rating{5, 10};
  EXPECT_THAT(Evidence(*rules, post, "r", context), ElementsAre("-"));
  post.rating.reset();
  EXPECT_THAT(Evidence(*rules, post, "r", context), ElementsAre("-"));
}

TEST(RuleSet, LabelsAddUpAndComeInOrderOfDefinition) {
  const auto rules =
      Load(RuleFile("  - {id: b1, label: b, weight: 1.5, when: {word: een}}\n"
                    "  - {id: b2, label: b, weight: 0.5, when: {word: twee}}\n"
                    "  - {id: b3, label: b, weight: -1, when: {word: drie}}\n"
                    "  - {id: a1, label: a, weight: 1, when: {word: twee}}\n"));
  const Verdict verdict = rules->Decide(PostOf("een twee"), {});
  EXPECT_THAT(LabelNames(verdict), ElementsAre("a", "b"));
  EXPECT_DOUBLE_EQ(verdict.labels[1].score, 2);
  EXPECT_DOUBLE_EQ(verdict.labels[1].threshold, 2);
  EXPECT_EQ(verdict.team, "service");
  EXPECT_TRUE(verdict.enters_queue);
  EXPECT_EQ(verdict.hits[0].rule, "b1");
  EXPECT_EQ(verdict.hits[2].rule, "a1");
  const Verdict vetoed = rules->Decide(PostOf("een twee drie"), {});
  EXPECT_THAT(LabelNames(vetoed), ElementsAre("a"));
  EXPECT_EQ(rules->Decide(PostOf("niets"), {}).enters_queue, false);
}

TEST(RuleSet, ARuleSeesLabelsOfRulesThatStandBelowIt) {
  const auto rules =
      Load(RuleFile("  - {id: r, label: c, weight: 1, when: {label: b}}\n"
                    "  - {id: b1, label: b, weight: 2, when: {all: [{label: a}, {word: mee}]}}\n"
                    "  - {id: a1, label: a, weight: 1, when: {word: een}}\n"));
  EXPECT_THAT(LabelNames(rules->Decide(PostOf("een mee"), {})), ElementsAre("a", "b", "c"));
  EXPECT_EQ(rules->Decide(PostOf("een mee"), {}).hits[0].rule, "r");
  EXPECT_THAT(LabelNames(rules->Decide(PostOf("mee"), {})), IsEmpty());
}

TEST(RuleSet, LanguageChoosesTheRules) {
  const auto rules =
      Load(RuleFile("  - {id: nl, label: a, weight: 1, when: {word: xyz}, language: nl}\n"
                    "  - {id: en, label: c, weight: 1, when: {word: xyz}, language: en}\n"));
  EXPECT_THAT(LabelNames(rules->Decide(PostOf("het is niet xyz", ""), {})), ElementsAre("a"));
  EXPECT_THAT(LabelNames(rules->Decide(PostOf("this is not the xyz", ""), {})), ElementsAre("c"));
  EXPECT_THAT(LabelNames(rules->Decide(PostOf("xyz", ""), {})), ElementsAre("a", "c"));
}

TEST(RuleSet, ReachOnlyMakesNotes) {
  const auto rules = Load(RuleFile(
      "  - {id: loud, phase: 2, note: loud, when: {reach: {followers: {at_least: 1000}}}}\n"
      "  - {id: loud.a, phase: 2, note: loud, when: {label: a, reach: {verified: true}}}\n"));
  const Post post = PostOf("qqqa");
  const Verdict verdict = rules->Decide(post, {});
  Reach reach;
  EXPECT_FALSE(rules->Annotate(post, verdict, reach).loud);
  reach.verified = true;
  EXPECT_EQ(rules->Annotate(post, verdict, reach).hits[0].rule, "loud.a");
  EXPECT_FALSE(rules->Annotate(post, {}, reach).loud);
  reach.followers = 1000;
  EXPECT_EQ(rules->Annotate(post, {}, reach).hits[0].rule, "loud");
}

TEST(RuleSet, ARuleThatIsOffIsSilentButListed) {
  const auto rules = LoadWhen("{word: kapot}", ", status: off");
  EXPECT_THAT(Evidence(*rules, PostOf("kapot")), ElementsAre("-"));
  EXPECT_EQ(rules->rules().back().id, "r");
  EXPECT_FALSE(rules->rules().back().on);
}

// Every YAML block of the manual that is a whole file loads.
TEST(RuleSet, TheExamplesOfTheManualLoad) {
  std::ifstream in(WEBCARE_SOURCE_DIR "/rules/README.md");
  std::stringstream buffer;
  buffer << in.rdbuf();
  const std::string manual = buffer.str();
  int files = 0;
  for (std::size_t at = 0; (at = manual.find("```yaml\nversion: 1", at)) != std::string::npos;
       ++at) {
    const std::size_t begin = at + 8;
    Load(manual.substr(begin, manual.find("```", begin) - begin));
    ++files;
  }
  EXPECT_EQ(files, 2);
}

}  // namespace
}  // namespace webcare

// What the starter packs claim to know about language, one sentence each.
#include <gtest/gtest.h>

#include <string>

#include "tests/packs/labelled.h"
#include "tests/packs/load_packs.h"

namespace webcare {
namespace {

struct Claim {
  const char* name;
  const char* language;
  const char* text;
  const char* labels;  // In the order in which they are shown.
  bool addressed = true;
};

constexpr Claim kClaims[] = {
    {"PlainComplaint", "nl", "De router doet het niet meer.", "complaint"},
    {"PlainQuestion", "nl", "Kan ik mijn abonnement per maand opzeggen?", "question"},
    {"QuestionWithoutSign", "nl", "Ik vraag me af of ik twee adressen mag opgeven.", "question"},
    {"WhereIsItIsBoth", "nl", "Waar blijft mijn bestelling? Zou maandag bezorgd worden.",
     "complaint question"},
    {"RhetoricalIsNoQuestion", "nl", "Hoe is het mogelijk dat jullie klantenservice niet opneemt?",
     "complaint"},
    {"RhetoricalWithoutOtherCue", "nl", "Hoezo is dit mijn probleem?", "complaint"},
    {"SarcasmBesideAProblem", "nl", "Lekker dan, modem kapot en de winkel dicht.", "complaint"},
    {"KindWordsWithoutAProblem", "nl", "Top service, heel blij mee!", "praise"},
    {"NegatedPraiseIsNone", "nl", "Niet echt tevreden met de nieuwe bus.", ""},
    {"PositiveNegation", "nl", "Niks te klagen hier, gewoon goed geregeld.", "praise"},
    {"NotNormalFast", "nl", "Niet normaal hoe snel dit was, superblij!", "praise"},
    {"NotNormalBad", "nl", "Niet normaal hoe slecht dit is.", "complaint"},
    {"WishIsNoPraise", "nl", "Het zou geweldig en fijn zijn als er een avondploeg was.",
     "suggestion"},
    {"NoIdeaIsNoIdea", "nl", "Geen idee, vraag het mijn broer.", ""},
    {"DialectAndElongation", "nl", "da internet werkt hier nie meer, zooo slechttt", "complaint"},
    {"FullWidth", "nl", "ｂｅｌａｃｈｅｌｉｊｋ dat dit zo lang moet duren", "complaint"},
    {"EnglishInDutch", "nl", "Nou, customer service from hell dus.", "complaint"},
    {"SwearingAloneIsNothing", "nl", "Shit, het is alweer maandag", "", false},
    {"WeatherIsNoOutage", "nl", "Volgens het KNMI trekt een storing over het land.", ""},
    {"VacancyIsNothing", "nl", "Vacature: monteur gezocht, geen ervaring nodig.", ""},
    {"AilmentsAreNoComplaints", "nl", "Vandaag veel rugklachten gehad.", ""},
    {"EnglishComplaint", "en", "My parcel never arrived and nobody answers the phone.",
     "complaint"},
    {"EnglishQuestion", "en", "Do you also ship to Ireland?", "question"},
    {"EnglishPraise", "en", "Thank you so much, great service!", "praise"},
    {"EnglishSuggestion", "en", "It would be nice to have a dark theme.", "suggestion"},
    {"ThanksForNothing", "en", "Thanks for nothing, still no refund.", "complaint"},
};

class Claims : public ::testing::TestWithParam<Claim> {};

TEST_P(Claims, Hold) {
  const Claim& claim = GetParam();
  std::string labels;
  for (const LabelScore& score :
       JudgeText(*StarterPacks(), claim.text, claim.language, claim.addressed).labels)
    labels += (labels.empty() ? "" : " ") + score.label;
  EXPECT_EQ(labels, claim.labels) << claim.text;
}

INSTANTIATE_TEST_SUITE_P(StarterPacks, Claims, ::testing::ValuesIn(kClaims),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace webcare

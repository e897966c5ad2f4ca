#include "rules/text/language.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "daemon/base/json.h"

namespace webcare {
namespace {

Language LanguageOf(std::string_view text, std::string_view declared = "") {
  Analysis analysis;
  Analyze(text, analysis);
  return IdentifyLanguage(text, analysis, declared);
}

TEST(Language, FunctionWordsDecide) {
  EXPECT_EQ(LanguageOf("ik wacht al een week op mijn pakket"), Language::kDutch);
  EXPECT_EQ(LanguageOf("I have been waiting for my parcel"), Language::kEnglish);
  EXPECT_EQ(LanguageOf("ff kijken of ik iets zie"), Language::kDutch);
}

TEST(Language, TheDeclaredOneCountsBelowFortyCharacters) {
  EXPECT_EQ(LanguageOf("monteur top", "nl"), Language::kDutch);
  EXPECT_EQ(LanguageOf("monteur top", "en-gb"), Language::kEnglish);
  EXPECT_EQ(LanguageOf("ik wacht al een week", "en"),
            Language::kDutch);  // A clear vote is stronger.
  EXPECT_EQ(LanguageOf("Klantenservice onbereikbaar, monteur onvindbaar, factuur onjuist", "en"),
            Language::kDutch);
}

TEST(Language, NothingToReadIsUnsure) {
  EXPECT_EQ(LanguageOf(""), Language::kUnsure);
  EXPECT_EQ(LanguageOf("@anna #tag https://a.example 👍"), Language::kUnsure);
  EXPECT_EQ(ToString(Language::kUnsure), "und");
}

TEST(Language, OthersAreOther) {
  EXPECT_EQ(
      LanguageOf(
          "Die Zustellung meiner Bestellung verzögert sich wiederholt, niemand antwortet mir"),
      Language::kOther);
  EXPECT_EQ(ToString(Language::kOther), "und");
}

TEST(Language, AfrikaansIsDutch) {
  EXPECT_EQ(LanguageOf("Hierdie maatskappy se diens werk nou al weke lank glad nie"),
            Language::kDutch);
}

struct Bucket {
  int total = 0;
  int right = 0;
  int unsure = 0;
};
constexpr int kLengthClasses[] = {20, 40, 80, 160, 1 << 30};

void ReadSet(const std::filesystem::path& path, Language wanted, Bucket (&buckets)[5]) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    auto row = JsonDocument::Parse(line);
    if (!row.ok()) continue;
    const std::string text(row->root()["text"].Str());
    std::size_t at = 0;
    while (static_cast<std::size_t>(kLengthClasses[at]) < text.size()) ++at;
    const Language got = LanguageOf(text);
    ++buckets[at].total;
    buckets[at].right += got == wanted;
    buckets[at].unsure += got == Language::kUnsure;
  }
}

// language.md section 4: .95 on 21 to 40 characters, .97 as ambition. The sets are not part of the project.
TEST(Language, ReachesTheGoalOnLabelledSets) {
  const std::filesystem::path labelled = WEBCARE_SOURCE_DIR "/../shared/labelled";
  if (!std::filesystem::exists(labelled))
    GTEST_SKIP() << "no ../shared/labelled beside the project";
  const std::pair<const char*, Language> sets[] = {
      {"nl_handwritten", Language::kDutch}, {"xsid_nl", Language::kDutch},
      {"ud_nl_alpino", Language::kDutch},   {"mhc_dutch", Language::kDutch},
      {"xsid_en", Language::kEnglish},      {"ud_en_ewt", Language::kEnglish},
      {"banking77", Language::kEnglish},    {"tweeteval_sentiment", Language::kEnglish},
      {"ud_de_gsd", Language::kOther}};
  for (const Language wanted : {Language::kDutch, Language::kEnglish, Language::kOther}) {
    Bucket buckets[5];
    for (const auto& [name, language] : sets)
      if (language == wanted) ReadSet(labelled / name / "dev.jsonl", wanted, buckets);
    for (std::size_t i = 0; i < 5; ++i)
      std::printf("%s up to %d characters: right %.3f unsure %.3f of %d\n",
                  wanted == Language::kOther ? "de" : std::string(ToString(wanted)).c_str(),
                  kLengthClasses[i], 1.0 * buckets[i].right / std::max(buckets[i].total, 1),
                  1.0 * buckets[i].unsure / std::max(buckets[i].total, 1), buckets[i].total);
    if (wanted != Language::kOther) {
      EXPECT_GE(buckets[1].right, 0.95 * buckets[1].total);
    }
  }
}

}  // namespace
}  // namespace webcare

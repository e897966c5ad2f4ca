#include "daemon/cases/case_events.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "tests/cases/case_house.h"

namespace webcare {
namespace {

using testing::HasSubstr;
using testing::Not;

// Everything a hostile site may fill, at its limit; every character doubles in JSON.
Item Huge(int n) {
  Item item = Answer("id" + std::to_string(n), "anna", "", "0", "0");
  item.post.text = "stuk " + std::to_string(n) + std::string(kMaxPostText.count - 20, '"');
  item.post.links.assign(1000, "https://x.example/" + std::string(1000, '"'));
  item.post.author.name = std::string(100'000, '"');
  item.post.author.url = std::string(100'000, 'u');
  item.post.permalink = std::string(100'000, 'p');
  return item;
}

TEST(CaseEvents, RecordOfAHugeCaseIsCutToItsLimitAndSaysSo) {
  CaseHouse house;
  for (int i = 0; i < 30; ++i) house.Take({Huge(i)});
  house.Release();
  house.Take({Huge(31)});
  for (const Topic topic : {Topic::kQueue, Topic::kCases}) {
    const auto record = std::move(house.Records(topic)[0]);
    EXPECT_LE(record.row.value.size(), kMaxRecord.count);
    EXPECT_GT(record.row.value.size(), kMaxRecord.count / 8);
    const JsonValue posts = record["posts"];
    ASSERT_GE(posts.size(), 1u);
    EXPECT_EQ(posts.at(0)["truncated"].Bool(), true);
    EXPECT_THAT(std::string(posts.at(0)["text"].Str()), HasSubstr("stuk 0"));
    const auto shown = static_cast<std::int64_t>(posts.size());
    EXPECT_EQ(record["posts_left_out"].Int(), (topic == Topic::kQueue ? 30 : 31) - shown);
  }
}

TEST(CaseEvents, HugeVoiceAndVerdictStayInBounds) {
  const Item item = Huge(1);
  ReachNote note;
  Verdict verdict;
  for (int i = 0; i < 500; ++i) {
    RuleHit hit{"rule", "label", 1, {}};
    hit.spans.assign(100, Span{0, static_cast<std::uint32_t>(item.post.text.size())});
    note.hits.push_back(hit);
    verdict.hits.push_back(hit);
  }
  EXPECT_LT(VoiceJson(item.post, note, item.reach).size(), kMaxRecord.count / 2);
  EXPECT_LT(VerdictJson(item.post, verdict).size(), kMaxRecord.count / 4);
  EXPECT_LT(FactsJson(item.post).size(), kMaxRecord.count / 4);
}

TEST(CaseEvents, SpansOutsideTheTextAreDropped) {
  Item item = Say("1", "anna", "kort");
  Verdict verdict;
  verdict.hits.push_back({"rule", "label", 1, {{2, 9}, {3, 1}, {0, 4}}});
  const auto json = JsonDocument::Parse(VerdictJson(item.post, verdict));
  const JsonValue evidence = json->root()["reasons"].at(0)["evidence"];
  ASSERT_EQ(evidence.size(), 1u);
  EXPECT_EQ(evidence.at(0)["quote"].Str(), "kort");
}

TEST(CaseEvents, QueueAndCaseSchemasKnowNoReach) {
  for (const char* name : {"queue", "cases"}) {
    std::ifstream file(std::string(WEBCARE_SOURCE_DIR "/deploy/schemas/") + name + ".schema.json");
    std::ostringstream text;
    text << file.rdbuf();
    ASSERT_THAT(text.str(), HasSubstr("\"posts\""));
    for (const char* word : {"reach", "follow", "verified", "likes", "shares", "views", "loud"}) {
      EXPECT_THAT(text.str(), Not(HasSubstr(word))) << name;
    }
  }
}

TEST(CaseEvents, SchemasRefuseWhatTheyDoNotKnow) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk.")});
  house.Release();
  std::string value = house.Records(Topic::kQueue)[0].row.value;
  EXPECT_EQ(SchemaError(Topic::kQueue, value), "");
  value.insert(1, "\"followers\":3,");
  EXPECT_THAT(SchemaError(Topic::kQueue, value), HasSubstr("additionalProperties"));
  EXPECT_THAT(SchemaError(Topic::kQueue, "{}"), HasSubstr("required"));
  EXPECT_THAT(SchemaError(Topic::kVoices, R"({"source":"a","voice":{}})"), Not(""));
}

}  // namespace
}  // namespace webcare

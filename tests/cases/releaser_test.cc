#include "daemon/cases/releaser.h"

#include <gmock/gmock.h>

#include "tests/cases/case_house.h"

namespace webcare {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Item Loud(Item item) {
  item.reach.followers = 250'000;
  item.reach.likes = 7;
  return item;
}

TEST(Releaser, GivesAsManyAsCreditAndBatchAllow) {
  CaseHouse house;
  for (int i = 0; i < 5; ++i) {
    house.Take({Say(std::to_string(i), "a" + std::to_string(i), "stuk " + std::to_string(i))});
  }
  EXPECT_EQ(house.Release(0), 0);
  EXPECT_EQ(house.Release(-3), 0);
  EXPECT_EQ(*ReleaseTurns(*house.books, 100, 2, house.now), 2);
  EXPECT_EQ(house.Release(100), 3);
  EXPECT_EQ(house.Release(100), 0);
  std::vector<std::int64_t> numbers;
  for (const Record& record : house.Records()) numbers.push_back(*record["order"]["release"].Int());
  EXPECT_THAT(numbers, ElementsAre(1, 2, 3, 4, 5));
}

TEST(Releaser, QueueRecordTellsTheWholeCase) {
  CaseHouse house;
  Item item = Say("1", "anna", "Lamp is stuk, hoe nu?");
  item.post.rating = Rating{1, 5};
  item.post.links = {"https://lumio.example/lamp"};
  house.Take({item, Answer("2", "anna", "Foto volgt.", "1", "1")});
  house.now += std::chrono::hours(2);
  house.Release();
  const auto record = std::move(house.Records(Topic::kQueue)[0]);
  EXPECT_EQ(record.row.key, record["case"].Str());
  EXPECT_EQ(record["turn"].Int(), 1);
  EXPECT_EQ(record["source"]["id"].Str(), "forum");
  EXPECT_EQ(record["source"]["type"].Str(), "discourse");
  EXPECT_EQ(record["author"]["name"].Str(), "Name of anna");
  EXPECT_EQ(record["team"].Str(), "service");
  EXPECT_EQ(record["labels"].size(), 2u);
  EXPECT_EQ(record["asked_at"].Str(), FormatTime(kMorning - std::chrono::minutes(1)));
  EXPECT_EQ(record["waiting_since"].Str(), FormatTime(kMorning));
  EXPECT_EQ(record["due"].Str(), FormatTime(kMorning + std::chrono::minutes(24 * 60 - 1)));
  EXPECT_EQ(record["released_at"].Str(), FormatTime(house.now));
  const JsonValue first = record["posts"].at(0);
  EXPECT_EQ(first["facts"]["rating"]["value"].Number(), 1);
  EXPECT_EQ(first["verdict"]["reasons"].at(0)["evidence"].at(0)["quote"].Str(), "stuk");
  EXPECT_EQ(record["posts"].at(1)["turn"].Int(), 0);
}

TEST(Releaser, HeadersAreCloudEventsAndNamePersonsNowhere) {
  CaseHouse house;
  house.Take({Loud(Say("1", "anna", "Lamp stuk."))});
  house.Release();
  for (const Record& record : house.Records()) {
    EXPECT_EQ(record.Header("ce_specversion"), "1.0");
    EXPECT_EQ(record.Header("ce_source"), "/webcare/forum");
    EXPECT_EQ(record.Header("content-type"), "application/json");
    EXPECT_EQ(record.Header("ce_time"), FormatTime(kMorning));
    EXPECT_FALSE(record.Header("ce_id").empty());
    EXPECT_FALSE(record.Header("seq").empty());
    std::string all = record.row.key;
    all += record.row.headers.bytes();
    EXPECT_THAT(all, Not(HasSubstr("anna")));
  }
  const auto turn = std::move(house.Records(Topic::kQueue)[0]);
  EXPECT_EQ(turn.Header("ce_type"), "webcare.queue.turn.v1");
  EXPECT_EQ(turn.Header("case"), turn.row.key);
  EXPECT_EQ(turn.Header("turn"), "1");
  EXPECT_EQ(turn.Header("attempt"), "1");
}

TEST(Releaser, LoudVoiceIsToldWithItsTurnAndNotBefore) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Loud(Say("2", "ster", "Kabel stuk."))});
  EXPECT_THAT(house.Records(Topic::kVoices), IsEmpty());
  house.Release();
  EXPECT_THAT(house.Records(Topic::kVoices), IsEmpty());
  house.Release();
  const auto voices = house.Records(Topic::kVoices);
  ASSERT_EQ(voices.size(), 1u);
  EXPECT_EQ(voices[0]["voice"]["reach"]["followers"].Int(), 250'000);
  EXPECT_EQ(voices[0]["case"].Str(), house.Records(Topic::kQueue)[1].row.key);
  EXPECT_EQ(house.Release(), 0);
}

TEST(Releaser, QueueRecordOfALoudVoiceIsThatOfAnyOther) {
  std::string values[2];
  for (const bool loud : {false, true}) {
    CaseHouse house;
    const Item item = Say("1", "anna", "Lamp stuk.");
    house.Take({loud ? Loud(item) : item});
    house.Release();
    values[loud ? 1 : 0] = house.Records(Topic::kQueue)[0].row.value;
  }
  EXPECT_EQ(values[0], values[1]);
}

TEST(Releaser, LoudVoiceWithoutComplaintIsToldAtOnceUnlessItsCaseWaits) {
  CaseHouse house;
  house.Take({Loud(Say("1", "ster", "Mooie lamp."))});
  ASSERT_EQ(house.Records(Topic::kVoices).size(), 1u);
  EXPECT_TRUE(house.Records(Topic::kVoices)[0]["post"].IsString());
  house.Take({Say("2", "ster", "Nu is hij stuk."), Loud(Answer("3", "ster", "Foto.", "2", "2"))});
  EXPECT_EQ(house.Records(Topic::kVoices).size(), 1u);
  house.Release();
  EXPECT_EQ(house.Records(Topic::kVoices).size(), 2u);
  house.Take(
      {Loud(Answer("4", "ster", "Nog een foto.", "2", "2"))});  // Released: nothing to wait for.
  EXPECT_EQ(house.Records(Topic::kVoices).size(), 3u);
}

TEST(Releaser, LoudVoiceThatIsDeletedIsNotTold) {
  CaseHouse house;
  house.Take({Say("1", "ster", "Lamp stuk."), Loud(Answer("2", "ster", "Schandalig.", "1", "1"))});
  house.Delete("2");
  house.Release();
  EXPECT_THAT(house.Records(Topic::kVoices), IsEmpty());
}

TEST(Releaser, WaitingListShowsPlacesWithoutNamesOrText) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Say("2", "anna", "Kap stuk.")}, "forum");
  house.now += std::chrono::minutes(5);
  house.Take({Say("3", "bert", "hoe werkt dit?")}, "reviews");
  const auto list = WaitingList(*house.books, 2);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[1].position, 2);
  EXPECT_EQ(list[1].source, "reviews");
  EXPECT_THAT(list[1].labels, ElementsAre("question"));
  EXPECT_EQ(list[1].waiting_since, house.now);
  Backlog backlog = WhoWaits(*house.books);
  EXPECT_EQ(backlog.turns, 3u);
  EXPECT_EQ(backlog.sources, 2u);
  EXPECT_EQ(backlog.oldest, kMorning);
  house.Reopen();
  house.Delete("1");
  house.Release(1);
  backlog = WhoWaits(*house.books);
  EXPECT_EQ(backlog.turns, 1u);
  EXPECT_EQ(backlog.sources, 1u);
  EXPECT_EQ(backlog.oldest, house.now);
  house.Release();
  backlog = WhoWaits(*house.books);
  EXPECT_EQ(backlog.turns, 0u);
  EXPECT_EQ(backlog.sources, 0u);
  EXPECT_EQ(backlog.oldest, WallTime{});
}

TEST(Releaser, WeightOfASourceGivesItMoreTurnsARound) {
  CaseHouse house;
  ASSERT_TRUE(SetSourceWeight(*house.books, "forum", "discourse", 2).ok());
  for (int i = 0; i < 4; ++i) {
    const std::string n = std::to_string(i);
    house.Take({Say("f" + n, "f" + n, "forum stuk " + n)}, "forum");
    house.Take({Say("r" + n, "r" + n, "review stuk " + n)}, "reviews");
  }
  house.Reopen();
  EXPECT_THAT(house.Waiting(),
              ElementsAre("forum stuk 0", "forum stuk 1", "review stuk 0", "forum stuk 2",
                          "forum stuk 3", "review stuk 1", "review stuk 2", "review stuk 3"));
}

}  // namespace
}  // namespace webcare

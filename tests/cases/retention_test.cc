#include "daemon/cases/retention.h"

#include <gmock/gmock.h>

#include "daemon/cases/seen.h"
#include "tests/cases/case_house.h"

namespace webcare {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::chrono::hours kDay{24};
constexpr Retention kRetention{90 * kDay, 28 * kDay};

void Settle(CaseHouse& house, std::int64_t seq) {
  ASSERT_TRUE(house.db
                  ->Atomically([&]() -> Status {
                    Outbox::Confirm(*house.db, seq);
                    Outbox::Settle(*house.db, seq, {});
                    return {};
                  })
                  .ok());
}

TEST(Retention, ReleasedCasesGoAfterTheirTimeAndWaitingOnesStay) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Say("2", "bert", "Kabel stuk.")});
  house.Release();
  EXPECT_EQ(*Prune(*house.books, kRetention, house.now + 27 * kDay), 0);
  EXPECT_EQ(*Prune(*house.books, kRetention, house.now + 29 * kDay), 1);
  EXPECT_EQ(house.Count("SELECT count(*) FROM cases"), 1);
  EXPECT_EQ(house.Count("SELECT count(*) FROM posts"), 1);
  EXPECT_THAT(house.Waiting(), ElementsAre("Kabel stuk."));
  // What was seen goes, but not a post that is still kept: read again, it is the same post of the same case.
  EXPECT_EQ(*Prune(*house.books, kRetention, house.now + 92 * kDay), 1);
  EXPECT_THAT(house.Waiting(), ElementsAre("Kabel stuk."));
  house.now += 92 * kDay;
  EXPECT_EQ(house.Take({Say("2", "bert", "Kabel stuk.")}).duplicates, 1);
  EXPECT_EQ(house.Take({Say("2", "bert", "Kabel ook stuk.")}).edited, 1);
  EXPECT_THAT(house.Waiting(), ElementsAre("Kabel ook stuk."));
}

TEST(Retention, SomethingHappeningToACaseKeepsItLonger) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk.")});
  house.Release();
  house.now += 20 * kDay;
  house.Take({Answer("2", "anna", "Nog niets gehoord.", "1", "1")});
  EXPECT_EQ(*Prune(*house.books, kRetention, house.now + 20 * kDay), 0);
  EXPECT_EQ(*Prune(*house.books, kRetention, house.now + 29 * kDay), 1);
}

TEST(Retention, AuthorWhoWithdrewKeepsThePlaceThroughAPrune) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Say("2", "bert", "Kabel stuk.")});
  house.Delete("1");
  ASSERT_TRUE(Prune(*house.books, kRetention, house.now).ok());
  house.Take({Say("3", "anna", "Lamp toch stuk.")});
  EXPECT_THAT(house.Waiting(), ElementsAre("Lamp toch stuk.", "Kabel stuk."));
}

TEST(Retention, ErasedAuthorLeavesNoTextInTheFile) {
  CaseHouse house;
  // Long enough for pages of its own, in the outbox as well: those are only set free when it goes.
  const std::string long_text = "Mijn zeldzame zonnelamp is stuk." + std::string(9000, '!');
  house.Take({Say("1", "wilhelmina", long_text),
              Say("2", "wilhelmina", "Ook de kroonluchter is stuk."),
              Say("3", "bert", "Kabel stuk.")});
  house.Release();
  const Id128 released = *Id128::FromHex(house.Records(Topic::kQueue).front().row.key);
  house.Take({Answer("4", "wilhelmina", "Zonnelamp weer stuk.", "1", "1")});
  Settle(house, Outbox::Load(*house.db).last_seq);
  EXPECT_THAT(house.FileBytes(), HasSubstr("zonnelamp"));
  EXPECT_EQ(*EraseAuthorOf(*house.books, released, house.now), 2);
  const std::string bytes = house.FileBytes();
  for (const char* word : {"zonnelamp", "Zonnelamp", "kroonluchter", "wilhelmina"}) {
    EXPECT_THAT(bytes, Not(HasSubstr(word)));
  }
  EXPECT_THAT(house.Waiting(), ElementsAre("Kabel stuk."));
  const auto records = house.Records();
  ASSERT_EQ(records.size(), 1u);  // Only the case that Kafka knows.
  EXPECT_TRUE(records[0].row.tombstone);
  EXPECT_EQ(records[0].row.topic, Topic::kCases);
  EXPECT_EQ(records[0].Header("ce_type"), "webcare.case.erased.v1");
  EXPECT_EQ(house.Take({Say("1", "wilhelmina", long_text)}).duplicates, 1);
  EXPECT_EQ(*EraseAuthorOf(*house.books, released, house.now), 0);
}

// Released together, so that both stand in one run of the outbox.
TEST(Retention, ErasedAuthorLeavesNothingAmongRecordsThatKafkaHas) {
  CaseHouse house;
  house.Take({Say("1", "wilhelmina", "Mijn zonnelamp is stuk."), Say("2", "bert", "Kabel stuk.")});
  ASSERT_EQ(house.Release(2), 2);
  const auto rows = Outbox::Read(*house.db, 0, 2, MiB(1));
  Outbox::Confirm(*house.db, 2);
  Settle(house, 1);
  EXPECT_THAT(house.FileBytes(), HasSubstr("zonnelamp"));
  EXPECT_EQ(*EraseAuthorOf(*house.books, *Id128::FromHex(rows[0].key), house.now), 1);
  EXPECT_THAT(house.FileBytes(), Not(HasSubstr("zonnelamp")));
  const auto left = Outbox::Read(*house.db, 0, 2, MiB(1));
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].value, rows[1].value);
  EXPECT_EQ(left[0].chain, rows[1].chain);
  EXPECT_TRUE(left[1].tombstone);
}

TEST(Retention, PruningDropsRecordsThatKafkaHas) {
  CaseHouse house;
  house.Take({Say("1", "wilhelmina", "Mijn zonnelamp is stuk."), Say("2", "bert", "Kabel stuk.")});
  ASSERT_EQ(house.Release(2), 2);
  Settle(house, 1);
  const auto records = [&] { return house.Count("SELECT sum(rows) FROM outbox_runs"); };
  EXPECT_EQ(records(), 2);
  ASSERT_TRUE(Prune(*house.books, kRetention, house.now).ok());
  EXPECT_EQ(records(), 1);
}

TEST(Retention, DeletedAndErasedPostsLeaveNoTextInTheFile) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Mijn zonnelamp is stuk." + std::string(9000, '!')),
              Say("2", "bert", "De kroonluchter is stuk.")});
  house.Delete("1");
  EXPECT_EQ(*ErasePost(*house.books, PostId("forum", "2"), house.now), 1);
  EXPECT_EQ(*ErasePost(*house.books, PostId("forum", "2"), house.now), 0);
  EXPECT_THAT(house.FileBytes(), Not(HasSubstr("zonnelamp")));
  EXPECT_THAT(house.FileBytes(), Not(HasSubstr("kroonluchter")));
  EXPECT_THAT(house.Waiting(), IsEmpty());
}

TEST(Retention, PagesOfSettledRecordsGoWithTheNextPrune) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Mijn zonnelamp is stuk." + std::string(9000, '!'))});
  house.Release();
  Settle(house, Outbox::Load(*house.db).last_seq);
  EXPECT_GT(house.Count("PRAGMA freelist_count"), 0);
  EXPECT_EQ(*Prune(*house.books, kRetention, house.now), 0);
  EXPECT_EQ(house.Count("PRAGMA freelist_count"), 0);
}

TEST(Retention, PrunedPagesGoBackToTheDisk) {
  CaseHouse house;
  std::vector<Item> items;
  for (int i = 0; i < 300; ++i) {
    items.push_back(
        Say(std::to_string(i), "a" + std::to_string(i), "stuk " + std::string(4000, 'x')));
  }
  house.Take(items);
  house.Release(1000);
  Settle(house, Outbox::Load(*house.db).last_seq);
  const auto full = house.db->SizeBytes();
  ASSERT_TRUE(Prune(*house.books, kRetention, house.now + 100 * kDay).ok());
  EXPECT_LT(house.db->SizeBytes(), full / 4);
}

}  // namespace
}  // namespace webcare

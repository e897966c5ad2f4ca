#include "daemon/publish/credit.h"

#include "gtest/gtest.h"

namespace webcare {
namespace {

constexpr std::int64_t kWindow = 3;

GroupAnswer Committed(std::int64_t offset, std::optional<int> members = 1) {
  return {true, offset, members};
}
GroupAnswer NoOffset() { return {true, std::nullopt, 0}; }
GroupAnswer Failed() { return {}; }

// Turns 1..n of a transaction each: at offsets 0, 2, 4 ... with a marker behind every one.
class CreditTest : public ::testing::Test {
 protected:
  void Publish(int turns) {
    for (int i = 0; i < turns; ++i) {
      ++published_;
      keeper_.AddTurn({2 * (published_ - 1), published_, "case-" + std::to_string(published_)});
    }
    keeper_.SetEnds(0, End());
  }
  std::int64_t End() const { return 2 * published_; }
  // Offset that says: turns up to `place` are consumed.
  static std::int64_t After(std::int64_t place) { return 2 * place - 1; }
  Credit Decide() const { return keeper_.Decide(published_, true); }

  CreditKeeper keeper_{kWindow};
  std::int64_t published_ = 0;
};

struct Expected {
  CreditState state;
  std::int64_t allowed;
  std::int64_t outstanding;
};
void ExpectCredit(const Credit& credit, const Expected& want) {
  EXPECT_EQ(ToString(credit.state), ToString(want.state));
  EXPECT_EQ(credit.allowed, want.allowed);
  EXPECT_EQ(credit.outstanding, want.outstanding);
}

TEST_F(CreditTest, GroupThatNeverCommittedGetsOneWindowAndNoMore) {
  keeper_.Observe(NoOffset());
  ExpectCredit(Decide(), {CreditState::kWaitingForAgents, 3, 0});
  Publish(3);
  ExpectCredit(Decide(), {CreditState::kWaitingForAgents, 0, 3});
}

TEST_F(CreditTest, ConsumedTurnsMakeRoomMarkersDoNotCount) {
  Publish(3);
  keeper_.Observe(Committed(After(2)));
  ExpectCredit(Decide(), {CreditState::kReleasing, 2, 1});
}

TEST_F(CreditTest, LaggingGroupHolds) {
  Publish(6);
  keeper_.Observe(Committed(After(1)));
  ExpectCredit(Decide(), {CreditState::kHolding, 0, 5});
}

TEST_F(CreditTest, TurnsInTheOutboxCountAsOutstanding) {
  Publish(1);
  keeper_.Observe(Committed(After(1)));
  ExpectCredit(keeper_.Decide(published_ + 2, true), {CreditState::kReleasing, 1, 2});
}

TEST_F(CreditTest, FailedQueryGivesNothing) {
  Publish(1);
  keeper_.Observe(Committed(After(1)));
  keeper_.Observe(Failed());
  ExpectCredit(Decide(), {CreditState::kUnknown, 0, 0});
}

TEST_F(CreditTest, NothingBeforeTheBacklogIsThroughOrTheQueueIsRead) {
  keeper_.Observe(Committed(0));
  ExpectCredit(keeper_.Decide(std::nullopt, true), {CreditState::kUnknown, 0, 0});
  ExpectCredit(keeper_.Decide(0, false), {CreditState::kUnknown, 0, 0});
}

TEST_F(CreditTest, ExpiredOffsetIsNeverReadAsNothingConsumed) {
  Publish(4);
  keeper_.Observe(Committed(After(3)));
  keeper_.Observe(NoOffset());
  ExpectCredit(Decide(), {CreditState::kOffsetsExpired, 2, 1});
}

TEST_F(CreditTest, RestoredOffsetStandsInForAnExpiredOne) {
  keeper_.RestoreConsumed(After(4));
  keeper_.StartReading(0, 0);
  Publish(5);
  keeper_.Observe(NoOffset());
  ExpectCredit(Decide(), {CreditState::kOffsetsExpired, 2, 1});
}

TEST_F(CreditTest, FreshOffsetWinsOverARestoredOne) {
  Publish(5);
  keeper_.RestoreConsumed(After(4));
  keeper_.Observe(Committed(After(5)));
  ExpectCredit(Decide(), {CreditState::kReleasing, 3, 0});
}

TEST_F(CreditTest, OffsetsSetBackMakeTurnsOutstandingAgainUntilTheyAreMadeUpFor) {
  Publish(5);
  keeper_.Observe(Committed(After(5)));
  keeper_.Observe(Committed(After(1)));
  ExpectCredit(Decide(), {CreditState::kOffsetsReset, 0, 4});
  keeper_.Observe(Committed(After(5)));
  ExpectCredit(Decide(), {CreditState::kReleasing, 3, 0});
}

TEST_F(CreditTest, OffsetBehindTheEndGivesNothing) {
  Publish(2);
  keeper_.Observe(Committed(End() + 100));
  ExpectCredit(Decide(), {CreditState::kHolding, 0, 0});  // Our reader may only be slow.
  keeper_.SetEnds(0, End());
  keeper_.Observe(Committed(End() + 100));
  ExpectCredit(Decide(), {CreditState::kOffsetsAhead, 0, 0});
  keeper_.Observe(Committed(End()));
  ExpectCredit(Decide(), {CreditState::kOffsetsReset, 3, 0});
}

TEST_F(CreditTest, AgentsFasterThanOurReaderAreNoAlarm) {
  Publish(2);
  for (int answer = 0; answer < 3; ++answer) {
    keeper_.Observe(Committed(After(published_ + 10)));
    ExpectCredit(Decide(), {CreditState::kHolding, 0, 0});
    Publish(1);  // It reads on.
  }
  Publish(9);
  ExpectCredit(Decide(), {CreditState::kReleasing, 3, 0});
  // Nothing was read for long because nothing came; now agents have read what our reader has not yet.
  keeper_.Observe(Committed(After(published_)));
  keeper_.Observe(Committed(After(published_ + 1)));
  ExpectCredit(Decide(), {CreditState::kHolding, 0, 0});
}

TEST_F(CreditTest, TurnsPassedWhileNobodyIsInTheGroupAreSkipped) {
  Publish(3);
  keeper_.Observe(Committed(After(1), 0));
  keeper_.Observe(Committed(After(3), 0));
  EXPECT_EQ(keeper_.skipped(), 2);
}

TEST_F(CreditTest, TurnsPassedByAMemberAreNotSkipped) {
  Publish(3);
  keeper_.Observe(Committed(After(1), 1));
  keeper_.Observe(Committed(After(3), 0));
  EXPECT_EQ(keeper_.skipped(), 0);
}

TEST_F(CreditTest, UnreadTurnsThatRetentionDeletedComeBackOnceAndAreNotOutstanding) {
  Publish(4);
  keeper_.Observe(Committed(After(1)));
  const auto gone = keeper_.SetEnds(4, End());  // The offset of turn 3.
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].key, "case-2");
  EXPECT_TRUE(keeper_.SetEnds(4, End()).empty());
  ExpectCredit(Decide(), {CreditState::kReleasing, 1, 2});
}

TEST_F(CreditTest, TurnsBeforeTheFirstOneReadAreTakenAsConsumedOnlyWhenTheGroupPassedThem) {
  keeper_.StartReading(100, 50);
  keeper_.SetEnds(10, 100);
  keeper_.Observe(Committed(100));
  ExpectCredit(keeper_.Decide(50, true), {CreditState::kReleasing, 3, 0});
  CreditKeeper behind(kWindow);
  behind.StartReading(100, 50);
  behind.SetEnds(10, 100);
  behind.Observe(Committed(40));
  EXPECT_EQ(behind.Decide(50, true).allowed, 0);
}

TEST_F(CreditTest, CountsDuplicatesAndGapsWithoutLosingCount) {
  Publish(2);
  keeper_.AddTurn({10, 2, "case-2"});
  keeper_.AddTurn({12, 4, "case-4"});
  EXPECT_EQ(keeper_.duplicates(), 1);
  EXPECT_EQ(keeper_.gaps(), 1);
  keeper_.SetEnds(0, 13);
  keeper_.Observe(Committed(13));
  ExpectCredit(keeper_.Decide(4, true), {CreditState::kReleasing, 3, 0});
}

TEST_F(CreditTest, StaysBoundedOverManyTurns) {
  for (int i = 0; i < 20'000; ++i) {
    Publish(1);
    keeper_.Observe(Committed(After(published_)));
  }
  ExpectCredit(Decide(), {CreditState::kReleasing, 3, 0});
  keeper_.Observe(Committed(0));  // Further back than is remembered.
  EXPECT_EQ(Decide().allowed, 0);
}

}  // namespace
}  // namespace webcare

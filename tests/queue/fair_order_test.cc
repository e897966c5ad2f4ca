#include "daemon/queue/fair_order.h"

#include <gmock/gmock.h>
#include <malloc.h>

#include <memory>

#include "tests/queue/reference_order.h"
#include "tests/queue/script.h"

namespace webcare {
namespace {

using testing::ElementsAre;

// Arrivals as {source, author}; cases are numbered 1, 2, 3 ...
class Line {
 public:
  Line& Arrive(std::int64_t source, std::int64_t author) {
    const WaitingTurn turn{++tick_, source, author, ++cases_};
    turns_.push_back(turn);
    order.Arrive(turn);
    return *this;
  }
  Line& Withdraw(std::size_t case_no) {
    order.Withdraw(turns_[case_no - 1]);
    return *this;
  }
  std::int64_t Next() { return order.TakeNext(++tick_).turn.case_no; }
  std::vector<std::int64_t> Drain() {
    std::vector<std::int64_t> cases;
    while (order.size() != 0) cases.push_back(Next());
    return cases;
  }

  FairOrder order;

 private:
  std::vector<WaitingTurn> turns_;
  std::int64_t tick_ = 0;
  std::int64_t cases_ = 0;
};

TEST(FairOrder, AuthorsTakeTurnsHoweverMuchOneWrites) {
  Line line;
  line.Arrive(1, 10).Arrive(1, 10).Arrive(1, 10).Arrive(1, 11).Arrive(1, 12);
  EXPECT_THAT(line.Drain(), ElementsAre(1, 4, 5, 2, 3));
}

TEST(FairOrder, SourcesTakeTurns) {
  Line line;
  line.Arrive(1, 10).Arrive(1, 11).Arrive(1, 12).Arrive(2, 20).Arrive(2, 21);
  EXPECT_THAT(line.Drain(), ElementsAre(1, 4, 2, 5, 3));
}

TEST(FairOrder, WeightGivesMoreTurnsAVisitAndAppliesFromTheNext) {
  Line line;
  line.order.SetWeight(1, 2);
  for (int i = 0; i < 6; ++i) line.Arrive(1, 10 + i);
  for (int i = 0; i < 3; ++i) line.Arrive(2, 20 + i);
  EXPECT_EQ(line.Next(), 1);
  line.order.SetWeight(1, 1);  // In the middle of a visit of two.
  EXPECT_THAT(line.Drain(), ElementsAre(2, 7, 3, 8, 4, 9, 5, 6));
}

TEST(FairOrder, WithdrawnAuthorKeepsThePlaceUntilItComesUp) {
  Line line;
  line.Arrive(1, 10).Arrive(1, 11).Arrive(1, 12).Withdraw(2);
  line.Arrive(1, 11);  // Case 4, posted again before the place came up.
  EXPECT_THAT(line.Drain(), ElementsAre(1, 4, 3));

  Line late;
  late.Arrive(1, 10).Arrive(1, 11).Arrive(1, 12).Withdraw(2);
  EXPECT_EQ(late.Next(), 1);
  EXPECT_EQ(late.Next(), 3);  // The empty place cost nobody a turn.
  late.Arrive(1, 13).Arrive(1, 11);
  EXPECT_THAT(late.Drain(), ElementsAre(4, 5));
}

TEST(FairOrder, SourceWhoseOnlyAuthorWithdrewKeepsItsPlaceToo) {
  Line line;
  line.Arrive(1, 10).Arrive(2, 20).Arrive(3, 30).Withdraw(2).Arrive(2, 20);
  EXPECT_THAT(line.Drain(), ElementsAre(1, 4, 3));
}

TEST(FairOrder, EmptyQueueForgetsGhosts) {
  Line line;
  line.Arrive(1, 10).Withdraw(1);
  EXPECT_FALSE(line.order.idle());
  EXPECT_EQ(line.Next(), 0);
  EXPECT_TRUE(line.order.idle());
  line.Arrive(1, 11).Arrive(1, 10);
  EXPECT_THAT(line.Drain(), ElementsAre(2, 3));
}

TEST(FairOrder, EqualsTheSlowReferenceOnRandomHistories) {
  std::mt19937 random(20240601);
  for (int round = 0; round < 3000; ++round) {
    Shape shape;
    shape.sources = 1 + round % 4;
    shape.authors = 1 + round % 7;
    shape.withdrawals = round % 3 * 12;
    const Script script = RandomScript(random, shape);
    FairOrder order;
    ReferenceOrder reference;
    for (int source = 1; source <= shape.sources && round % 2 == 1; ++source) {
      const int weight = 1 + static_cast<int>(random() % 4);
      order.SetWeight(source, weight);
      reference.SetWeight(source, weight);
    }
    ASSERT_EQ(Replay(script, order), Replay(script, reference)) << "round " << round;
  }
}

TEST(FairOrder, HundredThousandWaitingTurnsFitInThirtyMegabytes) {
  const std::size_t before = mallinfo2().uordblks;
  auto order = std::make_unique<FairOrder>();
  for (std::int64_t i = 1; i <= 100'000; ++i) order->Arrive({i, i % 200, 1000 + i, i});
  const std::size_t used = mallinfo2().uordblks - before;
  RecordProperty("bytes_per_turn", static_cast<int>(used / 100'000));
  EXPECT_LT(used, 30u << 20);
  EXPECT_EQ(order->size(), 100'000u);
}

}  // namespace
}  // namespace webcare

#include "connectors/poller/politeness.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime kNow{1h};
const WallTime kWall = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22));

TEST(Politeness, TurnPassesDownTheLineWithTheGap) {
  Politeness politeness;
  EXPECT_EQ(politeness.Request("g", "a", kNow), kNow);
  EXPECT_EQ(politeness.Request("g", "b", kNow), std::nullopt);
  EXPECT_EQ(politeness.Request("g", "c", kNow), std::nullopt);
  auto next = politeness.Release("g", kNow + 5s, 2s);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->who, "b");
  EXPECT_EQ(next->at, kNow + 7s);
  next = politeness.Release("g", kNow + 8s, 2s);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->who, "c");
  EXPECT_FALSE(politeness.Release("g", kNow + 12s, 2s));
  EXPECT_EQ(politeness.Request("g", "a", kNow + 13s), kNow + 14s) << "the gap outlives the line";
}

TEST(Politeness, GroupsDoNotWaitForEachOther) {
  Politeness politeness;
  EXPECT_TRUE(politeness.Request("g", "a", kNow));
  EXPECT_EQ(politeness.Request("h", "b", kNow), kNow);
}

TEST(Politeness, WhoLeavesTheLineIsNotCalled) {
  Politeness politeness;
  politeness.Request("g", "a", kNow);
  politeness.Request("g", "b", kNow);
  politeness.Leave("g", "b");
  politeness.Leave("g", "stranger");
  EXPECT_FALSE(politeness.Release("g", kNow, 0s));
  EXPECT_EQ(politeness.Request("g", "c", kNow), kNow);
}

TEST(Politeness, BudgetHoldsTheNextOneBack) {
  Politeness politeness;
  politeness.Request("g", "a", kNow);
  politeness.NotBefore("g", kNow + 1min);
  politeness.NotBefore("g", kNow + 30s);
  politeness.Release("g", kNow, 1s);
  EXPECT_EQ(politeness.Request("g", "b", kNow), kNow + 1min);
}

TEST(BudgetPause, WaitsForTheResetOrSharesOutTheRest) {
  const struct {
    std::int64_t remaining;
    std::chrono::milliseconds until_reset, want;
  } kCases[] = {
      {0, 10min, 10min}, {-5, 10min, 10min},   {1, 10min, 10min},
      {10, 10min, 1min}, {599, 10min, 1001ms}, {0, -10min, 0ms},
      {5, -10min, 0ms},  {0, 1000h, 24h},      {INT64_MAX, 24h, 0ms},
  };
  for (const auto& test : kCases)
    EXPECT_EQ(BudgetPause({test.remaining, kWall + test.until_reset}, kWall), test.want)
        << test.remaining;
}

}  // namespace
}  // namespace webcare

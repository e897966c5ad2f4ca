#include "daemon/cases/author_filter.h"

#include <gtest/gtest.h>

#include <random>

namespace webcare {
namespace {

std::int64_t Next(std::mt19937_64& random) { return static_cast<std::int64_t>(random()); }

TEST(AuthorFilter, BeforeItIsMadeEverybodyMayHaveACase) {
  const AuthorFilter filter;
  EXPECT_TRUE(filter.MayHave(0));
  EXPECT_TRUE(filter.MayHave(-5));
}

TEST(AuthorFilter, KnowsAllItHoldsAndIsSeldomWrongAboutOthers) {
  for (const std::size_t made_for : {0u, 5'000u, 100'000u}) {
    AuthorFilter filter;
    filter.Reset(made_for);
    std::mt19937_64 random(1);
    std::size_t held = 0;
    for (; !filter.full(); ++held) filter.Add(Next(random));
    EXPECT_GE(held, 2 * made_for);
    std::mt19937_64 again(1);
    for (std::size_t i = 0; i < held; ++i) ASSERT_TRUE(filter.MayHave(Next(again)));
    int wrong = 0;
    for (int i = 0; i < 20'000; ++i) wrong += filter.MayHave(Next(random)) ? 1 : 0;
    EXPECT_GT(wrong, 0);  // So full that it must be.
    EXPECT_LT(wrong, 300);
    filter.Reset(made_for);
    EXPECT_FALSE(filter.MayHave(Next(random)));
  }
}

TEST(AuthorFilter, SameAuthorManyTimesTakesRoomOnce) {
  AuthorFilter filter;
  filter.Reset(0);
  for (int i = 0; i < 100'000; ++i) filter.Add(4711);
  EXPECT_FALSE(filter.full());
}

}  // namespace
}  // namespace webcare

#include "connectors/poller/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "tests/poller/fake_source.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::ElementsAre;

const WallTime kNow = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)) + 12h;

TEST(PollInterval, FollowsOperatorRateAndSiteWithinTheBounds) {
  const struct {
    const char* name;
    std::optional<milliseconds> every;
    double posts_per_day;
    bool polled;
    std::optional<std::chrono::seconds> wish;
    milliseconds want;
  } kCases[] = {
      {"fixed", 10min, 1000, true, {}, 10min},
      {"fixed, site wants less often", 10min, 0, true, 30min, 30min},
      {"fixed, site wants more often", 10min, 0, true, 1min, 10min},
      {"fixed below what the connector allows", 2s, 0, true, {}, 1min},
      {"never polled: the connector's default", {}, 0, false, {}, 15min},
      {"half the gap between two posts", {}, 48, true, {}, 15min},
      {"busy: the least", {}, 1e9, true, {}, 5min},
      {"silent: the most", {}, 0, true, {}, 6h},
      {"an absurd wish ends at the most", {}, 48, true, std::chrono::seconds::max(), 6h},
      {"a negative wish is none", {}, 48, true, std::chrono::seconds::min(), 15min},
  };
  for (const auto& test : kCases) {
    auto connector = std::make_shared<LineConnector>("https://h.example/");
    connector->least = 1min;
    Source source = MakeSource("s", connector);
    source.every = test.every;
    source.least_interval = 5min;
    source.most_interval = 6h;
    SourceState state;
    state.posts_per_day = test.posts_per_day;
    if (test.polled) state.last_success = kNow;
    EXPECT_EQ(PollInterval(source, state, test.wish), test.want) << test.name;
  }
}

TEST(PollInterval, BoundsThatContradictEachOtherDoNoHarm) {
  Source source = MakeSource("s");
  source.every.reset();
  source.least_interval = 2h;
  source.most_interval = 1h;
  EXPECT_EQ(PollInterval(source, {}, std::nullopt), 1h);
}

TEST(WithJitter, StaysWithinTenPercentAndUsesAllOfIt) {
  milliseconds least = 24h, most{0};
  for (std::uint64_t count = 0; count < 5000; ++count) {
    const auto jittered = WithJitter(1000s, PollHash("source", count, 7));
    least = std::min(least, jittered);
    most = std::max(most, jittered);
  }
  EXPECT_EQ(least, 900s);
  EXPECT_EQ(most, 1100s);
}

TEST(PollHash, IsTheSameAgainAndDiffersByEachPart) {
  EXPECT_EQ(PollHash("a", 1, 2), PollHash("a", 1, 2));
  EXPECT_NE(PollHash("a", 1, 2), PollHash("b", 1, 2));
  EXPECT_NE(PollHash("a", 1, 2), PollHash("a", 2, 2));
  EXPECT_NE(PollHash("a", 1, 2), PollHash("a", 1, 3));
}

TEST(SpreadFirstPolls, FewSourcesStartWithinASecondOrTwo) {
  EXPECT_THAT(SpreadFirstPolls(std::vector<FirstPoll>(4, {{}, 10min}), kNow),
              ElementsAre(0ms, 250ms, 500ms, 750ms));
}

TEST(SpreadFirstPolls, ManySourcesStartWithinAMinuteWithoutAStampede) {
  const auto waits = SpreadFirstPolls(std::vector<FirstPoll>(6000, {{}, 10min}), kNow);
  for (std::size_t i = 1; i < waits.size(); ++i) EXPECT_EQ(waits[i] - waits[i - 1], 10ms);
  EXPECT_LT(waits.back(), 60s);
}

TEST(SpreadFirstPolls, LongestWaitingComesFirstAndTheRecentKeepTheirRhythm) {
  EXPECT_THAT(SpreadFirstPolls({{kNow - 20min, 10min},
                                {kNow - 4min, 10min},
                                {kNow - 3h, 10min},
                                {WallTime{}, 10min},
                                {kNow + 5h, 10min}},  // The clock was set back.
                               kNow),
              ElementsAre(500ms, 6min, 250ms, 0ms, 750ms));
}

TEST(SpreadFirstPolls, NobodyWaitsLongerThanItsInterval) {
  std::vector<FirstPoll> sources(300, {{}, 10min});
  sources.back().interval = 5s;
  EXPECT_EQ(SpreadFirstPolls(sources, kNow).back(), 5s);
}

TEST(UpdatedPostsPerDay, SettlesAtTheRateWhateverTheInterval) {
  for (const auto interval : {1min, 60min, 720min}) {
    SourceState state;
    state.last_success = kNow;
    WallTime now = kNow;
    double owed = 0;
    while (now < kNow + 24h * 100) {
      now += interval;
      owed += 24.0 * (interval / 1.0min) / 1440.0;
      const int fresh = static_cast<int>(owed);
      owed -= fresh;
      state.posts_per_day = UpdatedPostsPerDay(state, fresh, std::nullopt, now);
      state.last_success = now;
    }
    EXPECT_NEAR(state.posts_per_day, 24, 1.5) << interval.count();
  }
}

TEST(UpdatedPostsPerDay, FirstPageIsReadByItsOwnTimes) {
  EXPECT_DOUBLE_EQ(UpdatedPostsPerDay({}, 40, kNow - 48h, kNow), 20);
  EXPECT_DOUBLE_EQ(UpdatedPostsPerDay({}, 40, kNow + 1h, kNow), 960) << "at least an hour";
  EXPECT_DOUBLE_EQ(UpdatedPostsPerDay({}, 0, std::nullopt, kNow), 0);
}

TEST(UpdatedPostsPerDay, HalvesInAWeekOfSilence) {
  SourceState state;
  state.posts_per_day = 10;
  state.last_success = kNow;
  EXPECT_DOUBLE_EQ(UpdatedPostsPerDay(state, 0, std::nullopt, kNow + 7 * 24h), 5);
  EXPECT_DOUBLE_EQ(UpdatedPostsPerDay(state, 0, std::nullopt, kNow - 7 * 24h), 10) << "clock jump";
}

TEST(IsQuiet, ComparesTheSilenceWithTheSourcesOwnRhythm) {
  const struct {
    const char* name;
    double rate_when_it_spoke;
    milliseconds silence;
    bool quiet;
  } kCases[] = {
      {"a busy one may sleep a night", 500, 12h, false},
      {"a busy one after a day", 500, 25h, true},
      {"one post a week may take five weeks", 1.0 / 7, 24h * 35, false},
      {"one post a week after nine weeks", 1.0 / 7, 24h * 63, true},
      {"never spoke", 0, 24h * 100, false},
  };
  for (const auto& test : kCases) {
    SourceState state;
    state.last_new_post = kNow;
    state.last_success = kNow + test.silence;
    state.posts_per_day = test.rate_when_it_spoke * std::exp2(-(test.silence / 1.0h) / (7 * 24.0));
    EXPECT_EQ(IsQuiet(state, kNow + test.silence), test.quiet) << test.name;
  }
}

}  // namespace
}  // namespace webcare

#include "connectors/poller/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace webcare {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

const WallTime kNow = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)) + 12h;

TEST(ClassifyStatus, IsTheRetryTable) {
  const struct {
    std::vector<int> statuses;
    AnswerKind want;
  } kTable[] = {
      {{200, 206}, AnswerKind::kPage},
      {{304}, AnswerKind::kUnchanged},
      {{408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524}, AnswerKind::kTransient},
      {{429}, AnswerKind::kThrottled},
      {{400, 403, 404, 422, 204, 301, 302, 0, 100}, AnswerKind::kRefused},
      {{401}, AnswerKind::kDenied},
      {{410}, AnswerKind::kGone},
  };
  for (const auto& row : kTable)
    for (const int status : row.statuses)
      EXPECT_EQ(ClassifyStatus(status, false), row.want) << status;
}

TEST(ClassifyStatus, ForbiddenAfterAGoodAnswerIsThrottling) {
  EXPECT_EQ(ClassifyStatus(403, true), AnswerKind::kBlocked);
  EXPECT_EQ(ClassifyStatus(404, true), AnswerKind::kRefused);
}

TEST(BackoffWait, IsSpreadOverTheDoublingRangeUpToTheCeiling) {
  const struct {
    int failures;
    milliseconds most;
  } kCases[] = {{1, 2s}, {2, 4s}, {5, 32s}, {9, 512s}, {10, 15min}, {1000000, 15min}};
  for (const auto& test : kCases) {
    milliseconds least = 24h, most{0};
    for (std::uint64_t count = 0; count < 20'000; ++count) {
      const auto wait = BackoffWait(test.failures, PollHash("s", count, 1));
      least = std::min(least, wait);
      most = std::max(most, wait);
    }
    EXPECT_GE(least, 1s);
    EXPECT_LT(least, 1s + test.most / 50);
    EXPECT_LE(most, test.most);
    EXPECT_GT(most, test.most - test.most / 50);
  }
}

TEST(ParseRetryAfter, ReadsSecondsAndDatesAndClamps) {
  const struct {
    const char* value;
    std::optional<milliseconds> want;
  } kCases[] = {
      {"120", 120s},
      {" 120 ", 120s},
      {"0", 1s},
      {"86400", 24h},
      {"86401", 24h},
      {"99999999999999999999999999", 24h},
      {"Sun, 22 Nov 2026 12:01:30 GMT", 90s},
      {"Sun, 22 Nov 2026 12:01:30 UTC", 90s},
      {"Sunday, 22-Nov-26 12:01:30 GMT", 90s},
      {"Sun Nov 22 12:01:30 2026", 90s},
      {"Sun, 22 Nov 2026 11:00:00 GMT", 1s},
      {"Fri, 07 Oct 2005 22:43:19 GMT", 1s},
      {"Fri, 07 Oct 9999 22:43:19 GMT", 24h},
      {"", std::nullopt},
      {"   ", std::nullopt},
      {"-1", std::nullopt},
      {"1.5", std::nullopt},
      {"soon", std::nullopt},
      {"Sun, 31 Feb 2026 12:01:30 GMT", std::nullopt},
      {"Sun, 22 Nov 2026 25:01:30 GMT", std::nullopt},
      {"Sun, 22 Nov 2026 12:01:30 CET", std::nullopt},
      {"Sun, 22 Nov 2026 12:01:30", std::nullopt},
      {"Sun, 22 Nov 2026 12:01:30 GMT and more", std::nullopt},
      {",,,,,,,,,,", std::nullopt},
  };
  for (const auto& test : kCases)
    EXPECT_EQ(ParseRetryAfter(test.value, kNow), test.want) << "'" << test.value << "'";
}

TEST(WaitAfter, TakesTheLongestOfBackoffAndWhatTheSiteSays) {
  EXPECT_GE(WaitAfter(AnswerKind::kThrottled, 1, 90s, 1min, 0), 90s);
  EXPECT_LE(WaitAfter(AnswerKind::kTransient, 1, 0s, 1min, 12345), 2s);
  EXPECT_EQ(WaitAfter(AnswerKind::kTransient, 1, 100h, 1min, 0), 24h);
}

TEST(WaitAfter, BlockedAndRefusedGoToTheCeilingAtOnce) {
  for (const auto kind : {AnswerKind::kBlocked, AnswerKind::kRefused}) {
    EXPECT_GE(WaitAfter(kind, 1, 0s, 1min, 0), 13min);
    EXPECT_LE(WaitAfter(kind, 1, 0s, 1min, 0), 17min);
    EXPECT_GE(WaitAfter(kind, 1, 0s, 6h, 0), 5h);
  }
}

TEST(WaitAfter, ParkedIsAskedOnceADay) {
  for (const auto kind : {AnswerKind::kDenied, AnswerKind::kGone}) {
    EXPECT_GE(WaitAfter(kind, 1, 0s, 1min, 0), 21h);
    EXPECT_LE(WaitAfter(kind, 1, 0s, 1min, 200), 27h);
  }
}

TEST(WaitAfter, SlowSourceThatStaysDownIsNotAskedMoreOftenThanWhenItWorks) {
  EXPECT_LE(WaitAfter(AnswerKind::kTransient, 3, 0s, 6h, 7), 8s);
  EXPECT_GE(WaitAfter(AnswerKind::kTransient, 11, 0s, 6h, 7), 6h);
}

}  // namespace
}  // namespace webcare

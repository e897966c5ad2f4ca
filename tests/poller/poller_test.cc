#include "connectors/poller/poller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/poller/fake_source.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string HeaderOf(const FetchRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return "";
}

TEST(Poller, PollsAFixedIntervalAllDayWithinTenPercent) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.poller.SetSources({MakeSource("one")});
  ASSERT_TRUE(world.RunFor(24h).ok());
  const auto times = world.SentAt();
  ASSERT_GT(times.size(), 130u);
  ASSERT_LT(times.size(), 160u);
  for (std::size_t i = 1; i < times.size(); ++i) {
    EXPECT_GE(times[i] - times[i - 1], 9min);
    EXPECT_LE(times[i] - times[i - 1], 11min);
  }
}

TEST(Poller, FirstPollOfAFewSourcesComesAtOnce) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.poller.SetSources({MakeSource("one"), MakeSource("two"), MakeSource("three")});
  ASSERT_TRUE(world.RunFor(2s).ok());
  EXPECT_THAT(world.transport.sent, SizeIs(3));
}

TEST(Poller, EchoesTheValidatorsOfTheLastGoodAnswerByteForByte) {
  int asked = 0;
  World world([&](const FetchRequest&) -> Result<HttpAnswer> {
    if (++asked == 1)
      return Answer(200, "a\n", {{"etag", "W/\"x y\""}, {"last-modified", "yesterday"}});
    if (asked == 2) return Answer(200, "bad", {{"etag", "\"bad\""}});
    return Answer(304);
  });
  world.poller.SetSources({MakeSource("one")});
  ASSERT_TRUE(world.RunFor(1h).ok());
  ASSERT_GE(world.transport.sent.size(), 3u);
  EXPECT_EQ(HeaderOf(world.transport.sent[0].request, "If-None-Match"), "");
  EXPECT_EQ(HeaderOf(world.transport.sent[1].request, "If-None-Match"), "W/\"x y\"");
  EXPECT_EQ(HeaderOf(world.transport.sent[1].request, "If-Modified-Since"), "yesterday");
  EXPECT_EQ(HeaderOf(world.transport.sent[2].request, "If-None-Match"), "W/\"x y\"");
  EXPECT_EQ(world.sink.accepted, 1);
  EXPECT_EQ(world.Of("one").condition, SourceCondition::kOk);
  EXPECT_GE(world.Of("one").unchanged, 1);
}

TEST(Poller, NotModifiedWithoutHavingAskedForItIsNoSuccess) {
  World world([](const FetchRequest&) { return Answer(304); });
  world.poller.SetSources({MakeSource("one")});
  ASSERT_TRUE(world.RunFor(1min).ok());
  EXPECT_EQ(world.Of("one").condition, SourceCondition::kFailing);
}

TEST(Poller, SameBodyUnderANewEtagIsNotParsedAgain) {
  int asked = 0;
  World world([&](const FetchRequest&) {
    return Answer(200, "a\n", {{"etag", std::to_string(++asked)}});
  });
  auto connector = std::make_shared<LineConnector>("https://one.example/");
  world.poller.SetSources({MakeSource("one", connector)});
  ASSERT_TRUE(world.RunFor(35min).ok());
  ASSERT_GE(asked, 3);
  EXPECT_EQ(connector->parsed, 1);
  EXPECT_EQ(world.sink.states["one"].etag, std::to_string(asked));
}

TEST(Poller, ConnectorThatCountsEmptyAnswersSeesEachOfThem) {
  World world([](const FetchRequest&) { return Answer(200, ""); });
  auto connector = std::make_shared<LineConnector>("https://one.example/");
  connector->conditional = false;
  world.poller.SetSources({MakeSource("one", connector)});
  ASSERT_TRUE(world.RunFor(35min).ok());
  EXPECT_GE(connector->parsed, 3);
}

TEST(Poller, UnreadablePageKeepsTheCursorAndIsAskedAgainLater) {
  int asked = 0;
  World world([&](const FetchRequest&) { return Answer(200, ++asked == 2 ? "b\nbad\n" : "a\n"); });
  auto connector = std::make_shared<LineConnector>("https://one.example/");
  connector->with_cursor = true;
  world.poller.SetSources({MakeSource("one", connector)});
  ASSERT_TRUE(world.RunFor(15min).ok());
  ASSERT_GE(world.transport.sent.size(), 3u);
  EXPECT_EQ(world.transport.sent[1].request.url, "https://one.example/?after=a");
  EXPECT_EQ(world.transport.sent[2].request.url, "https://one.example/?after=a");
  EXPECT_EQ(world.sink.states["one"].cursor, "a");
  EXPECT_EQ(world.Of("one").last_error, "not lines");
  EXPECT_EQ(world.Of("one").condition, SourceCondition::kOk) << "recovered by the third answer";
}

TEST(Poller, StoreThatRefusesGetsTheSamePageAgainAndNothingMoreIsAsked) {
  World world([](const FetchRequest& request) { return Answer(200, request.url + "\n"); });
  world.sink.refuse = Error{ErrorCode::kUnavailable, "disk full"};
  world.poller.SetSources({MakeSource("one"), MakeSource("two"), MakeSource("three")});
  world.clock.After(30min, [&] {
    EXPECT_TRUE(world.poller.Health().store_refuses);
    EXPECT_THAT(world.transport.sent, SizeIs(1)) << "no requests while a page waits";
    EXPECT_GT(world.sink.offered.size(), 20u);
    EXPECT_EQ(world.sink.states["one"].cursor, "");
    world.sink.refuse.reset();
  });
  ASSERT_TRUE(world.RunFor(35min).ok());
  EXPECT_FALSE(world.seen.store_refuses);
  EXPECT_EQ(world.sink.states["one"].cursor, "https://one.example/");
  EXPECT_THAT(world.sink.seen, SizeIs(3));
}

// Three answers are on their way when the store begins to refuse, for ten seconds.
void RunWithThreeHeld(World& world) {
  world.transport.latency = 1s;
  world.sink.refuse = Error{ErrorCode::kUnavailable, "disk full"};
  world.poller.SetSources({MakeSource("one"), MakeSource("two"), MakeSource("three")});
  world.clock.After(10s, [&] { world.sink.refuse.reset(); });
  ASSERT_TRUE(world.RunFor(1min).ok());
}

TEST(Poller, PagesThatWaitTogetherShareACommit) {
  World world([](const FetchRequest& request) { return Answer(200, request.url + "\n"); });
  RunWithThreeHeld(world);
  EXPECT_EQ(world.sink.MostTogether(), 3u);
  EXPECT_EQ(world.sink.accepted, 3);
  for (const char* id : {"one", "two", "three"}) {
    EXPECT_EQ(world.sink.states[id].cursor, "https://" + std::string(id) + ".example/");
    EXPECT_EQ(world.Of(id).fresh, 1) << id;
  }
}

// When each of three pages is there, and when how many of them are offered to the store together.
struct Arrivals {
  int posts;  // On each.
  std::vector<milliseconds> there;
  std::vector<std::pair<milliseconds, std::size_t>> offered;
};

TEST(Poller, APageWaitsAMomentForOthersThatAreAskedFor) {
  const Arrivals kCases[] = {
      {1, {5000ms, 5010ms, 5024ms}, {{5024ms, 3}}},  // Not longer than for the last one.
      {1, {5000ms, 5010ms, 5030ms}, {{5025ms, 2}, {5030ms, 1}}},  // Not for ever.
      {1, {5000ms, 5300ms, 5310ms}, {{5025ms, 1}, {5310ms, 2}}},
      {100, {5000ms, 5010ms, 5020ms}, {{5010ms, 2}, {5020ms, 1}}},  // Not with 200 posts.
  };
  for (const Arrivals& test : kCases) {
    World world([&](const FetchRequest& request) {
      std::string lines;
      for (int i = 0; i < test.posts; ++i) lines += request.url + std::to_string(i) + "\n";
      return Answer(200, lines);
    });
    std::size_t asked = 0;
    const WallTime began = world.clock.WallNow();
    world.transport.latency_of = [&](const FetchRequest&) {
      return std::chrono::duration_cast<milliseconds>(began + test.there.at(asked++) -
                                                      world.clock.WallNow());
    };
    world.poller.SetSources({MakeSource("one"), MakeSource("two"), MakeSource("three")});
    ASSERT_TRUE(world.RunFor(1min).ok());
    std::vector<std::pair<milliseconds, std::size_t>> offered;
    for (const auto& [at, pages] : world.sink.offered)
      offered.emplace_back(std::chrono::duration_cast<milliseconds>(at - began), pages);
    EXPECT_EQ(offered, test.offered);
  }
}

TEST(Poller, APageThatCannotBeStoredHarmsNoneOfThoseBesideIt) {
  World world([](const FetchRequest& request) { return Answer(200, request.url + "\n"); });
  world.sink.cannot_store = "two";
  RunWithThreeHeld(world);
  EXPECT_EQ(world.Of("one").fresh, 1);
  EXPECT_EQ(world.Of("three").fresh, 1);
  EXPECT_EQ(world.Of("two").fresh, 0);
  EXPECT_EQ(world.Of("two").last_error, "not stored: too odd");
  EXPECT_EQ(world.Of("two").condition, SourceCondition::kFailing);
  EXPECT_EQ(world.sink.states["two"].cursor, "");
  EXPECT_FALSE(world.seen.store_refuses);
}

TEST(Poller, BigPagesDoNotShareACommit) {
  World world([](const FetchRequest& request) {
    std::string lines;
    for (int i = 0; i < 600; ++i) lines += request.url + std::to_string(i) + "\n";
    return Answer(200, lines);
  });
  RunWithThreeHeld(world);
  EXPECT_EQ(world.sink.MostTogether(), 2u);
  EXPECT_EQ(world.sink.accepted, 3);
}

TEST(Poller, BrokenStoreEndsTheLoop) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.sink.refuse = Error{ErrorCode::kCorrupt, "checksum"};
  world.poller.SetSources({MakeSource("one")});
  const Status status = world.RunFor(1h);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(world.sink.offered, SizeIs(1));
}

TEST(Poller, WaitsForRetryAfterInBothForms) {
  const struct {
    const char* value;
    milliseconds least, most;
  } kCases[] = {{"1800", 30min, 31min}, {"Sun, 22 Nov 2026 02:00:00 GMT", 59min, 61min}};
  for (const auto& test : kCases) {
    World world([&](const FetchRequest&) {
      return Answer(429, "", {{"retry-after", test.value}});
    });
    world.poller.SetSources({MakeSource("one")});
    ASSERT_TRUE(world.RunFor(100min).ok());
    const auto times = world.SentAt();
    ASSERT_GE(times.size(), 2u) << test.value;
    EXPECT_GE(times[1] - times[0], test.least) << test.value;
    EXPECT_LE(times[1] - times[0], test.most) << test.value;
  }
}

TEST(Poller, ObeysWhatTheConnectorReadsInAnErrorAnswer) {
  World world([](const FetchRequest&) { return Answer(400, "wait 90"); });
  world.poller.SetSources({MakeSource("one")});
  ASSERT_TRUE(world.RunFor(10min).ok());
  const auto times = world.SentAt();
  ASSERT_GE(times.size(), 2u);
  EXPECT_GE(times[1] - times[0], 90s);
  EXPECT_LE(times[1] - times[0], 92s);
}

TEST(Poller, AsksTheSourcesOfAGroupOneByOneWithTheGapBetween) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.transport.latency = 700ms;
  std::vector<Source> sources;
  for (int i = 0; i < 20; ++i) {
    sources.push_back(MakeSource("s" + std::to_string(i)));
    sources.back().politeness_group = "shared";
    sources.back().group_gap = 2s;
  }
  world.poller.SetSources(std::move(sources));
  ASSERT_TRUE(world.RunFor(30min).ok());
  EXPECT_EQ(world.transport.most_running, 1u);
  const auto times = world.SentAt();
  ASSERT_GE(times.size(), 50u);
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 1], 2700ms);
  EXPECT_LE(times[19], 60s) << "and no longer than needed";
}

TEST(Poller, SourcesOfOneHostAreOneGroupUnlessToldOtherwise) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.transport.latency = 5s;
  world.poller.SetSources(
      {MakeSource("one", std::make_shared<LineConnector>("https://same.example/1")),
       MakeSource("two", std::make_shared<LineConnector>("https://same.example/2"))});
  ASSERT_TRUE(world.RunFor(1h).ok());
  EXPECT_EQ(world.transport.most_running, 1u);
}

TEST(Poller, NeverHasMoreInFlightThanAllowed) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.transport.latency = 50s;
  std::vector<Source> sources;
  for (int i = 0; i < 100; ++i) sources.push_back(MakeSource("s" + std::to_string(i)));
  world.poller.SetSources(std::move(sources));
  ASSERT_TRUE(world.RunFor(5min).ok());
  EXPECT_EQ(world.transport.most_running, 32u);
  EXPECT_THAT(world.sink.seen, SizeIs(100));
}

TEST(Poller, EmptyBudgetPausesTheWholeGroupUntilTheReset) {
  World* here = nullptr;
  World world([&](const FetchRequest&) {
    const auto reset = std::to_string(ToMillis(here->clock.WallNow() + 20min));
    return Answer(200, "a\n", {{"x-left", "0"}, {"x-reset", reset}});
  });
  here = &world;
  auto one = MakeSource("one"), two = MakeSource("two");
  one.politeness_group = two.politeness_group = "api";
  world.poller.SetSources({one, two});
  ASSERT_TRUE(world.RunFor(1h).ok());
  const auto times = world.SentAt();
  ASSERT_GE(times.size(), 2u);
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_GE(times[i] - times[i - 1], 20min);
}

TEST(Poller, TakesThePagesOfAPollAtOnceUpToTheLimit) {
  int asked = 0;
  World world([&](const FetchRequest&) {
    ++asked;
    return Answer(200, std::to_string(asked) + "\nmore\n", {{"etag", "\"e\""}});
  });
  auto connector = std::make_shared<LineConnector>("https://one.example/");
  connector->with_cursor = true;
  connector->least = 1min;
  auto source = MakeSource("one", connector);
  source.max_pages = 3;
  source.group_gap = 1s;
  world.poller.SetSources({source});
  ASSERT_TRUE(world.RunFor(50s).ok());
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(world.transport.sent[2].request.url, "https://one.example/?after=2");
  for (const auto& sent : world.transport.sent)
    EXPECT_EQ(HeaderOf(sent.request, "If-None-Match"), "") << "of another page";
  EXPECT_EQ(world.sink.states["one"].etag, "");
}

TEST(Poller, ValidatorsOfAPageWithMoreBehindItAreNotKept) {
  int asked = 0;
  World world([&](const FetchRequest&) {
    return ++asked == 1 ? Answer(200, "1\nmore\n", {{"etag", "\"e\""}}) : Answer(503);
  });
  world.poller.SetSources({MakeSource("one")});
  ASSERT_TRUE(world.RunFor(1h).ok());
  ASSERT_GE(world.transport.sent.size(), 3u);
  for (const auto& sent : world.transport.sent)
    EXPECT_EQ(HeaderOf(sent.request, "If-None-Match"), "");
}

// The page behind "more" has an address of its own, as an archive of a feed has.
class ArchiveConnector final : public LineConnector {
 public:
  using LineConnector::LineConnector;
  HttpRequest BuildRequest(const Cursor& cursor, WallTime now) const override {
    HttpRequest request = LineConnector::BuildRequest(cursor, now);
    if (cursor != "newest") return request;
    request.url += "archive";
    request.conditional = false;
    return request;
  }
};

TEST(Poller, ValidatorsOutlastPagesThatHaveAnAddressOfTheirOwn) {
  World world([](const FetchRequest& request) -> Result<HttpAnswer> {
    if (request.url.ends_with("archive")) return Answer(200, "oldest\n", {{"etag", "\"a\""}});
    if (HeaderOf(request, "If-None-Match") == "\"n\"") return Answer(304);
    return Answer(200, "newest\nmore\n", {{"etag", "\"n\""}});
  });
  auto connector = std::make_shared<ArchiveConnector>("https://one.example/");
  world.poller.SetSources({MakeSource("one", connector)});
  ASSERT_TRUE(world.RunFor(1h).ok());
  ASSERT_GE(world.transport.sent.size(), 3u);
  EXPECT_EQ(world.transport.sent[1].request.url, "https://one.example/archive");
  EXPECT_EQ(HeaderOf(world.transport.sent[1].request, "If-None-Match"), "");
  EXPECT_EQ(world.transport.sent[2].request.url, "https://one.example/");
  EXPECT_EQ(connector->parsed, 2) << "the newest page was given once";
}

TEST(Poller, ValidatorsAreThoseOfOneUrl) {
  World world([](const FetchRequest& request) {
    const bool first = request.url == "https://one.example/";
    return Answer(200, first ? "a\n" : "", {{"etag", first ? "\"1\"" : "\"2\""}});
  });
  auto connector = std::make_shared<LineConnector>("https://one.example/");
  connector->with_cursor = true;
  world.poller.SetSources({MakeSource("one", connector)});
  ASSERT_TRUE(world.RunFor(1h).ok());
  ASSERT_GE(world.transport.sent.size(), 3u);
  EXPECT_EQ(world.transport.sent[1].request.url, "https://one.example/?after=a");
  EXPECT_EQ(HeaderOf(world.transport.sent[1].request, "If-None-Match"), "");
  EXPECT_EQ(HeaderOf(world.transport.sent[2].request, "If-None-Match"), "\"2\"");
}

TEST(Poller, SameBodyFromAnotherUrlIsRead) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  auto connector = std::make_shared<LineConnector>("https://one.example/");
  connector->with_cursor = true;
  world.poller.SetSources({MakeSource("one", connector)});
  ASSERT_TRUE(world.RunFor(1h).ok());
  ASSERT_GE(world.transport.sent.size(), 3u);
  EXPECT_EQ(connector->parsed, 2) << "at the bare URL and after \"a\"";
}

TEST(Poller, DroppedSourceGivesItsGroupFree) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.transport.latency = 30s;
  auto gone = MakeSource("gone"), stays = MakeSource("stays");
  gone.politeness_group = stays.politeness_group = "shared";
  world.poller.SetSources({gone, stays});
  world.clock.After(10s, [&] { world.poller.SetSources({stays}); });
  ASSERT_TRUE(world.RunFor(5min).ok());
  EXPECT_EQ(world.sink.seen.count("stays"), 1u);
}

TEST(Poller, PermanentRedirectSeenThreeTimesReplacesTheUrlWithoutSecrets) {
  World world([](const FetchRequest& request) {
    HttpAnswer answer = Answer(200, "a\n");
    answer.moved_permanently = request.url == "https://one.example/";
    answer.final_url = "https://new.example/feed";
    return answer;
  });
  world.poller.SetSources({MakeSource("one")});
  ASSERT_TRUE(world.RunFor(1h).ok());
  ASSERT_GE(world.transport.sent.size(), 5u);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(world.transport.sent[i].request.url, "https://one.example/");
  const FetchRequest& moved = world.transport.sent[3].request;
  EXPECT_EQ(moved.url, "https://new.example/feed");
  EXPECT_EQ(moved.bearer_token, "");
  EXPECT_EQ(HeaderOf(moved, "Api-Key"), "");
  EXPECT_EQ(HeaderOf(moved, "Accept"), "text/plain");
  EXPECT_EQ(world.transport.sent[4].request.url, "https://new.example/feed");
}

TEST(Poller, MovedUrlThatFailsIsForgotten) {
  bool gone = false;
  World world([&](const FetchRequest& request) -> Result<HttpAnswer> {
    if (request.url != "https://one.example/" && gone) return Answer(404);
    HttpAnswer answer = Answer(200, "a\n");
    answer.moved_permanently = request.url == "https://one.example/" && !gone;
    answer.final_url = "https://new.example/feed";
    return answer;
  });
  world.poller.SetSources({MakeSource("one")});
  world.clock.After(35min, [&] { gone = true; });
  ASSERT_TRUE(world.RunFor(90min).ok());
  EXPECT_EQ(world.transport.sent.back().request.url, "https://one.example/");
  EXPECT_EQ(world.Of("one").condition, SourceCondition::kOk);
}

TEST(Poller, TemporaryRedirectKeepsTheUrl) {
  World world([](const FetchRequest&) {
    HttpAnswer answer = Answer(200, "a\n");
    answer.final_url = "https://new.example/feed";
    return answer;
  });
  world.poller.SetSources({MakeSource("one")});
  ASSERT_TRUE(world.RunFor(2h).ok());
  for (const auto& sent : world.transport.sent) EXPECT_EQ(sent.request.url, "https://one.example/");
}

TEST(Poller, SilenceBeyondTheRhythmIsQuietAndNoFailure) {
  int asked = 0;
  World world([&](const FetchRequest&) {  // A post each poll for a week, then none.
    ++asked;
    return Answer(200, "p" + std::to_string(std::min(asked, 7 * 144)) + "\n");
  });
  world.poller.SetSources({MakeSource("one")});
  world.clock.After(7 * 24h, [&] {
    EXPECT_EQ(world.poller.Health().sources[0].condition, SourceCondition::kOk);
  });
  ASSERT_TRUE(world.RunFor(9 * 24h).ok());
  EXPECT_EQ(world.Of("one").condition, SourceCondition::kQuiet);
  EXPECT_EQ(world.Of("one").failures, 0);
  EXPECT_GT(world.Of("one").last_success, world.Of("one").last_new_post);
}

TEST(Poller, FailingSourceIsNeverGivenUpAndRecovers) {
  World* here = nullptr;
  World world([&](const FetchRequest&) -> Result<HttpAnswer> {
    if (here->clock.Now() < here->began + 48h)
      return Error{ErrorCode::kUnavailable, "host: timed out"};
    return Answer(200, "a\n");
  });
  here = &world;
  world.poller.SetSources({MakeSource("one")});
  world.clock.After(47h, [&] {
    const auto health = world.poller.Health().sources[0];
    EXPECT_EQ(health.condition, SourceCondition::kFailing);
    EXPECT_EQ(health.last_error, "host: timed out");
    EXPECT_LT(health.since, world.clock.WallNow() - 46h) << "since the first failure";
    EXPECT_LT(health.failures, 400);
  });
  ASSERT_TRUE(world.RunFor(49h).ok());
  EXPECT_EQ(world.Of("one").condition, SourceCondition::kOk);
  EXPECT_EQ(world.Of("one").failures_in_a_row, 0);
}

TEST(Poller, RefusedCredentialsParkTheSourceForADayOrUntilAReload) {
  World world([](const FetchRequest&) { return Answer(401); });
  world.poller.SetSources({MakeSource("one")});
  world.clock.After(1h, [&] {
    EXPECT_THAT(world.transport.sent, SizeIs(1));
    EXPECT_EQ(world.poller.Health().sources[0].condition, SourceCondition::kParked);
    world.poller.SetSources({MakeSource("one")});
  });
  world.clock.After(61min, [&] { EXPECT_THAT(world.transport.sent, SizeIs(2)); });
  ASSERT_TRUE(world.RunFor(30h).ok());
  EXPECT_THAT(world.transport.sent, SizeIs(3));
}

TEST(Poller, ReloadDropsWhatIsGoneAndKeepsTheRhythmOfWhatStays) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.transport.latency = 30s;
  world.poller.SetSources({MakeSource("gone"), MakeSource("stays")});
  world.clock.After(10s, [&] {
    world.poller.SetSources({MakeSource("stays"), MakeSource("fresh")});
  });
  ASSERT_TRUE(world.RunFor(5min).ok());
  EXPECT_THAT(world.transport.cancelled, SizeIs(1));
  EXPECT_EQ(world.sink.seen.count("gone"), 0u);
  EXPECT_EQ(world.sink.seen.count("fresh"), 1u);
  EXPECT_THAT(world.transport.sent, SizeIs(3)) << "the one that stays was not asked twice";
  EXPECT_THAT(world.seen.sources, SizeIs(2));
}

TEST(Poller, ReloadInTheMiddleOfALineLosesNobody) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  const auto line = [](int from, int to) {
    std::vector<Source> sources;
    for (int i = from; i < to; ++i) {
      sources.push_back(MakeSource("s" + std::to_string(i)));
      sources.back().politeness_group = "shared";
    }
    return sources;
  };
  world.poller.SetSources(line(0, 20));
  for (int second = 1; second < 20; ++second)
    world.clock.After(second * 700ms, [&world, &line, second] {
      world.poller.SetSources(line(second, 20 + second));
    });
  ASSERT_TRUE(world.RunFor(5min).ok());
  for (int i = 19; i < 39; ++i) EXPECT_EQ(world.sink.seen.count("s" + std::to_string(i)), 1u) << i;
  EXPECT_EQ(world.transport.most_running, 1u);
}

TEST(Poller, RestartAsksNobodyEarly) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.sink.states["asked-lately"].last_success = world.clock.WallNow() - 4min;
  world.sink.states["long-ago"].last_success = world.clock.WallNow() - 4h;
  world.poller.SetSources({MakeSource("asked-lately"), MakeSource("long-ago")});
  ASSERT_TRUE(world.RunFor(9min).ok());
  ASSERT_THAT(world.transport.sent, SizeIs(2));
  EXPECT_EQ(world.transport.sent[0].request.url, "https://long-ago.example/");
  EXPECT_EQ(world.SentAt()[1], 6min);
}

TEST(Poller, PauseStopsAskingAndResumeGoesOn) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.poller.SetSources({MakeSource("one")});
  world.clock.After(1min, [&] { world.poller.Pause("disk limit"); });
  world.clock.After(5h, [&] {
    EXPECT_EQ(world.poller.Health().paused, "disk limit");
    EXPECT_THAT(world.transport.sent, SizeIs(1));
    world.poller.Resume();
  });
  ASSERT_TRUE(world.RunFor(5h + 1min).ok());
  EXPECT_THAT(world.transport.sent, SizeIs(2));
  EXPECT_EQ(world.seen.paused, "");
}

TEST(Poller, StopDropsWhatIsInFlight) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.transport.latency = 1min;
  world.poller.SetSources({MakeSource("one")});
  ASSERT_TRUE(world.RunFor(10s).ok());
  EXPECT_THAT(world.transport.cancelled, SizeIs(1));
  EXPECT_EQ(world.sink.accepted, 0);
}

TEST(Poller, HeartbeatNeverLagsMoreThanFiveSeconds) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.poller.SetSources({MakeSource("one")});
  for (int i = 1; i < 500; ++i)
    world.clock.After(i * 777ms,
                      [&] { EXPECT_GE(world.poller.Heartbeat(), world.clock.Now() - 5s); });
  ASSERT_TRUE(world.RunFor(10min).ok());
}

TEST(Poller, WallClockThatJumpsDoesNotMoveTheSchedule) {
  World world([](const FetchRequest&) { return Answer(200, "a\n"); });
  world.poller.SetSources({MakeSource("one")});
  world.clock.After(15min, [&] { world.clock.JumpWall(-30 * 24h); });
  world.clock.After(45min, [&] { world.clock.JumpWall(60 * 24h); });
  ASSERT_TRUE(world.RunFor(2h).ok());
  const auto times = world.SentAt();
  for (std::size_t i = 1; i < times.size(); ++i) {
    EXPECT_GE(times[i] - times[i - 1], 9min);
    EXPECT_LE(times[i] - times[i - 1], 11min);
  }
}

}  // namespace
}  // namespace webcare

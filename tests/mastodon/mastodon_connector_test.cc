#include "connectors/sites/mastodon/mastodon_connector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/sites/mastodon/mastodon_cursor.h"
#include "connectors/sites/mastodon/mastodon_page.h"
#include "tests/mastodon/samples.h"

namespace webcare {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kTag = "https://plein.example/api/v1/timelines/tag/";

std::vector<std::string> Ids(const Page& page) {
  std::vector<std::string> ids;
  for (const Item& item : page.items) ids.push_back(item.post.native_id);
  return ids;
}

TEST(MastodonRequest, FirstPollAsksForTheNewestPage) {
  EXPECT_EQ(Feed(HashtagConfig()).Url(), std::string(kTag) + "postduif?limit=2");
}

TEST(MastodonRequest, TagsAreEncodedAndFiltersSent) {
  MastodonConfig config = HashtagConfig(40);
  config.hashtag = "café";
  config.any = {"a&b"};
  config.none = {"ruil"};
  config.local = true;
  EXPECT_EQ(Feed(config).Url(),
            std::string(kTag) + "caf%C3%A9?any[]=a%26b&none[]=ruil&local=true&limit=40");
}

TEST(MastodonRequest, EveryModeHasItsEndpoint) {
  MastodonConfig config = HashtagConfig(40);
  config.mode = MastodonMode::kPublic;
  EXPECT_EQ(Feed(config).Url(), "https://plein.example/api/v1/timelines/public?limit=40");
  config.mode = MastodonMode::kMentions;
  EXPECT_EQ(Feed(config).Url(),
            "https://plein.example/api/v1/notifications?types[]=mention&limit=40");
  config.mode = MastodonMode::kSearch;
  config.query = "postduif kapot";
  EXPECT_EQ(Feed(config).Url(),
            "https://plein.example/api/v2/search?q=postduif%20kapot&type=statuses&limit=40");
}

TEST(MastodonRequest, TokenTravelsAsBearerOnly) {
  MastodonConfig config = HashtagConfig();
  config.token = "geheim";
  const HttpRequest request = Feed(config).connector().BuildRequest("", kNow);
  EXPECT_EQ(request.bearer_token, "geheim");
  EXPECT_THAT(request.url, Not(HasSubstr("geheim")));
}

TEST(MastodonTimeline, ItemsComeOldestFirst) {
  Feed feed(HashtagConfig());
  const Page page = feed.Take(PageJson({{.id = "102"}, {.id = "101"}})).value();
  EXPECT_THAT(Ids(page), ElementsAre("101", "102"));
}

TEST(MastodonTimeline, FirstPollTakesOnePageOnly) {
  Feed feed(HashtagConfig());
  EXPECT_FALSE(feed.Take(PageJson({{.id = "102"}, {.id = "101"}})).value().more);
}

TEST(MastodonTimeline, GoesOnAboveTheHighestIdUntilAPageIsNotFull) {
  Feed feed(HashtagConfig());
  ASSERT_TRUE(feed.Take(PageJson({{.id = "99"}})).ok());
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=99"));
  EXPECT_TRUE(feed.Take(PageJson({{.id = "101"}, {.id = "100"}})).value().more);
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=101"));
  EXPECT_FALSE(feed.Take(PageJson({{.id = "102"}})).value().more);
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=102"));
}

TEST(MastodonTimeline, EmptyPageKeepsTheBound) {
  Feed feed(HashtagConfig());
  ASSERT_TRUE(feed.Take(PageJson({{.id = "99"}})).ok());
  EXPECT_FALSE(feed.Take("[]").value().more);
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=99"));
}

TEST(MastodonTimeline, BoundNeverGoesBack) {
  Feed feed(HashtagConfig());
  ASSERT_TRUE(feed.Take(PageJson({{.id = "101"}})).ok());
  ASSERT_TRUE(feed.Take(PageJson({{.id = "99"}})).ok());
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=101"));
}

TEST(MastodonTimeline, BoundIsTheBoostsIdNotTheInnerOne) {
  Feed feed(HashtagConfig());
  const std::string boost = R"([{"id":"105","reblog":)" + StatusJson({.id = "90"}) + "}]";
  const Page page = feed.Take(boost).value();
  EXPECT_THAT(Ids(page), ElementsAre("90"));
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=105"));
}

TEST(MastodonTimeline, ServerThatIgnoresMinIdDoesNotLoop) {
  Feed feed(HashtagConfig());
  const std::string same = PageJson({{.id = "102"}, {.id = "101"}});
  ASSERT_TRUE(feed.Take(same).ok());
  const Page again = feed.Take(same).value();
  EXPECT_FALSE(again.more);
  EXPECT_THAT(again.warnings, ElementsAre(HasSubstr("min_id")));
}

TEST(MastodonTimeline, OpaqueIdsFollowTheLinkHeader) {
  Feed feed(HashtagConfig());
  const std::string link =
      "<https://plein.example/x?limit=2&max_id=ZZ>; rel=\"next\", "
      "<https://plein.example/x?limit=2&min_id=AB9>; rel=\"prev\"";
  ASSERT_TRUE(feed.Take(PageJson({{.id = "AB9"}, {.id = "ZZ"}}), kNow, {{"link", link}}).ok());
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=AB9"));
}

TEST(MastodonTimeline, OpaqueIdsWithoutLinkTakeTheFirstEntry) {
  Feed feed(HashtagConfig());
  ASSERT_TRUE(feed.Take(PageJson({{.id = "AB9"}, {.id = "ZZ"}})).ok());
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=AB9"));
}

TEST(MastodonTimeline, LinkHeaderCannotSmuggleAnAddress) {
  Feed feed(HashtagConfig());
  const std::string link = "<https://elders.example/?min_id=a%26b>; rel=\"prev\"";
  ASSERT_TRUE(feed.Take(PageJson({{.id = "7"}}), kNow, {{"link", link}}).ok());
  EXPECT_EQ(feed.Url(), std::string(kTag) + "postduif?limit=2&min_id=7");
}

TEST(MastodonTimeline, UnreadableStatusIsRejectedAndTheOthersUnharmed) {
  Feed feed(HashtagConfig(40));
  const Page page =
      feed.Take("[" + StatusJson({.id = "102"}) + R"(,{"id":"101","account":{}},7])").value();
  EXPECT_THAT(Ids(page), ElementsAre("102"));
  ASSERT_EQ(page.rejected.size(), 2U);
  EXPECT_EQ(page.rejected[1].native_id, "101");
  EXPECT_EQ(page.rejected[1].raw, R"({"id":"101","account":{}})");
}

TEST(MastodonTimeline, WhatIsNoListIsRefused) {
  for (const char* body : {"", "{}", "7", "<html>", R"({"error":"x"})", "[", "\xff"}) {
    Feed feed(HashtagConfig());
    const Result<Page> page = feed.Take(body);
    ASSERT_FALSE(page.ok()) << body;
    EXPECT_EQ(page.error().code, ErrorCode::kInvalid);
  }
}

TEST(MastodonTimeline, FloodOfStatusesIsRefused) {
  std::string body = "[1";
  for (int i = 0; i < 400; ++i) body += ",1";
  EXPECT_FALSE(Feed(HashtagConfig()).Take(body + "]").ok());
}

TEST(MastodonTimeline, EmptyFirstPageWithoutTokenWarns) {
  EXPECT_THAT(Feed(HashtagConfig()).Take("[]").value().warnings, ElementsAre(HasSubstr("members")));
  MastodonConfig config = HashtagConfig();
  config.token = "t";
  EXPECT_THAT(Feed(config).Take("[]").value().warnings, IsEmpty());
}

MastodonConfig Mentions() {
  MastodonConfig config = HashtagConfig(40);
  config.mode = MastodonMode::kMentions;
  config.token = "t";
  return config;
}

TEST(MastodonMentions, CursorIsTheNotificationsId) {
  Feed feed(Mentions());
  const Page page =
      feed.Take(R"([{"id":"21","type":"mention","status":)" + StatusJson({.id = "900"}) + "}]")
          .value();
  EXPECT_THAT(Ids(page), ElementsAre("900"));
  EXPECT_EQ(page.items[0].post.kind, PostKind::kMention);
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=21"));
}

TEST(MastodonMentions, OtherNotificationsMoveTheCursorOnly) {
  Feed feed(Mentions());
  const Page page = feed.Take(R"([{"id":"22","type":"follow","account":{"id":"1"}}])").value();
  EXPECT_THAT(page.items, IsEmpty());
  EXPECT_THAT(page.rejected, IsEmpty());
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=22"));
}

MastodonConfig Search() {
  MastodonConfig config = HashtagConfig(2);
  config.mode = MastodonMode::kSearch;
  config.query = "postduif";
  config.token = "t";
  return config;
}

std::string Found(const std::vector<Sample>& samples) {
  return R"({"accounts":[],"statuses":)" + PageJson(samples) + R"(,"hashtags":[]})";
}

TEST(MastodonSearch, NothingAtFirstSaysWhatASearchNeeds) {
  EXPECT_THAT(Feed(Search()).Take(Found({})).value().warnings,
              ElementsAre(HasSubstr("Elasticsearch")));
}

TEST(MastodonSearch, LooksAnHourBackAndTellsTheKnownFromTheNew) {
  Feed feed(Search());
  const std::string id = "116685117849600000";
  ASSERT_TRUE(feed.Take(Found({{.id = id}})).ok());
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=116684881920000000"));
  EXPECT_THAT(Ids(feed.Take(Found({{.id = id}})).value()), IsEmpty());
  const std::string changed = Found({{.id = id, .edited = "2026-06-03T10:00:00Z"}});
  EXPECT_THAT(Ids(feed.Take(changed).value()), ElementsAre(id));
}

TEST(MastodonSearch, BoundMovesWhenAllPagesOfASweepHaveArrived) {
  Feed feed(Search());
  ASSERT_TRUE(feed.Take(Found({{.id = "236000000000000"}})).ok());
  EXPECT_TRUE(
      feed.Take(Found({{.id = "236000000000009"}, {.id = "236000000000008"}})).value().more);
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=235764070400000&offset=2"));
  EXPECT_FALSE(feed.Take(Found({{.id = "236000000000007"}})).value().more);
  EXPECT_THAT(feed.Url(), HasSubstr("&min_id=235764070400009"));
  EXPECT_THAT(feed.Url(), Not(HasSubstr("offset")));
}

TEST(MastodonRecheck, ComesAMinuteAfterAndThenTheTimeline) {
  Feed feed(HashtagConfig());
  ASSERT_TRUE(feed.Take(PageJson({{.id = "102"}, {.id = "101"}})).ok());
  EXPECT_THAT(feed.Url(kNow + seconds(59)), HasSubstr("/tag/"));
  const WallTime later = kNow + seconds(60);
  EXPECT_EQ(feed.Url(later), "https://plein.example/api/v1/statuses?id[]=101&id[]=102");
  const Page page = feed.Take(PageJson({{.id = "101"}, {.id = "102"}}), later).value();
  EXPECT_THAT(page.items, IsEmpty());
  EXPECT_TRUE(page.more);
  EXPECT_THAT(feed.Url(later), HasSubstr("&min_id=102"));
}

TEST(MastodonRecheck, ChangedPostComesAgainAndAbsentOneIsDeleted) {
  Feed feed(HashtagConfig());
  ASSERT_TRUE(feed.Take(PageJson({{.id = "102"}, {.id = "101"}})).ok());
  const WallTime later = kNow + seconds(60);
  const Sample changed{.id = "101", .content = "<p>nieuw</p>", .edited = "2026-06-03T11:00:00Z"};
  const Page page = feed.Take(PageJson({changed}), later).value();
  EXPECT_THAT(Ids(page), ElementsAre("101"));
  EXPECT_EQ(page.items[0].post.text, "nieuw");
  ASSERT_EQ(page.deletions.size(), 1U);
  EXPECT_EQ(page.deletions[0].native_id, "102");
  EXPECT_EQ(feed.Url(later + seconds(60)), "https://plein.example/api/v1/statuses?id[]=101");
  EXPECT_THAT(feed.Take(PageJson({changed}), later + seconds(60)).value().items, IsEmpty());
}

TEST(MastodonRecheck, EmptyAnswerOfAServerThatNeverAnsweredDeletesNothing) {
  Feed feed(HashtagConfig());
  ASSERT_TRUE(feed.Take(PageJson({{.id = "101"}})).ok());
  EXPECT_THAT(feed.Take("[]", kNow + seconds(60)).value().deletions, IsEmpty());
  ASSERT_TRUE(feed.Take(PageJson({{.id = "101"}}), kNow + seconds(120)).ok());
  ASSERT_TRUE(feed.Take(PageJson({{.id = "101"}}), kNow + seconds(120)).ok());
  EXPECT_EQ(feed.Take("[]", kNow + seconds(180)).value().deletions.size(), 1U);
}

TEST(MastodonRecheck, GoesRoundTwentyAtATime) {
  Feed feed(HashtagConfig(40));
  std::vector<Sample> samples;
  for (int i = 25; i > 0; --i) samples.push_back({.id = std::to_string(100 + i)});
  ASSERT_TRUE(feed.Take(PageJson(samples)).ok());
  WallTime now = kNow + seconds(60);
  EXPECT_THAT(feed.Url(now), HasSubstr("?id[]=101&"));
  EXPECT_THAT(feed.Url(now), HasSubstr("&id[]=120"));
  EXPECT_THAT(feed.Url(now), Not(HasSubstr("&id[]=121")));
  ASSERT_TRUE(feed.Take(PageJson(samples), now).ok());
  now += seconds(60);
  EXPECT_THAT(feed.Url(now), HasSubstr("?id[]=121&"));
  ASSERT_TRUE(feed.Take(PageJson(samples), now).ok());
  EXPECT_THAT(feed.Url(now + seconds(60)), HasSubstr("?id[]=101&"));
}

TEST(MastodonRecheck, FailingLookupsDoNotBlockTheTimeline) {
  Feed feed(HashtagConfig());
  ASSERT_TRUE(feed.Take(PageJson({{.id = "101"}})).ok());
  const WallTime late = kNow + seconds(60) + kLookupPatience;
  const HttpRequest request = feed.connector().BuildRequest(feed.cursor(), late);
  EXPECT_THAT(request.url, HasSubstr("/tag/"));
  EXPECT_FALSE(request.conditional);  // A 304 would leave the check overdue for ever.
  ASSERT_TRUE(feed.Take("[]", late).ok());
  EXPECT_THAT(feed.Url(late + seconds(59)), HasSubstr("/tag/"));
  EXPECT_THAT(feed.Url(late + seconds(60)), HasSubstr("/statuses?"));
}

TEST(MastodonRecheck, PostsAreWatchedForTheConfiguredTime) {
  MastodonConfig config = HashtagConfig();
  config.recheck = minutes(10);
  Feed feed(config);
  ASSERT_TRUE(feed.Take(PageJson({{.id = "101"}})).ok());
  ASSERT_TRUE(feed.Take("[]", kNow + minutes(11)).ok());
  EXPECT_THAT(feed.Url(kNow + minutes(15)), HasSubstr("/tag/"));
}

TEST(MastodonRecheck, ZeroWatchesNothing) {
  MastodonConfig config = HashtagConfig();
  config.recheck = minutes(0);
  Feed feed(config);
  ASSERT_TRUE(feed.Take(PageJson({{.id = "101"}})).ok());
  EXPECT_THAT(feed.Url(kNow + minutes(1)), HasSubstr("/tag/"));
}

TEST(MastodonRoots, ChainInsideThePageNeedsNoLookup) {
  Feed feed(HashtagConfig(40));
  const Page page = feed.Take(PageJson({{.id = "103", .parent = "102"},
                                        {.id = "102", .parent = "101"},
                                        {.id = "101"}}))
                        .value();
  ASSERT_EQ(page.items.size(), 3U);
  EXPECT_EQ(page.items[0].post.root_id, "");
  EXPECT_EQ(page.items[2].post.root_id, "101");
  EXPECT_EQ(page.items[2].post.parent_id, "102");
}

TEST(MastodonRoots, RootOfAKnownParentIsTaken) {
  Feed feed(HashtagConfig(40));
  ASSERT_TRUE(feed.Take(PageJson({{.id = "102", .parent = "101"}, {.id = "101"}})).ok());
  const Page page = feed.Take(PageJson({{.id = "103", .parent = "102"}})).value();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].post.root_id, "101");
}

TEST(MastodonRoots, UnknownParentsAreLookedUpBeforeThePageIsHandedOn) {
  Feed feed(HashtagConfig(40));
  const std::string timeline = PageJson({{.id = "103", .parent = "52"}});
  const Page first = feed.Take(timeline).value();
  EXPECT_THAT(first.items, IsEmpty());
  EXPECT_TRUE(first.more);
  EXPECT_EQ(feed.Url(), "https://plein.example/api/v1/statuses?id[]=52");
  EXPECT_TRUE(feed.Take(PageJson({{.id = "52", .parent = "51"}})).value().more);
  EXPECT_FALSE(feed.connector().BuildRequest(feed.cursor(), kNow).conditional);
  EXPECT_EQ(feed.Url(), std::string(kTag) + "postduif?limit=40");
  ASSERT_TRUE(feed.Take(timeline).ok());
  EXPECT_EQ(feed.Url(), "https://plein.example/api/v1/statuses?id[]=51");
  ASSERT_TRUE(feed.Take(PageJson({{.id = "51"}})).ok());
  const Page page = feed.Take(timeline).value();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].post.root_id, "51");
  EXPECT_EQ(page.items[0].post.parent_id, "52");
}

TEST(MastodonRoots, ParentNobodyMaySeeIsTheRoot) {
  Feed feed(HashtagConfig(40));
  const std::string timeline = PageJson({{.id = "103", .parent = "52"}});
  ASSERT_TRUE(feed.Take(timeline).ok());
  ASSERT_TRUE(feed.Take("[]").ok());
  const Page page = feed.Take(timeline).value();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].post.root_id, "52");
}

TEST(MastodonRoots, FailingLookupMakesTheParentTheRoot) {
  Feed feed(HashtagConfig(40));
  const std::string timeline = PageJson({{.id = "103", .parent = "52"}});
  ASSERT_TRUE(feed.Take(timeline).ok());
  const WallTime late = kNow + kLookupPatience;
  EXPECT_THAT(feed.Url(late), HasSubstr("/tag/"));
  const Page page = feed.Take(timeline, late).value();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].post.root_id, "52");
}

TEST(MastodonRoots, EndlessConversationIsCutOff) {
  Feed feed(HashtagConfig(40));
  const std::string timeline = PageJson({{.id = "900", .parent = "800"}});
  int requests = 0;
  Page page;
  for (int parent = 800; page.items.empty() && requests < 100; ++requests) {
    const bool by_id = feed.Url().find("/statuses?") != std::string::npos;
    const Sample up{.id = std::to_string(parent), .parent = std::to_string(parent - 1)};
    page = feed.Take(by_id ? PageJson({up}) : timeline).value();
    if (by_id) --parent;
  }
  EXPECT_EQ(requests, 2 * kMostRounds + 1);
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].post.root_id, "790");
}

TEST(MastodonRoots, RingOfParentsEnds) {
  Feed feed(HashtagConfig(40));
  const Page page =
      feed.Take(PageJson({{.id = "2", .parent = "1"}, {.id = "1", .parent = "2"}})).value();
  EXPECT_EQ(page.items.size(), 2U);
}

TEST(MastodonCursor, OneThatIsNotOursIsRefused) {
  const std::string good =
      WriteMastodonCursor(ReadMastodonCursor("", MastodonMode::kPublic).value());
  const char* const kBad[] = {
      "x",
      "[]",
      R"({"v":2,"mode":"hashtag"})",
      R"({"v":1,"mode":"mentions"})",
      R"({"v":1,"mode":"hashtag","newest":"a b"})",
      R"({"v":1,"mode":"hashtag","watched":[["1","",0,0]]})",
      R"({"v":1,"mode":"hashtag","watched":"a b,,0,0;"})",
      R"({"v":1,"mode":"hashtag","watched":"1,a b,0,0;"})",
      R"({"v":1,"mode":"hashtag","watched":"1,,x,0;"})",
      R"({"v":1,"mode":"hashtag","watched":"1,,0,0x;"})",
      R"({"v":1,"mode":"hashtag","watched":"1,,100000000000001,0;"})",
      R"({"v":1,"mode":"hashtag","watched":";"})",
      R"({"v":1,"mode":"hashtag","parents":[["1","a b"]]})",
      R"({"v":1,"mode":"hashtag","ask":[7]})",
  };
  for (const char* const bad : kBad) {
    Feed feed(HashtagConfig());
    feed.cursor() = bad;
    const Result<Page> page = feed.Take("[]");
    ASSERT_FALSE(page.ok()) << bad;
    EXPECT_EQ(page.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(page.error().message, HasSubstr("cursor"));
  }
  EXPECT_TRUE(ReadMastodonCursor(good, MastodonMode::kPublic).ok());
}

TEST(MastodonCursor, WorstCaseStaysBelowSixtyFourKibibytes) {
  MastodonCursor cursor;
  const auto id = [](std::size_t n) {
    std::string text = std::to_string(n);
    return std::string(kMostIdBytes - text.size(), 'z') + text;
  };
  cursor.newest = cursor.top = id(0);
  cursor.rounds = kMostRounds;
  cursor.check_at = cursor.ask_until = kNow;
  for (std::size_t i = 0; i < kMostRecent; ++i)
    cursor.recent.push_back({KeptId(id(i)), KeptId(id(i)), kNow, kNow});
  for (std::size_t i = 0; i < kMostAsked; ++i) cursor.ask.push_back(id(i));
  for (std::size_t i = 0; i < kMostParents; ++i) cursor.parents.emplace(id(i), id(i));
  EXPECT_LE(WriteMastodonCursor(cursor).size(), std::size_t{64} << 10);
}

TEST(MastodonCursor, WhatIsWrittenIsRead) {
  MastodonCursor cursor = ReadMastodonCursor("", MastodonMode::kSearch).value();
  cursor.newest = "5";
  cursor.top = "6";
  cursor.offset = 40;
  cursor.recent = {{KeptId("1"), {}, kNow, {}},
                   {KeptId("2"), KeptId("1"), kNow, {}},
                   {KeptId("3"), {}, kNow, {}},
                   {KeptId("4"), {}, kNow - std::chrono::milliseconds(5), kNow}};
  cursor.turn = 1;
  cursor.check_at = kNow;
  cursor.lookup_failures = 3;
  cursor.lookup_works = true;
  cursor.rounds = 2;
  cursor.ask = {"9"};
  cursor.ask_until = kNow;
  cursor.parents = {{"8", "7"}};
  const std::string text = WriteMastodonCursor(cursor);
  EXPECT_EQ(WriteMastodonCursor(ReadMastodonCursor(text, MastodonMode::kSearch).value()), text);
  EXPECT_THAT(text, HasSubstr("1,,1780488000000;2,1;3;4,,-5,1780488000000;"));
}

TEST(MastodonCursor, IdsAreOrderedByLengthThenDigits) {
  EXPECT_TRUE(IdLess("9", "10"));
  EXPECT_TRUE(IdLess("99999999999999999999", "100000000000000000000"));
  EXPECT_FALSE(IdLess("10", "9"));
  EXPECT_FALSE(IdLess("10", "10"));
}

TEST(MastodonErrors, RateLimitResetIsAnIsoTime) {
  const HttpResponse response{
      429,
      "https://plein.example/api/v1/timelines/tag/x",
      {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "2026-06-03T12:05:00.290188Z"}},
      R"({"error":"Too many requests"})"};
  const MastodonConnector connector(HashtagConfig());
  ASSERT_TRUE(connector.ReadRateLimit(response).has_value());
  EXPECT_EQ(connector.ReadRateLimit(response)->remaining, 0);
  EXPECT_EQ(FormatTime(connector.ReadRateLimit(response)->reset_at), "2026-06-03T12:05:00.290Z");
  EXPECT_EQ(connector.ReadError(response, kNow)->code, ErrorCode::kRateLimited);
  EXPECT_EQ(connector.ReadError(response, kNow)->retry_after, std::chrono::milliseconds(300'290));
  const WallTime after = kNow + minutes(6);
  EXPECT_EQ(connector.ReadError(response, after)->retry_after, std::chrono::milliseconds(0));
}

TEST(MastodonErrors, UnreadableRateLimitIsNone) {
  const MastodonConnector connector(HashtagConfig());
  EXPECT_FALSE(connector.ReadRateLimit({200, "", {}, ""}));
  EXPECT_FALSE(connector.ReadRateLimit(
      {200, "", {{"x-ratelimit-remaining", "many"}, {"x-ratelimit-reset", "soon"}}, ""}));
}

TEST(MastodonErrors, RefusedTimelineParksAndRefusedLookupDoesNot) {
  const MastodonConnector connector(HashtagConfig());
  const std::string timeline = "https://plein.example/api/v1/timelines/tag/x?limit=2";
  const std::string lookup = "https://plein.example/api/v1/statuses?id[]=1";
  EXPECT_EQ(connector.ReadError({401, timeline, {}, ""}, kNow)->code, ErrorCode::kDenied);
  EXPECT_FALSE(connector.ReadError({503, timeline, {}, ""}, kNow));
  for (const int status : {401, 403, 404, 422})
    EXPECT_EQ(connector.ReadError({status, lookup, {}, ""}, kNow)->code, ErrorCode::kUnavailable);
}

TEST(MastodonIntervals, LoopbackMayBeAskedEverySecond) {
  EXPECT_EQ(MastodonConnector(HashtagConfig()).least_interval(), seconds(15));
  MastodonConfig config = HashtagConfig();
  config.instance = "http://127.0.0.1:8080/m/plein.example";
  EXPECT_EQ(MastodonConnector(config).least_interval(), seconds(1));
}

}  // namespace
}  // namespace webcare

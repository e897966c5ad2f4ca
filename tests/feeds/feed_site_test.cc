#include "tests/feeds/feed_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/json.h"
#include "tests/feeds/feed_main.h"
#include "tests/feeds/feed_text.h"

namespace webcare {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kSources = R"([
  {"id":"brand","site":"mastodon","path":"/m/plein.example","account":"duif@plein.example"},
  {"id":"news","site":"rss","path":"/news.xml","window":2,"archive":true},
  {"id":"json","site":"jsonfeed","path":"/feed.json"}])";

std::string Line(const std::string& source, const std::string& id, const std::string& at,
                 const std::string& rest) {
  return R"({"source":")" + source + R"(","id":")" + id + R"(","at":"2026-06-03T)" + at +
         R"(Z","author":{"id":"a1","handle":"anna@plein.example","name":"Anna"},)" + rest + "}";
}

std::vector<std::string> Lines() {
  return {
      Line("brand", "m1", "08:00:00", R"("text":"weg #postduif @duif")"),
      Line("brand", "m2", "08:01:00",
           R"("text":"ook #postduif","reply_to":"m1","edits":[{"at":"2026-06-03T08:10:00Z",)"
           R"("text":"ook, al lang #postduif"}])"),
      Line("brand", "m3", "08:02:00",
           R"("text":"niets #postduif","deleted_at":"2026-06-03T08:20:00Z")"),
      Line("brand", "m4", "08:03:00", R"("text":"stil #postduif @duif","visibility":"direct")"),
      Line("news", "n1", "08:00:00", R"("text":"een")"),
      Line("news", "n2", "08:01:00", R"("text":"twee","rating":2)"),
      Line("news", "n3", "08:02:00", R"("text":"drie")"),
      Line("json", "j1", "08:00:00", R"("text":"jee")"),
  };
}

class Site : public testing::Test {
 protected:
  explicit Site(std::size_t copies = 1) {
    std::vector<FeedPost> posts;
    for (const std::string& line : Lines()) posts.push_back(ReadFeedPost(line).value());
    FeedDay day = MakeFeedDay(ReadFeedSources(kSources).value(), posts).value();
    FeedSiteOptions options;
    options.at = *ReadFeedTime("2026-06-03T08:05:00Z");
    options.copies = copies;
    site_ = std::make_unique<FeedSite>(std::move(day), options, now_);
  }

  FeedReply Get(const std::string& target, FeedHeaders headers = {}) {
    return site_->Answer({"GET", target, std::move(headers), ""}, now_);
  }
  FeedReply Post(const std::string& body) {
    return site_->Answer({"POST", "/control", {}, body}, now_);
  }
  std::vector<std::string> Ids(const std::string& target, FeedHeaders headers = {}) {
    const FeedReply reply = Get("/m/plein.example" + target, std::move(headers));
    const JsonDocument document = JsonDocument::Parse(*reply.body).value();
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < document.root().size(); ++i)
      ids.push_back(document.root().at(i)["id"].IdText());
    return ids;
  }
  std::string Id(const std::string& id) { return site_->MastodonId("brand", id); }
  static std::string Header(const FeedReply& reply, const std::string& name) {
    for (const auto& [key, value] : reply.headers)
      if (key == name) return value;
    return "";
  }

  FeedSite::Now now_;
  std::unique_ptr<FeedSite> site_;
};

class DoubleSite : public Site {
 protected:
  DoubleSite() : Site(2) {}
};

TEST_F(Site, TimelineIsNewestFirstAndHidesPrivatePosts) {
  EXPECT_THAT(Ids("/api/v1/timelines/tag/PostDuif"), ElementsAre(Id("m3"), Id("m2"), Id("m1")));
}

TEST_F(Site, MinIdGivesThePageJustAboveAndSinceIdTheNewest) {
  const std::string tag = "/api/v1/timelines/tag/postduif?limit=1&";
  EXPECT_THAT(Ids(tag + "min_id=" + Id("m1")), ElementsAre(Id("m2")));
  EXPECT_THAT(Ids(tag + "since_id=" + Id("m1")), ElementsAre(Id("m3")));
  EXPECT_THAT(Ids(tag + "max_id=" + Id("m2")), ElementsAre(Id("m1")));
}

TEST_F(Site, LinkHeaderPointsAtBothNeighbours) {
  const FeedReply reply = Get("/m/plein.example/api/v1/timelines/tag/postduif?limit=1");
  EXPECT_THAT(Header(reply, "Link"), HasSubstr("limit=1&max_id=" + Id("m3") + ">; rel=\"next\""));
  EXPECT_THAT(Header(reply, "Link"), HasSubstr("limit=1&min_id=" + Id("m3") + ">; rel=\"prev\""));
}

TEST_F(Site, NotificationsNeedATokenAndShowDirectMessages) {
  const std::string path = "/api/v1/notifications?types[]=mention";
  EXPECT_EQ(Get("/m/plein.example" + path).status, 401);
  EXPECT_THAT(Ids(path, {{"authorization", "Bearer x"}}), ElementsAre("1002", "1001"));
}

TEST_F(Site, PostsEditsAndDeletionsComeWithVirtualTime) {
  const std::string path =
      "/m/plein.example/api/v1/statuses?id[]=" + Id("m2") + "&id[]=" + Id("m3");
  EXPECT_THAT(*Get(path).body, Not(HasSubstr("al lang")));
  now_.steady += std::chrono::minutes(10);
  EXPECT_THAT(*Get(path).body, HasSubstr("al lang"));
  ASSERT_EQ(Post(R"({"at":"2026-06-03T08:20:00Z"})").status, 200);
  EXPECT_THAT(*Get(path).body, Not(HasSubstr("niets")));
}

TEST_F(Site, UnchangedPageIs304AndAnEditMakesItNew) {
  const std::string path = "/m/plein.example/api/v1/timelines/tag/postduif";
  const std::string etag = Header(Get(path), "ETag");
  EXPECT_TRUE(etag.starts_with("W/\""));
  EXPECT_EQ(Get(path, {{"if-none-match", etag}}).status, 304);
  now_.steady += std::chrono::minutes(6);
  EXPECT_EQ(Get(path, {{"if-none-match", etag}}).status, 200);
}

TEST_F(Site, ContextGivesTheChainUpwards) {
  const FeedReply reply = Get("/m/plein.example/api/v1/statuses/" + Id("m2") + "/context");
  const JsonDocument document = JsonDocument::Parse(*reply.body).value();
  EXPECT_EQ(document.root()["ancestors"].at(0)["id"].IdText(), Id("m1"));
}

TEST_F(Site, FeedShowsItsWindowAndPointsAtTheArchive) {
  const FeedReply reply = Get("/news.xml");
  EXPECT_THAT(*reply.body, HasSubstr(">n3<"));
  EXPECT_THAT(*reply.body, Not(HasSubstr(">n1<")));
  EXPECT_THAT(*reply.body, HasSubstr("prev-archive"));
  EXPECT_THAT(*Get("/news.xml?archive=0").body, HasSubstr(">n1<"));
  EXPECT_EQ(Get("/news.xml?archive=1").status, 404);
}

TEST_F(Site, FeedAnswersIfModifiedSince) {
  const std::string since = Header(Get("/feed.json"), "Last-Modified");
  EXPECT_EQ(since, "Wed, 03 Jun 2026 08:00:00 GMT");
  EXPECT_EQ(Get("/feed.json", {{"if-modified-since", since}}).status, 304);
}

TEST_F(Site, FaultsAreUsedUpInOrder) {
  ASSERT_EQ(Post(R"({"faults":[{"kind":"status","path":"/feed.json","status":429,)"
                 R"("headers":[{"name":"Retry-After","value":"120"}]},{"kind":"garbage"}]})")
                .status,
            200);
  const FeedReply limited = Get("/feed.json");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(Header(limited, "Retry-After"), "120");
  EXPECT_FALSE(JsonDocument::Parse(*Get("/feed.json").body).ok());
  EXPECT_TRUE(JsonDocument::Parse(*Get("/feed.json").body).ok());
}

TEST_F(Site, WrongCommandChangesNothing) {
  EXPECT_EQ(Post(R"({"at":"2026-06-03T09:00:00Z","fautls":[]})").status, 400);
  EXPECT_THAT(*Get("/control/stats").body, HasSubstr("2026-06-03T08:05:00"));
}

TEST_F(Site, RateLimitEndsIn429WithTheResetTime) {
  ASSERT_EQ(Post(R"({"rate_limit":1})").status, 200);
  EXPECT_EQ(Get("/feed.json").status, 200);
  const FeedReply reply = Get("/feed.json");
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(Header(reply, "X-RateLimit-Remaining"), "0");
  EXPECT_EQ(Header(reply, "X-RateLimit-Reset"), "1970-01-01T00:05:00.000188Z");
}

TEST_F(DoubleSite, CopiesHaveIdsAndAuthorsOfTheirOwn) {
  EXPECT_EQ(Ids("/api/v1/timelines/tag/postduif").size(), 6U);
  const std::string second = site_->MastodonId("brand", "m2", 1);
  const FeedReply reply = Get("/m/plein.example/api/v1/statuses/" + second);
  EXPECT_THAT(*reply.body, HasSubstr(R"("acct":"annax1")"));
  EXPECT_THAT(*reply.body,
              HasSubstr(R"("in_reply_to_id":")" + site_->MastodonId("brand", "m1", 1)));
}

TEST(FeedDay, MistakesAreNamed) {
  const auto reason = [](const std::string& line) { return ReadFeedPost(line).error().message; };
  EXPECT_EQ(reason(Line("brand", "m1", "08:00:00", R"("txet":"")")), "unknown key 'txet'");
  EXPECT_THAT(reason(Line("brand", "m1", "8:00", R"("text":"")")), HasSubstr("'at'"));
  EXPECT_THAT(reason(Line("brand", "", "08:00:00", R"("text":"")")), HasSubstr("'id'"));
  std::vector<FeedPost> twice(2, ReadFeedPost(Lines()[0]).value());
  EXPECT_THAT(MakeFeedDay(ReadFeedSources(kSources).value(), twice).error().message,
              HasSubstr("twice"));
}

TEST(FeedText, HtmlIsWhatMastodonMakes) {
  EXPECT_EQ(MastodonHtml("a <b>\nc\n\n#d @e@f.nl.", "x.nl"),
            "<p>a &lt;b&gt;<br />c</p><p><a href=\"https://x.nl/tags/d\" class=\"mention hashtag\" "
            "rel=\"tag\">#<span>d</span></a> <span class=\"h-card\" translate=\"no\"><a "
            "href=\"https://f.nl/@e\" class=\"u-url mention\">@<span>e</span></a></span>.</p>");
  EXPECT_EQ(FeedHtml("zie https://x.nl/a?b&c."),
            "<p>zie <a href=\"https://x.nl/a?b&amp;c\">https://x.nl/a?b&amp;c</a>.</p>");
}

TEST(FeedArguments, AreChecked) {
  EXPECT_FALSE(ReadFeedArguments({}).ok());
  EXPECT_FALSE(ReadFeedArguments({"--data", "d", "--speed", "-1"}).ok());
  EXPECT_FALSE(ReadFeedArguments({"--data", "d", "--port", "65536"}).ok());
  EXPECT_TRUE(ReadFeedArguments({"--data", "d", "--at", "2026-06-03T08:00:00Z", "--all"}).ok());
}

}  // namespace
}  // namespace webcare

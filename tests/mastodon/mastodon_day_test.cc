// The connector against the feed server, without a network: a day goes by in milliseconds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/feeds/feed_site.h"
#include "tests/mastodon/samples.h"

namespace webcare {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kSources =
    R"([{"id":"brand","site":"mastodon","path":"/m/plein.example","account":"duif@plein.example"}])";

FeedPost MakePost(int number, const std::string& more) {
  const std::string minute = std::to_string(10 + number % 50);
  const std::string hour = std::to_string(10 + number / 50);
  return ReadFeedPost(R"({"source":"brand","id":"m)" + std::to_string(number) +
                      R"(","at":"2026-06-03T)" + hour + ":" + minute +
                      R"(:00Z","author":{"id":"a","handle":"anna@plein.example","name":"Anna"},)" +
                      more + "}")
      .value();
}

// What the daemon would know after polling: the last text of each post.
struct World {
  std::map<std::string, std::string> texts;  // By the id of the day ("m1").
  std::map<std::string, std::string> roots;
  int requests = 0;
  int failures = 0;
};

class Day {
 public:
  Day(std::vector<FeedPost> posts, MastodonConfig config) : feed_(std::move(config)) {
    FeedSiteOptions options;
    options.at = *ReadFeedTime("2026-06-03T10:00:00Z");
    options.speed = 1;
    FeedDay day = MakeFeedDay(ReadFeedSources(kSources).value(), std::move(posts)).value();
    for (const FeedPost& post : day.posts) names_.push_back(post.id);
    site_ = std::make_unique<FeedSite>(std::move(day), options, now_);
  }

  // One poll as the poller does it: requests until a page says that there is no more.
  void Poll() {
    for (int pages = 0; pages < 50; ++pages)
      if (!Ask()) return;
  }
  void PollFor(minutes time) {
    for (seconds passed{0}; passed < time; passed += seconds(30)) {
      Advance(seconds(30));
      Poll();
    }
  }
  void Advance(seconds time) {
    now_.steady += time;
    now_.wall += time;
  }
  World& world() { return world_; }
  // "m7" for the instance's id of it.
  std::string NameOf(const std::string& native) const {
    for (const std::string& name : names_)
      if (site_->MastodonId("brand", name) == native) return name;
    return native;
  }
  FeedSite& site() { return *site_; }
  FeedSite::Now now() const { return now_; }

 private:
  bool Ask() {
    ++world_.requests;
    const HttpRequest request = feed_.connector().BuildRequest(feed_.cursor(), now_.wall);
    FeedRequest asked;
    asked.target = request.url.substr(std::string("https://plein.example").size());
    if (!request.bearer_token.empty()) asked.headers.emplace_back("authorization", "Bearer x");
    const FeedReply reply = site_->Answer(asked, now_);
    HttpResponse response{reply.status, request.url, {}, *reply.body};
    for (const auto& [name, value] : reply.headers)
      response.headers.emplace_back(name == "Link" ? "link" : name, value);
    if (reply.status != 200) return ++world_.failures, false;
    const Result<Page> page = feed_.connector().ParsePage(response, feed_.cursor(), now_.wall);
    if (!page) return ++world_.failures, false;
    feed_.cursor() = page->next_cursor;
    Keep(*page);
    return page->more;
  }
  void Keep(const Page& page) {
    for (const Item& item : page.items) {
      const std::string name = NameOf(item.post.native_id);
      world_.texts[name] = item.post.text;
      world_.roots[name] = NameOf(item.post.root_id);
    }
    for (const Deletion& deletion : page.deletions) world_.texts.erase(NameOf(deletion.native_id));
  }

  Feed feed_;
  std::unique_ptr<FeedSite> site_;
  std::vector<std::string> names_;
  FeedSite::Now now_{SteadyTime{}, *ReadFeedTime("2026-06-03T10:00:00Z")};
  World world_;
};

MastodonConfig DayConfig(int limit = 40) {
  MastodonConfig config = HashtagConfig(limit);
  config.instance = "https://plein.example/m/plein.example";
  return config;
}

TEST(MastodonDay, EveryPostIsReadOnceAndInOrderHoweverSmallThePage) {
  std::vector<FeedPost> posts;
  for (int i = 0; i < 200; ++i)
    posts.push_back(MakePost(i, R"("text":"nummer )" + std::to_string(i) + R"( #postduif")"));
  Day day(posts, DayConfig(3));
  day.Advance(minutes(10));
  day.Poll();
  day.Advance(minutes(600));
  day.Poll();
  day.Poll();
  EXPECT_EQ(day.world().texts.size(), 200U);
  EXPECT_EQ(day.world().failures, 0);
}

TEST(MastodonDay, EditsAndDeletionsAreSeen) {
  std::vector<FeedPost> posts = {
      MakePost(0, R"("text":"aardig #postduif","edits":[{"at":"2026-06-03T10:20:00Z",)"
                  R"("text":"toch kapot #postduif"}])"),
      MakePost(1, R"("text":"weg ermee #postduif","deleted_at":"2026-06-03T10:30:00Z")"),
  };
  for (int i = 2; i < 45; ++i) posts.push_back(MakePost(i, R"("text":"ruis #postduif")"));
  Day day(posts, DayConfig());
  day.PollFor(minutes(15));
  EXPECT_EQ(day.world().texts["m0"], "aardig #postduif");
  EXPECT_EQ(day.world().texts.count("m1"), 1U);
  day.PollFor(minutes(30));
  EXPECT_EQ(day.world().texts["m0"], "toch kapot #postduif");
  EXPECT_EQ(day.world().texts.count("m1"), 0U);
  EXPECT_EQ(day.world().failures, 0);
}

// The middle of the conversation is not in the timeline; only the root and the leaf have the tag.
TEST(MastodonDay, RootIsFoundThroughPostsThatAreNotInTheTimeline) {
  std::vector<FeedPost> posts = {
      MakePost(0, R"("text":"het begin")"),
      MakePost(1, R"("text":"tussendoor","reply_to":"m0")"),
      MakePost(2, R"("text":"nog een","reply_to":"m1")"),
      MakePost(3, R"("text":"nu met naam #postduif","reply_to":"m2")"),
      MakePost(4, R"("text":"en ik #postduif","reply_to":"m1")"),
  };
  Day day(posts, DayConfig());
  day.PollFor(minutes(20));
  EXPECT_EQ(day.world().roots["m3"], "m0");
  EXPECT_EQ(day.world().roots["m4"], "m0");
  EXPECT_EQ(day.world().texts.size(), 2U);
}

TEST(MastodonDay, FailingLookupsOnlyCostTheEdits) {
  Day day({MakePost(0, R"("text":"een #postduif")"), MakePost(5, R"("text":"twee #postduif")")},
          DayConfig());
  const FeedReply reply =
      day.site().Answer({"POST",
                         "/control",
                         {},
                         R"({"faults":[{"kind":"status","status":404,"times":100000,)"
                         R"("path":"/m/plein.example/api/v1/statuses"}]})"},
                        day.now());
  ASSERT_EQ(reply.status, 200);
  day.PollFor(minutes(60));
  EXPECT_EQ(day.world().texts.size(), 2U);
  EXPECT_LT(day.world().failures, 30);
}

TEST(MastodonDay, MentionsShowDirectMessages) {
  MastodonConfig config = DayConfig();
  config.mode = MastodonMode::kMentions;
  config.token = "t";
  Day day(
      {MakePost(0, R"("text":"@duif help","visibility":"direct")"),
       MakePost(1, R"("text":"niet voor ons")"), MakePost(2, R"("text":"@duif@plein.example ?")")},
      config);
  day.PollFor(minutes(20));
  EXPECT_EQ(day.world().texts.size(), 2U);
  EXPECT_EQ(day.world().failures, 0);
}

TEST(MastodonDay, SearchFindsWhatTheHashtagMisses) {
  MastodonConfig config = DayConfig(2);
  config.mode = MastodonMode::kSearch;
  config.query = "duif";
  config.token = "t";
  std::vector<FeedPost> posts;
  for (int i = 0; i < 20; ++i) posts.push_back(MakePost(i, R"("text":"mijn duif is weg")"));
  Day day(posts, config);
  day.PollFor(minutes(40));
  EXPECT_EQ(day.world().texts.size(), 20U);
  EXPECT_EQ(day.world().failures, 0);
}

}  // namespace
}  // namespace webcare

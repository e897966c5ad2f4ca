// What is remembered between polls: ids, gaps, archives, deletions, intervals.
#include <gmock/gmock.h>

#include "connectors/sites/syndication/feed_cursor.h"
#include "connectors/sites/syndication/feed_timing.h"
#include "daemon/base/digest.h"
#include "tests/syndication/syndication_helpers.h"

namespace webcare {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Entry(std::string_view id) {
  return "<entry><id>" + std::string(id) + "</id><title>x</title></entry>";
}

std::vector<std::string> Ids(const Page& page) {
  std::vector<std::string> ids;
  for (const Item& item : page.items) ids.push_back(item.post.native_id);
  return ids;
}

std::vector<std::string> Gone(const Page& page) {
  std::vector<std::string> ids;
  for (const Deletion& deletion : page.deletions) ids.push_back(deletion.native_id);
  return ids;
}

// A feed polled again and again.
class Polls {
 public:
  explicit Polls(std::string_view keys = "") : connector_(MakeFeedConnector(keys)) {}

  Page Poll(std::string body) {
    const HttpRequest request = connector_->BuildRequest(cursor_, now_);
    asked_ = request.url;
    conditional_ = request.conditional;
    auto page = connector_->ParsePage(Answer(std::move(body), {}, request.url), cursor_, now_);
    EXPECT_TRUE(page.ok());
    if (!page.ok()) return {};
    cursor_ = page->next_cursor;
    EXPECT_LE(cursor_.size(), 64U << 10);
    return std::move(page).value();
  }
  void Pass(hours time) { now_ += time; }

  const std::string& asked() const { return asked_; }
  bool conditional() const { return conditional_; }

 private:
  std::unique_ptr<Connector> connector_;
  Cursor cursor_;
  WallTime now_ = TestNow();
  std::string asked_;
  bool conditional_ = true;
};

TEST(FeedPolls, DeliverTheWholeWindowOldestFirst) {
  Polls polls;
  EXPECT_THAT(Ids(polls.Poll(Atom(Entry("2") + Entry("1")))), ElementsAre("1", "2"));
  EXPECT_THAT(Ids(polls.Poll(Atom(Entry("3") + Entry("2")))), ElementsAre("2", "3"));
  EXPECT_EQ(polls.asked(), kFeedUrl);
  EXPECT_TRUE(polls.conditional());
}

TEST(FeedPolls, SortByDateBeforeOrder) {
  Polls polls;
  EXPECT_THAT(Ids(polls.Poll(Atom(
                  "<entry><id>old</id><title>x</title><updated>2026-01-01</updated></entry>"
                  "<entry><id>new</id><title>x</title><updated>2026-02-01</updated></entry>"))),
              ElementsAre("old", "new"));
}

TEST(FeedPolls, WarnOfAGapWhenNothingIsKnownAnyMore) {
  Polls polls;
  EXPECT_THAT(polls.Poll(Atom(Entry("1"))).warnings, IsEmpty());
  EXPECT_THAT(polls.Poll(Atom(Entry("2") + Entry("1"))).warnings, IsEmpty());
  EXPECT_THAT(polls.Poll(Atom("")).warnings, IsEmpty());
  EXPECT_THAT(polls.Poll(Atom(Entry("4") + Entry("3"))).warnings, ElementsAre(HasSubstr("gap")));
  EXPECT_THAT(polls.Poll(Atom(Entry("4"))).warnings, IsEmpty());
}

TEST(FeedPolls, DeliverAnEditedItemAgainUnderItsId) {
  Polls polls;
  const auto entry = [](std::string_view text) {
    return Atom("<entry><id>1</id><title>" + std::string(text) + "</title></entry>");
  };
  const Page before = polls.Poll(entry("kapot"));
  const Page after = polls.Poll(entry("kapot, en nu ook lek"));
  EXPECT_EQ(before.items.at(0).post.native_id, after.items.at(0).post.native_id);
  EXPECT_EQ(after.items.at(0).post.text, "kapot, en nu ook lek");
}

TEST(FeedPolls, KeepTheLatestOfTwoItemsWithOneId) {
  const Page page =
      ParseFeed(Rss("",
                    "<item><guid>1</guid><title>oud</title><pubDate>1 nov 2026</pubDate></item>"
                    "<item><guid>1</guid><title>nieuw</title><pubDate>2 nov 2026</pubDate></item>"
                    "<item><guid>2</guid><title>eerste</title></item><item><guid>2</"
                    "guid><title>tweede</title></item>"));
  ASSERT_EQ(page.items.size(), 2U);
  EXPECT_EQ(page.items[0].post.text, "nieuw");
  EXPECT_EQ(page.items[1].post.text, "eerste");
}

TEST(FeedPolls, TakeLinksWhenOneGuidStandsForAll) {
  const std::string one =
      "<item><guid isPermaLink='false'>g</guid><link>/1</link><title>x</title></item>";
  const std::string two =
      "<item><guid isPermaLink='false'>g</guid><link>/2</link><title>x</title></item>";
  Polls polls;
  EXPECT_THAT(Ids(polls.Poll(Rss("", two + one))),
              ElementsAre("https://shop.example/1", "https://shop.example/2"));
  EXPECT_THAT(Ids(polls.Poll(Rss("", two))), ElementsAre("https://shop.example/2"));
}

std::string Archive(std::string_view entries, std::string_view older) {
  const std::string link =
      older.empty() ? "" : "<link rel='prev-archive' href='" + std::string(older) + "'/>";
  return Atom("<fh:archive/>" + link + std::string(entries));
}
std::string Newest(std::string_view entries, std::string_view older) {
  return Atom("<link rel='prev-archive' href='" + std::string(older) + "'/>" +
              std::string(entries));
}

TEST(FeedArchives, CountAsKnownAtTheFirstPoll) {
  Polls polls;
  EXPECT_FALSE(polls.Poll(Newest(Entry("5"), "/a2")).more);
  EXPECT_FALSE(polls.Poll(Newest(Entry("6"), "/a2")).more);
}

TEST(FeedArchives, AreReadBackToTheKnownOne) {
  Polls polls;
  polls.Poll(Newest(Entry("5"), "/a2"));
  EXPECT_TRUE(polls.Poll(Newest(Entry("9"), "/a4")).more);
  EXPECT_TRUE(polls.Poll(Archive(Entry("8") + Entry("7"), "/a3")).more);
  EXPECT_EQ(polls.asked(), "https://shop.example/a4");
  EXPECT_FALSE(polls.conditional());
  const Page last = polls.Poll(Archive(Entry("6"), "/a2"));
  EXPECT_EQ(polls.asked(), "https://shop.example/a3");
  EXPECT_FALSE(last.more);
  EXPECT_THAT(Ids(last), ElementsAre("6"));
  EXPECT_THAT(polls.Poll(Newest(Entry("9"), "/a4")).warnings, IsEmpty());
  EXPECT_EQ(polls.asked(), kFeedUrl);
}

TEST(FeedArchives, ThatAppearLaterAreReadBackToAKnownItem) {
  Polls polls;
  polls.Poll(Atom(Entry("2") + Entry("1")));
  EXPECT_TRUE(polls.Poll(Newest(Entry("5"), "/a2")).more);
  EXPECT_TRUE(polls.Poll(Archive(Entry("4") + Entry("3"), "/a1")).more);
  EXPECT_FALSE(polls.Poll(Archive(Entry("2"), "/a0")).more);
}

TEST(FeedArchives, AreAllReadWithBackfill) {
  Polls polls("backfill: true\n");
  EXPECT_TRUE(polls.Poll(Newest(Entry("3"), "/a2")).more);
  EXPECT_TRUE(polls.Poll(Archive(Entry("2"), "/a1")).more);
  EXPECT_FALSE(polls.Poll(Archive(Entry("1"), "")).more);
}

TEST(FeedArchives, ThatAreUnreadableEndTheWalkWithAWarning) {
  Polls polls("backfill: true\n");
  polls.Poll(Newest(Entry("3"), "/a2"));
  const Page page = polls.Poll("<html>weg</html>");
  EXPECT_FALSE(page.more);
  EXPECT_THAT(page.warnings, ElementsAre(HasSubstr("gap")));
}

TEST(FeedArchives, ThatHoldUpAreGivenUpAfterAnHour) {
  Polls polls("backfill: true\n");
  polls.Poll(Newest(Entry("3"), "/a2"));
  polls.Pass(hours(1));
  const Page page = polls.Poll(Newest(Entry("4") + Entry("3"), "/a2"));
  EXPECT_EQ(polls.asked(), kFeedUrl);
  EXPECT_THAT(page.warnings, ElementsAre(HasSubstr("given up")));
  EXPECT_FALSE(polls.conditional()) << "or the walk would be given up only when the feed changes";
  EXPECT_FALSE(page.more);
}

TEST(FeedArchives, OnOtherHostsAreNotFollowed) {
  Polls polls("backfill: true\n");
  const Page page = polls.Poll(Newest(Entry("3"), "https://intranet.example/a"));
  EXPECT_FALSE(page.more);
  EXPECT_THAT(page.warnings, ElementsAre(HasSubstr("another host")));
}

TEST(FeedArchives, ThatNeverEndAreLeftAfterTwoHundred) {
  Polls polls("backfill: true\n");
  Page page = polls.Poll(Newest(Entry("new"), "/a0"));
  int pages = 0;
  while (page.more && pages < 1000) {
    ++pages;
    page = polls.Poll(Archive(Entry("e" + std::to_string(pages)), "/a" + std::to_string(pages)));
  }
  EXPECT_EQ(pages, 200);
  EXPECT_THAT(page.warnings, ElementsAre(HasSubstr("200")));
}

std::string Paged(std::string_view entries, std::string_view next) {
  return Atom("<link rel='next' href='" + std::string(next) + "'/>" + std::string(entries));
}

TEST(FeedPages, AreFollowedForBackfillOnly) {
  EXPECT_FALSE(Polls().Poll(Paged(Entry("3"), "?paged=2")).more);
  Polls polls("backfill: true\n");
  EXPECT_TRUE(polls.Poll(Paged(Entry("3"), "?paged=2")).more);
  EXPECT_TRUE(polls.Poll(Paged(Entry("2"), "?paged=3")).more);
  EXPECT_EQ(polls.asked(), "https://shop.example/feed?paged=2");
  EXPECT_FALSE(polls.Poll(Atom(Entry("1"))).more);
  EXPECT_FALSE(polls.Poll(Paged(Entry("4") + Entry("3"), "?paged=2")).more);
  EXPECT_TRUE(polls.Poll(Paged(Entry("9"), "?paged=2")).more);
  EXPECT_FALSE(polls.Poll(Paged(Entry("8") + Entry("4"), "?paged=3")).more);
}

TEST(FeedPages, OfJsonFeedsAreFollowed) {
  Polls polls("backfill: true\n");
  EXPECT_TRUE(polls
                  .Poll(R"({"version":"https://jsonfeed.org/version/1.1","next_url":"/2",
                             "items":[{"id":"1","title":"x"}]})")
                  .more);
}

TEST(FeedDeletions, AreReadFromTombstones) {
  EXPECT_THAT(
      Gone(ParseFeed(Atom(Entry("1") + "<at:deleted-entry ref='2' when='2026-11-01T00:00:00Z' "
                                       "xmlns:at='http://purl.org/atompub/tombstones/1.0'/>"
                                       "<at:deleted-entry ref='1'/>"))),
      ElementsAre("2"));
}

TEST(FeedDeletions, AreWhatVanishedFromACompleteFeed) {
  Polls polls;
  const std::string complete = "<fh:complete/>";
  EXPECT_THAT(Gone(polls.Poll(Atom(complete + Entry("1") + Entry("2") + Entry("3")))), IsEmpty());
  EXPECT_THAT(Gone(polls.Poll(Atom(complete + Entry("1") + Entry("3")))), ElementsAre("2"));
  EXPECT_THAT(Gone(polls.Poll(Atom(complete + Entry("1") + Entry("3")))), IsEmpty());
}

TEST(FeedDeletions, AreNotGuessedFromAWindowOrACutOffFeed) {
  Polls polls;
  polls.Poll(Atom(Entry("1") + Entry("2")));
  EXPECT_THAT(Gone(polls.Poll(Atom(Entry("2")))), IsEmpty());
  polls.Poll(Atom("<fh:complete/>" + Entry("1") + Entry("2")));
  EXPECT_THAT(Gone(polls.Poll("<feed xmlns='http://www.w3.org/2005/Atom'><fh:complete/>" +
                              Entry("1") + "<ent")),
              IsEmpty());
  EXPECT_THAT(
      Gone(polls.Poll(Atom("<fh:complete/>" + Entry("1") + "<entry><id>2</id><x></entry>"))),
      IsEmpty());
  EXPECT_THAT(Gone(polls.Poll(Atom("<fh:complete/>" + Entry("1")))), ElementsAre("2"));
}

TEST(FeedDeletions, AreLeftWhereTheIdsDoNotFit) {
  std::string entries;
  for (int i = 0; i < 400; ++i) entries += Entry(std::string(100, 'x') + std::to_string(i));
  EXPECT_THAT(Polls().Poll(Atom("<fh:complete/>" + entries)).warnings,
              ElementsAre(HasSubstr("too large")));
}

struct WishCase {
  std::string_view channel;
  std::string_view cache_control;
  std::optional<seconds> wish;
};
class FeedWish : public ::testing::TestWithParam<WishCase> {};
// Now is Sunday 12:00 GMT.
TEST_P(FeedWish, IsPassedOn) {
  const Page page = ParseFeed(Rss(GetParam().channel, ""), "",
                              {{"cache-control", std::string(GetParam().cache_control)}});
  EXPECT_EQ(page.min_interval, GetParam().wish);
}
INSTANTIATE_TEST_SUITE_P(
    Wishes, FeedWish,
    ::testing::Values(
        WishCase{"", "", std::nullopt}, WishCase{"<ttl>60</ttl>", "", hours(1)},
        WishCase{"<ttl>1</ttl>", "", minutes(5)}, WishCase{"<ttl>99999999999</ttl>", "", hours(24)},
        WishCase{"<ttl>0</ttl>", "", std::nullopt}, WishCase{"<ttl>x</ttl>", "", std::nullopt},
        WishCase{"", "public, max-age=900", seconds(900)},
        WishCase{"", "max-age=0, no-cache", std::nullopt},
        WishCase{"", "s-maxage=900", std::nullopt},
        WishCase{"<ttl>30</ttl>", "max-age=900", minutes(30)},
        WishCase{
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            "", hours(6)},
        WishCase{
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            "", hours(1)},
        WishCase{"<sy:updatePeriod>yearly</sy:updatePeriod>", "", hours(24)},
        WishCase{"<skipHours><hour>12</hour><hour>13</hour><hour>24</hour></skipHours>", "",
                 hours(2)},
        WishCase{"<skipHours><hour>11</hour></skipHours>", "", std::nullopt},
        WishCase{"<skipDays><day>Sunday</day></skipDays>", "", hours(12)},
        WishCase{"<skipDays><day>Monday</day></skipDays>", "", std::nullopt}));

TEST(FeedTiming, NeverSkipsAWholeWeek) {
  FeedTiming timing;
  timing.skip_days.fill(true);
  EXPECT_EQ(WishedInterval(timing, "", TestNow(), minutes(5)), std::nullopt);
}

TEST(FeedCursorText, ComesBackAsWritten) {
  FeedCursor cursor;
  cursor.known = {HashOfId("a"), HashOfId("b")};
  cursor.by_link = true;
  cursor.archive = "https://shop.example/a";
  cursor.complete = {"1"};
  cursor.walk =
      FeedWalk{"https://shop.example/b", 7, TestNow(), "https://shop.example/c", {HashOfId("c")}};
  const Cursor text = WriteCursor(cursor);
  EXPECT_EQ(WriteCursor(*ParseCursor(text)), text);
  EXPECT_THAT(text, HasSubstr("\"v\":1"));
}

TEST(FeedCursorText, HoldsHashesAsSixteenDigits) {
  FeedCursor cursor;
  cursor.known = {HashOfId("a"), 0x1f};
  const std::string of_a = HashParts({"a"}).Hex().substr(0, 16);
  const Cursor text = R"({"v":1,"known":[")" + of_a + R"(","000000000000001f"]})";
  EXPECT_EQ(WriteCursor(cursor), text);
  EXPECT_EQ(ParseCursor(text)->known, cursor.known);
  for (const auto* damaged : {"", "1f", "00000000000000zz", "000000000000001f0"}) {
    const Cursor with = R"({"v":1,"known":["000000000000001f",")" + std::string(damaged) + "\"]}";
    EXPECT_THAT(ParseCursor(with)->known, ElementsAre(0x1f)) << damaged;
  }
}

TEST(FeedCursorText, OfOthersIsAFirstPoll) {
  for (const auto* text : {"", "x", "{}", "{\"v\":2}", "[]", "{\"v\":\"1\"}"}) {
    EXPECT_FALSE(ParseCursor(text).has_value()) << text;
  }
}

TEST(FeedCursorText, RemembersAThousandIds) {
  FeedCursor cursor;
  for (int i = 0; i < 5; ++i) {
    std::vector<ItemHash> hashes;
    for (int j = 0; j < 500; ++j) hashes.push_back(HashOfId(std::to_string(i * 400 + j)));
    cursor.Remember(hashes);
  }
  EXPECT_EQ(cursor.known.size(), 1000U);
  EXPECT_TRUE(cursor.KnowsAny({{HashOfId("0"), HashOfId("2099")}}));
  EXPECT_FALSE(cursor.KnowsAny({{HashOfId("0")}}));
  EXPECT_FALSE(cursor.KnowsAny({}));
}

TEST(SyndicationKeys, AreChecked) {
  Diagnostics diagnostics;
  const auto make = [&](std::string_view yaml) {
    return kSyndicationConnector.make(ParseYaml("f.yaml", std::string(yaml) + "...\n", diagnostics),
                                      NoSecrets());
  };
  EXPECT_EQ(make("kind: post\n"), nullptr);
  EXPECT_EQ(make("url: ftp://shop.example/\n"), nullptr);
  EXPECT_NE(make("url: http://shop.example/\n"), nullptr);
  EXPECT_THAT(diagnostics.ToText(), HasSubstr("f.yaml:1:6: not an http"));
}

TEST(SyndicationIntervals, AreShortForThisMachineOnly) {
  Diagnostics diagnostics;
  const auto least = [&](std::string_view url) {
    return kSyndicationConnector
        .make(ParseYaml("f.yaml", "url: " + std::string(url) + "\n...\n", diagnostics), NoSecrets())
        ->least_interval();
  };
  EXPECT_EQ(least("https://shop.example/"), minutes(5));
  EXPECT_EQ(least("http://127.0.0.1:8080/"), seconds(1));
  EXPECT_EQ(least("http://localhost/"), seconds(1));
  EXPECT_EQ(least("http://127.shop.example/"), minutes(5));
}

}  // namespace
}  // namespace webcare

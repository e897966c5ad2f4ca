#include "connectors/sites/mastodon/mastodon_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mastodon/samples.h"

namespace webcare {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Result<Item> Read(const std::string& json) {
  const JsonDocument document = JsonDocument::Parse(json).value();
  return ReadStatus(document.root(), "plein.example", kNow);
}

Item ReadGood(const Sample& sample) { return Read(StatusJson(sample)).value(); }

TEST(MastodonStatus, FieldsGoWhereTheyBelong) {
  const Item item = ReadGood({});
  EXPECT_EQ(item.post.native_id, "100");
  EXPECT_EQ(item.post.global_id, "https://plein.example/users/anna/statuses/100");
  EXPECT_EQ(item.post.permalink, "https://plein.example/@anna/100");
  EXPECT_EQ(item.post.author.id, "7");
  EXPECT_EQ(item.post.author.name, "Anna");
  EXPECT_EQ(item.post.author.url, "https://plein.example/@anna");
  EXPECT_EQ(FormatTime(item.post.created_at), "2026-06-03T09:00:00.000Z");
  EXPECT_EQ(item.post.language, "nl");
  EXPECT_EQ(item.post.text, "Mijn pakket is weg");
  EXPECT_EQ(item.post.kind, PostKind::kPost);
  EXPECT_FALSE(item.post.edited_at || item.post.is_repost || item.post.is_private);
}

TEST(MastodonStatus, LoudnessIsOnlyInReach) {
  const Item item = ReadGood({});
  EXPECT_EQ(item.reach.followers, 120);
  EXPECT_EQ(item.reach.following, 50);
  EXPECT_EQ(item.reach.shares, 2);
  EXPECT_EQ(item.reach.likes, 3);
  EXPECT_EQ(item.reach.replies, 1);
  EXPECT_FALSE(item.reach.verified);
}

std::string WithAccount(const std::string& account) {
  return R"({"id":"1","created_at":"2026-06-03T09:00:00Z","content":"","account":)" + account + "}";
}

TEST(MastodonStatus, HandleOfALocalAuthorGetsItsServer) {
  const struct {
    std::string account;
    std::string handle;
  } kCases[] = {
      {R"({"id":"1","acct":"bert@elders.example"})", "bert@elders.example"},
      {R"({"id":"1","acct":"bert","url":"https://markt.example/@bert"})", "bert@markt.example"},
      {R"({"id":"1","acct":"bert","url":null})", "bert@plein.example"},
      {R"({"id":"1","acct":"bert"})", "bert@plein.example"},
  };
  for (const auto& test : kCases)
    EXPECT_EQ(Read(WithAccount(test.account)).value().post.author.handle, test.handle);
}

TEST(MastodonStatus, EmptyDisplayNameFallsBackToTheUserName) {
  const auto item = Read(WithAccount(R"({"id":"1","username":"bert","display_name":""})"));
  EXPECT_EQ(item.value().post.author.name, "bert");
}

TEST(MastodonStatus, BotsAndVerifiedLinksAreMarked) {
  const auto item = Read(WithAccount(
      R"({"id":"1","bot":true,"fields":[{"verified_at":null},{"verified_at":"2024-01-01"}]})"));
  EXPECT_TRUE(item.value().post.author.is_bot);
  EXPECT_TRUE(item.value().reach.verified);
}

TEST(MastodonStatus, TextHasWarningAltTextsAndPollOptions) {
  const auto item =
      Read(R"({"id":"1","created_at":"2026-06-03T09:00:00Z","account":{"id":"1"},)"
           R"("spoiler_text":"over bezorgen","content":"<p>Kapot</p>",)"
           R"("media_attachments":[{"description":"een natte doos"},{"description":null}],)"
           R"("poll":{"options":[{"title":"ja"},{"title":"nee"}]}})");
  EXPECT_EQ(item.value().post.text, "over bezorgen\n\nKapot\n\neen natte doos\n\nja\n\nnee");
  EXPECT_EQ(item.value().post.title_size, 13U);
}

TEST(MastodonStatus, LinksMentionsAndTagsAreTakenFromTheirLists) {
  const Item item = ReadGood(
      {.content = R"(<p><a href=\"https://winkel.example/a/b\"><span class=\"invisible\">https://)"
                  R"(</span><span class=\"ellipsis\">winkel.example/a</span>)"
                  R"(<span class=\"invisible\">/b</span></a></p>)"});
  EXPECT_THAT(item.post.links, ElementsAre("https://winkel.example/a/b"));
  const auto named =
      Read(R"({"id":"1","created_at":"2026-06-03T09:00:00Z","account":{"id":"1"},"content":"",)"
           R"("mentions":[{"acct":"duif","url":"https://plein.example/@duif"},)"
           R"({"acct":"bert@elders.example"}],"tags":[{"name":"postduif"}]})");
  EXPECT_THAT(named.value().post.mentions,
              ElementsAre("duif@plein.example", "bert@elders.example"));
  EXPECT_THAT(named.value().post.tags, ElementsAre("postduif"));
}

TEST(MastodonStatus, BoostIsTheInnerStatusMarkedAsRepost) {
  const std::string inner = StatusJson({.id = "90", .content = "<p>origineel</p>"});
  const auto item = Read(R"({"id":"101","created_at":"2026-06-03T10:00:00Z","content":"",)"
                         R"("account":{"id":"9","acct":"luid"},"reblog":)" +
                         inner + "}");
  EXPECT_TRUE(item.value().post.is_repost);
  EXPECT_EQ(item.value().post.native_id, "90");
  EXPECT_EQ(item.value().post.author.handle, "anna@plein.example");
  EXPECT_EQ(item.value().post.text, "origineel");
}

TEST(MastodonStatus, OnlyDirectIsPrivate) {
  for (const std::string visibility : {"public", "unlisted", "private", "direct"}) {
    const auto item =
        Read(R"({"id":"1","created_at":"2026-06-03T09:00:00Z","account":{"id":"1"},"content":"",)"
             R"("visibility":")" +
             visibility + "\"}");
    EXPECT_EQ(item.value().post.is_private, visibility == "direct") << visibility;
  }
}

TEST(MastodonStatus, AnswersNameTheirParent) {
  const Item item = ReadGood({.id = "101", .parent = "100"});
  EXPECT_EQ(item.post.parent_id, "100");
  EXPECT_EQ(item.post.kind, PostKind::kReply);
}

TEST(MastodonStatus, PermalinkFallsBackToTheUriAndTakesNoScript) {
  const auto item =
      Read(R"({"id":"1","created_at":"2026-06-03T09:00:00Z","account":{"id":"1"},"content":"",)"
           R"("url":"javascript:x","uri":"https://plein.example/s/1"})");
  EXPECT_EQ(item.value().post.permalink, "https://plein.example/s/1");
}

TEST(MastodonStatus, TimeFarAheadBecomesNow) {
  const auto item =
      Read(R"({"id":"1","created_at":"2036-06-03T09:00:00Z","account":{"id":"1"},"content":""})");
  EXPECT_EQ(item.value().post.created_at, kNow);
}

TEST(MastodonStatus, LongTextIsCutAndMarked) {
  const Item item = ReadGood({.content = std::string(70'000, 'a')});
  EXPECT_TRUE(item.post.truncated);
  EXPECT_LE(item.post.text.size(), kMaxPostText.count);
}

TEST(MastodonStatus, UnreadableStatusesSayWhy) {
  const struct {
    const char* json;
    const char* reason;
  } kCases[] = {
      {"7", "status is not an object"},
      {R"({"content":""})", "status has no usable id"},
      {R"({"id":"a b"})", "status has no usable id"},
      {R"({"id":"11111111111111111111111111111111111111111"})", "status has no usable id"},
      {R"({"id":"1"})", "status has no author"},
      {R"({"id":"1","account":{"id":"1"},"content":null})", "status has no content"},
      {R"({"id":"1","account":{"id":"1"},"content":"","created_at":"gisteren"})",
       "status has no readable created_at"},
  };
  for (const auto& test : kCases) {
    const Result<Item> item = Read(test.json);
    ASSERT_FALSE(item.ok()) << test.json;
    EXPECT_EQ(item.error().message, test.reason);
  }
}

TEST(MastodonStatus, NumbersAreAcceptedAsIds) {
  const auto item =
      Read(R"({"id":18446744073709551615,"created_at":"2026-06-03T09:00:00Z","account":{"id":5},)"
           R"("content":"","in_reply_to_id":4})");
  EXPECT_EQ(item.value().post.native_id, "18446744073709551615");
  EXPECT_EQ(item.value().post.parent_id, "4");
}

}  // namespace
}  // namespace webcare

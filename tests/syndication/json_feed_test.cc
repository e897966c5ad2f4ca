#include <gmock/gmock.h>

#include "tests/syndication/syndication_helpers.h"

namespace webcare {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(JsonFeed, ReadsTheFieldsOfAnItem) {
  const Post post = JsonPost(
      R"({"id":"1","url":"/1","title":"Pakket kwijt","content_html":"<p>Al <b>drie</b> weken.</p>",)"
      R"("date_published":"2026-11-01T10:00:00+01:00","date_modified":"2026-11-02T10:00:00Z",)"
      R"("authors":[{"name":"Anna","url":"https://anna.example/"}],"tags":["bezorging"],)"
      R"("attachments":[{"url":"/a.jpg"}],"language":"nl-NL"})");
  EXPECT_EQ(post.native_id, "1");
  EXPECT_EQ(post.permalink, "https://shop.example/1");
  EXPECT_EQ(post.text, "Pakket kwijt\n\nAl drie weken.");
  EXPECT_EQ(post.created_at, At("2026-11-01T09:00:00Z"));
  EXPECT_EQ(post.edited_at, At("2026-11-02T10:00:00Z"));
  EXPECT_EQ(post.author.name, "Anna");
  EXPECT_EQ(post.author.id, "https://anna.example/");
  EXPECT_EQ(post.language, "nl-nl");
  EXPECT_THAT(post.tags, ElementsAre("bezorging"));
  EXPECT_THAT(post.links, ElementsAre("https://shop.example/a.jpg"));
}

TEST(JsonFeed, PrefersPlainTextAndFallsBackToTheSummary) {
  EXPECT_EQ(JsonPost(R"({"id":"1","content_text":"1 < 2 <b>","content_html":"x"})").text,
            "1 < 2 <b>");
  EXPECT_EQ(JsonPost(R"({"id":"1","summary":"kort"})").text, "kort");
}

TEST(JsonFeed, IdsMayBeNumbersOrMissing) {
  EXPECT_EQ(JsonPost(R"({"id":18446744073709551615,"content_text":"x"})").native_id,
            "18446744073709551615");
  EXPECT_EQ(JsonPost(R"({"url":"/1","content_text":"x"})").native_id, "https://shop.example/1");
  EXPECT_EQ(JsonPost(R"({"content_text":"x"})").native_id.size(), 32U);
}

TEST(JsonFeed, AuthorsAreInherited) {
  EXPECT_EQ(
      JsonPost(R"({"id":"1","content_text":"x"})", R"("author":{"name":"Feed"},)").author.name,
      "Feed");
  EXPECT_EQ(JsonPost(R"({"id":"1","content_text":"x","author":{"url":"https://a.example/"}})")
                .author.name,
            "https://a.example/");
}

TEST(JsonFeed, FieldsOfAWrongTypeAreSkipped) {
  const Post post = JsonPost(
      R"({"id":"1","content_text":["x"],"content_html":3,"title":{"a":1},"authors":"Anna","tags":[1,"a"],)"
      R"("attachments":{"url":1},"date_published":5,"language":[],"summary":"blijft"})");
  EXPECT_EQ(post.text, "blijft");
  EXPECT_THAT(post.tags, ElementsAre("a"));
}

TEST(JsonFeed, ItemsWithoutIdLinkAndTextAreRejected) {
  const Page page = ParseFeed(
      R"({"version":"https://jsonfeed.org/version/1","items":[{},{"id":"1"},{"id":"2","title":"x"}]})");
  EXPECT_EQ(page.items.size(), 2U);
  EXPECT_EQ(page.rejected.size(), 1U);
}

TEST(JsonFeed, TheVersionMayBeANumberOnly) {
  EXPECT_EQ(ParseFeed(R"({"version":"1.1","items":[{"id":"1"}]})").items.size(), 1U);
  EXPECT_THAT(FeedError(R"({"version":"2.0","items":[]})"), HasSubstr("not a feed"));
}

TEST(JsonFeed, ReadsRatingsOfExtensions) {
  const Post post = JsonPost(R"({"id":"1","title":"x","_shop":{"rating":3,"rating_max":4}})");
  ASSERT_TRUE(post.rating.has_value());
  EXPECT_DOUBLE_EQ(post.rating->value, 3);
  EXPECT_DOUBLE_EQ(post.rating->max, 4);
}

TEST(JsonFeed, AByteOrderMarkIsDropped) {
  EXPECT_EQ(ParseFeed("\xEF\xBB\xBF{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[]}")
                .items.size(),
            0U);
}

TEST(JsonFeed, OtherJsonIsRefused) {
  EXPECT_THAT(FeedError(R"({"items":[]})"), HasSubstr("not a feed"));
  EXPECT_THAT(FeedError(R"([1,2])"), HasSubstr("not a feed"));
  EXPECT_NE(FeedError(R"({"version":)"), "");
}

TEST(JsonFeed, TakesFiveHundredItems) {
  std::string body = R"({"version":"https://jsonfeed.org/version/1.1","items":[)";
  for (int i = 0; i < 501; ++i) {
    body += (i == 0 ? "" : ",") + (R"({"title":"x","id":")" + std::to_string(i)) + "\"}";
  }
  const Page page = ParseFeed(body + "]}");
  EXPECT_EQ(page.items.size(), 500U);
  EXPECT_THAT(page.warnings, ElementsAre(HasSubstr("more than 500")));
}

}  // namespace
}  // namespace webcare

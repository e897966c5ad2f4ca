#include <gmock/gmock.h>

#include "tests/syndication/syndication_helpers.h"

namespace webcare {
namespace {

using ::testing::ElementsAre;

TEST(AtomFeed, ReadsTheFieldsOfAnEntry) {
  const Post post = AtomPost(
      "<id>tag:shop.example,2026:1</id><title>Pakket kwijt</title>"
      "<link rel='alternate' type='application/json' href='/1.json'/>"
      "<link rel='self' href='/self'/><link type='text/html' href='/1'/>"
      "<published>2026-11-01T10:00:00Z</published><updated>2026-11-02T10:00:00Z</updated>"
      "<author><name>Anna</name><uri>/anna</uri><email>anna@x.example</email></author>"
      "<category term='c1' label='Bezorging'/><category term='spoed'/>"
      "<content type='html'>&lt;p&gt;Al drie weken.&lt;/p&gt;</content><summary>kort</summary>");
  EXPECT_EQ(post.native_id, "tag:shop.example,2026:1");
  EXPECT_EQ(post.permalink, "https://shop.example/1");
  EXPECT_EQ(post.text, "Pakket kwijt\n\nAl drie weken.");
  EXPECT_EQ(post.author.name, "Anna");
  EXPECT_EQ(post.author.id, "https://shop.example/anna");
  EXPECT_EQ(post.created_at, At("2026-11-01T10:00:00Z"));
  EXPECT_EQ(post.edited_at, At("2026-11-02T10:00:00Z"));
  EXPECT_THAT(post.tags, ElementsAre("Bezorging", "spoed"));
}

struct TextCase {
  std::string_view entry;
  std::string_view text;
};
class AtomText : public ::testing::TestWithParam<TextCase> {};
TEST_P(AtomText, IsRead) {
  EXPECT_EQ(AtomPost("<id>1</id>" + std::string(GetParam().entry)).text, GetParam().text);
}
INSTANTIATE_TEST_SUITE_P(
    Constructs, AtomText,
    ::testing::Values(
        TextCase{"<content>1 &lt; 2 &lt;b&gt;</content>", "1 < 2 <b>"},
        TextCase{"<content type='text'>&lt;b&gt;</content>", "<b>"},
        TextCase{"<content type='html'>a&lt;br&gt;b</content>", "a\nb"},
        TextCase{"<content type='text/html'>a&lt;br&gt;b</content>", "a\nb"},
        TextCase{"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a</p>"
                 "<p>de tag &lt;p></p></div></content>",
                 "a\n\nde tag <p>"},
        TextCase{"<content type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'>a<x:br/>b"
                 "</x:div></content>",
                 "a\nb"},
        TextCase{"<content type='application/octet-stream'>PHA+YTwvcD48cD5iPC9wPg==</content>",
                 "a\n\nb"},
        TextCase{"<content mode='base64' type='text/html'>PHA+YTwvcD4</content>", "a"},
        TextCase{"<content type='image/png'>iVBORw0KGgo=</content><summary>plaatje</summary>",
                 "plaatje"},
        TextCase{"<content type='html'> </content><summary>kort</summary>", "kort"},
        TextCase{"<title type='html'>&lt;i&gt;T&lt;/i&gt;</title>", "T"},
        TextCase{"<title type='xhtml'><div><i>T</i> u</div></title>", "T u"}));

TEST(AtomFeed, LinksContentThatStandsElsewhere) {
  const Post post = AtomPost(
      "<id>1</id><summary>kort</summary><content type='video/mp4' src='/v.mp4'/>"
      "<link rel='enclosure' href='/e.mp3'/>");
  EXPECT_EQ(post.text, "kort");
  EXPECT_THAT(post.links, ::testing::UnorderedElementsAre("https://shop.example/v.mp4",
                                                          "https://shop.example/e.mp3"));
}

TEST(AtomFeed, InheritsAuthorsFromSourceThenFeed) {
  const std::string feed = "<author><name>Feed</name></author>";
  EXPECT_EQ(AtomPost("<id>1</id><title>x</title>", feed).author.name, "Feed");
  EXPECT_EQ(
      AtomPost("<id>1</id><title>x</title><source><author><name>Bron</name></author></source>",
               feed)
          .author.name,
      "Bron");
}

TEST(AtomFeed, InheritsTheLanguage) {
  const Page page = ParseFeed(
      "<feed xmlns='http://www.w3.org/2005/Atom' "
      "xml:lang='nl'><entry><id>1</id><title>x</title></entry>"
      "<entry xml:lang='EN_gb'><id>2</id><title>x</title></entry></feed>");
  EXPECT_EQ(page.items[1].post.language, "nl");
  EXPECT_EQ(page.items[0].post.language, "en-gb");
}

TEST(AtomFeed, ResolvesAgainstNestedBases) {
  const Page page = ParseFeed(
      "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://other.example/a/'>"
      "<entry xml:base='b/'><id>1</id><link href='c'/>"
      "<content type='html' xml:base='d/'>&lt;a href='e'&gt;e&lt;/a&gt;</content></entry></feed>");
  EXPECT_EQ(page.items[0].post.permalink, "https://other.example/a/b/c");
  EXPECT_THAT(page.items[0].post.links, ElementsAre("https://other.example/a/b/d/e"));
}

TEST(AtomFeed, ReadsVersion03) {
  const Page page = ParseFeed(
      "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><id>1</id><title>x</title>"
      "<issued>2026-11-01T10:00:00Z</issued><modified>2026-11-03T10:00:00Z</modified>"
      "<author><name>Anna</name><url>https://anna.example/</url></author>"
      "<content type='text/html' mode='escaped'>a&lt;br&gt;b</content></entry></feed>");
  ASSERT_EQ(page.items.size(), 1U);
  const Post& post = page.items[0].post;
  EXPECT_EQ(post.text, "x\n\na\nb");
  EXPECT_EQ(post.created_at, At("2026-11-01T10:00:00Z"));
  EXPECT_EQ(post.edited_at, At("2026-11-03T10:00:00Z"));
  EXPECT_EQ(post.author.url, "https://anna.example/");
}

TEST(AtomFeed, ReadsFeedsWithAnotherPrefixOrNoNamespace) {
  EXPECT_EQ(ParseFeed("<a:feed xmlns:a='https://www.w3.org/2005/Atom/'><a:entry><a:id>1</a:id>"
                      "<a:title>x</a:title></a:entry></a:feed>")
                .items.size(),
            1U);
  EXPECT_EQ(ParseFeed("<feed><entry><id>1</id><title>x</title></entry></feed>").items.size(), 1U);
}

constexpr std::string_view kThread =
    "<entry><id>1</id><title>begin</title><updated>2026-11-01T10:00:00Z</updated>"
    "<link rel='replies' href='/1/r' thr:count='2'/></entry>"
    "<entry><id>2</id><title>antwoord</title><updated>2026-11-01T11:00:00Z</updated>"
    "<thr:in-reply-to ref='1'/></entry>"
    "<entry><id>3</id><title>antwoord op antwoord</title><updated>2026-11-01T12:00:00Z</updated>"
    "<thr:in-reply-to ref='2'/></entry>"
    "<entry><id>4</id><title>elders</title><updated>2026-11-01T13:00:00Z</updated>"
    "<thr:in-reply-to ref='0'/><thr:total>5</thr:total></entry>";

TEST(AtomFeed, FollowsThreadsToTheirRoot) {
  const Page page = ParseFeed(Atom(kThread));
  ASSERT_EQ(page.items.size(), 4U);
  EXPECT_EQ(page.items[0].post.root_id, "");
  EXPECT_EQ(page.items[0].reach.replies, 2);
  EXPECT_EQ(page.items[1].post.parent_id, "1");
  EXPECT_EQ(page.items[1].post.kind, PostKind::kReply);
  EXPECT_EQ(page.items[2].post.parent_id, "2");
  EXPECT_EQ(page.items[2].post.root_id, "1");
  EXPECT_EQ(page.items[3].post.root_id, "0");
  EXPECT_EQ(page.items[3].reach.replies, 5);
}

TEST(AtomFeed, SurvivesThreadsThatBiteTheirTail) {
  const Page page =
      ParseFeed(Atom("<entry><id>1</id><title>x</title><thr:in-reply-to ref='2'/></entry>"
                     "<entry><id>2</id><title>x</title><thr:in-reply-to ref='1'/></entry>"
                     "<entry><id>3</id><title>x</title><thr:in-reply-to ref='3'/></entry>"));
  EXPECT_EQ(page.items.size(), 3U);
  for (const Item& item : page.items) EXPECT_NE(item.post.root_id, item.post.native_id);
}

TEST(AtomFeed, ReadsAudienceAndStarsOfAVideo) {
  const Page page = ParseFeed(Atom(
      "<entry><id>yt:1</id><title>x</title><media:group "
      "xmlns:media='http://search.yahoo.com/mrss/'>"
      "<media:title>x</media:title><media:description>Een film</media:description><media:community>"
      "<media:starRating count='9' average='4.9' min='1' max='5'/><media:statistics views='1234'/>"
      "</media:community></media:group></entry>"));
  EXPECT_EQ(page.items[0].post.text, "x\n\nEen film");
  EXPECT_EQ(page.items[0].reach.views, 1234);
  EXPECT_DOUBLE_EQ(page.items[0].post.rating->value, 4.9);
}

}  // namespace
}  // namespace webcare

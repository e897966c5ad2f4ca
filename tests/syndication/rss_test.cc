#include <gmock/gmock.h>

#include "connectors/markup/dates.h"
#include "tests/syndication/syndication_helpers.h"

namespace webcare {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Rss, ReadsTheFieldsOfAnItem) {
  const Post post = RssPost(
      "<guid isPermaLink='false'>42</guid><link>https://shop.example/42</link>"
      "<title>Pakket kwijt</title><description>&lt;p&gt;Al &lt;b&gt;drie&lt;/b&gt; weken.&lt;/p&gt;"
      "</description><author>anna@post.example (Anna)</author>"
      "<pubDate>Sun, 22 Nov 2026 09:00:00 +0100</pubDate><category>Bezorging</category>",
      "<language>nl-NL</language>");
  EXPECT_EQ(post.native_id, "42");
  EXPECT_EQ(post.permalink, "https://shop.example/42");
  EXPECT_EQ(post.text, "Pakket kwijt\n\nAl drie weken.");
  EXPECT_EQ(post.title_size, 12U);
  EXPECT_EQ(post.author.name, "Anna");
  EXPECT_EQ(post.author.id, "anna@post.example");
  EXPECT_EQ(post.created_at, At("2026-11-22T08:00:00Z"));
  EXPECT_EQ(post.language, "nl-nl");
  EXPECT_THAT(post.tags, ElementsAre("Bezorging"));
  EXPECT_EQ(post.kind, PostKind::kPost);
}

TEST(Rss, TakesTheLinkThenAHashAsId) {
  EXPECT_EQ(RssPost("<link>https://shop.example/1</link><title>x</title>").native_id,
            "https://shop.example/1");
  const std::string hash = RssPost("<title>x</title>").native_id;
  EXPECT_EQ(hash.size(), 32U);
  EXPECT_EQ(RssPost("<title>x</title>").native_id, hash);
  EXPECT_NE(RssPost("<title>y</title>").native_id, hash);
  const auto dated = [](const std::string& day) {
    return RssPost("<title>x</title><pubDate>" + day + " Jun 2026 08:00:00 GMT</pubDate>")
        .native_id;
  };
  EXPECT_NE(dated("Wed, 03"), hash);
  EXPECT_NE(dated("Wed, 03"), dated("Thu, 04"));  // The same words again are another post.
  EXPECT_EQ(dated("Wed, 03"), dated("03"));       // However the date is written.
}

TEST(Rss, TakesTheGuidAsPermalinkUnlessItSaysNo) {
  EXPECT_EQ(RssPost("<title>x</title><guid>https://shop.example/g</guid>").permalink,
            "https://shop.example/g");
  EXPECT_EQ(
      RssPost("<title>x</title><guid isPermaLink='false'>https://shop.example/g</guid>").permalink,
      "");
  EXPECT_EQ(RssPost("<title>x</title><guid>nummer 7</guid>").permalink, "");
}

TEST(Rss, PrefersTheOriginalLinkOfFeedburner) {
  const Post post = RssPost(
      "<link>https://proxy.example/1</link><feedburner:origLink "
      "xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>https://shop.example/1"
      "</feedburner:origLink><guid>https://shop.example/g</guid>");
  EXPECT_EQ(post.permalink, "https://shop.example/1");
}

struct PersonCase {
  std::string_view item;
  std::string_view name;
  std::string_view id;
};
class RssPerson : public ::testing::TestWithParam<PersonCase> {};
TEST_P(RssPerson, IsRead) {
  const Post post = RssPost("<title>x</title>" + std::string(GetParam().item),
                            "<managingEditor>red@shop.example (Redactie)</managingEditor>");
  EXPECT_EQ(post.author.name, GetParam().name);
  EXPECT_EQ(post.author.id, GetParam().id);
}
INSTANTIATE_TEST_SUITE_P(
    Persons, RssPerson,
    ::testing::Values(
        PersonCase{"<author>anna@x.example (Anna)</author>", "Anna", "anna@x.example"},
        PersonCase{"<author>Anna (anna@x.example)</author>", "Anna", "anna@x.example"},
        PersonCase{"<author>Anna &lt;anna@x.example&gt;</author>", "Anna", "anna@x.example"},
        PersonCase{"<author>anna@x.example</author>", "anna@x.example", "anna@x.example"},
        PersonCase{"<author>Anna</author>", "Anna", "Anna"},
        PersonCase{"<dc:creator>Bob</dc:creator><author>Anna</author>", "Bob", "Bob"},
        PersonCase{"<itunes:author>Cor</itunes:author>", "Cor", "Cor"},
        PersonCase{"", "Redactie", "red@shop.example"}));

struct TextCase {
  std::string_view item;
  std::string_view text;
};
class RssText : public ::testing::TestWithParam<TextCase> {};
TEST_P(RssText, IsRead) { EXPECT_EQ(RssPost(GetParam().item).text, GetParam().text); }
INSTANTIATE_TEST_SUITE_P(
    Texts, RssText,
    ::testing::Values(
        TextCase{"<description>kort</description><content:encoded><![CDATA[<p>lang</p>]]>"
                 "</content:encoded>",
                 "lang"},
        TextCase{"<content:encoded> </content:encoded><description>kort</description>", "kort"},
        TextCase{"<itunes:summary>over</itunes:summary>", "over"},
        TextCase{"<media:group><media:description>film</media:description></media:group>", "film"},
        TextCase{"<body xmlns='http://www.w3.org/1999/xhtml'><p>a</p><p>b &lt; c</p></body>",
                 "a\n\nb < c"},
        TextCase{"<description>a <b>b</b><br/>c</description>", "a b\nc"},
        TextCase{"<description>&amp;lt;p&amp;gt;dubbel&amp;lt;/p&amp;gt;</description>", "dubbel"},
        TextCase{"<title>Zo lang als een t...</title><description>Zo lang als een titel mag zijn"
                 "</description>",
                 "Zo lang als een titel mag zijn"},
        TextCase{"<title>AT&amp;amp;T &lt;i&gt;nu&lt;/i&gt;</title>", "AT&T nu"},
        TextCase{"<media:title>uit media</media:title><title>eigen</title>", "eigen"}));

struct DateCase {
  std::string_view item;
  std::string_view created;
};
class RssDate : public ::testing::TestWithParam<DateCase> {};
TEST_P(RssDate, IsRead) {
  EXPECT_EQ(FormatTime(RssPost("<title>x</title>" + std::string(GetParam().item)).created_at),
            GetParam().created);
}
INSTANTIATE_TEST_SUITE_P(
    Dates, RssDate,
    ::testing::Values(
        DateCase{"<pubDate>2 mrt 2026 10:00</pubDate>", "2026-03-02T10:00:00.000Z"},
        DateCase{"<dc:date>2026-03-02T10:00:00+01:00</dc:date>", "2026-03-02T09:00:00.000Z"},
        DateCase{"<dcterms:created>2026-03-02</dcterms:created>", "2026-03-02T00:00:00.000Z"},
        DateCase{"<pubDate>ooit</pubDate><dc:date>2026-03-02</dc:date>",
                 "2026-03-02T00:00:00.000Z"},
        DateCase{"", "2026-11-22T12:00:00.000Z"},
        DateCase{"<pubDate>1 jan 2033</pubDate>", "2026-11-22T12:00:00.000Z"}));

TEST(Rss, ReadsWhenAnItemWasEdited) {
  const Post post = RssPost(
      "<title>x</title><pubDate>1 nov "
      "2026</pubDate><atom:updated>2026-11-02T00:00:00Z</atom:updated>");
  EXPECT_EQ(post.edited_at, At("2026-11-02"));
}

TEST(Rss, ReadsItemsOfRdfBesideTheirChannel) {
  const Page page = ParseFeed(
      "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
      "xmlns='http://purl.org/rss/1.0/' xmlns:d='http://purl.org/dc/elements/1.1/'>"
      "<channel rdf:about='https://shop.example/'><title>k</title><d:language>nl</d:language>"
      "</channel><item rdf:about='https://shop.example/1'><title>een</title>"
      "<d:date>2026-11-01</d:date></item></rdf:RDF>");
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].post.native_id, "https://shop.example/1");
  EXPECT_EQ(page.items[0].post.created_at, At("2026-11-01"));
  EXPECT_EQ(page.items[0].post.language, "nl");
}

TEST(Rss, KnowsNamespacesByAnyPrefixAndSpelling) {
  for (const auto* uri :
       {"http://purl.org/dc/elements/1.1/", "https://purl.org/dc/elements/1.1",
        "HTTP://PURL.ORG/DC/ELEMENTS/1.1/", "http://www.purl.org/dc/elements/1.1/"}) {
    const Post post =
        RssPost("<title>x</title><a:creator xmlns:a='" + std::string(uri) + "'>Anna</a:creator>");
    EXPECT_EQ(post.author.name, "Anna") << uri;
  }
}

TEST(Rss, ResolvesAgainstXmlBaseThenContentLocationThenTheAddress) {
  const std::string item = "<item><title>x</title><link>a</link></item>";
  EXPECT_EQ(ParseFeed(Rss("", item)).items[0].post.permalink, "https://shop.example/a");
  EXPECT_EQ(ParseFeed(Rss("", item), "", {{"content-location", "/b/c"}}).items[0].post.permalink,
            "https://shop.example/b/a");
  EXPECT_EQ(ParseFeed("<rss xml:base='https://other.example/x/'><channel xml:base='y/'>" + item +
                          "</channel></rss>",
                      "", {{"content-location", "/b/c"}})
                .items[0]
                .post.permalink,
            "https://other.example/x/y/a");
}

TEST(Rss, ListsLinksOfTheTextAndEnclosures) {
  const Post post = RssPost(
      "<description>&lt;a href='/p'&gt;hier&lt;/a&gt;</description>"
      "<enclosure url='https://cdn.example/a.mp3' type='audio/mpeg'/>"
      "<media:content url='https://cdn.example/b.jpg'/>");
  EXPECT_THAT(post.links, ElementsAre("https://shop.example/p", "https://cdn.example/a.mp3",
                                      "https://cdn.example/b.jpg"));
}

TEST(Rss, ReadsRepliesAsReach) {
  const Page page =
      ParseFeed(Rss("", "<item><title>x</title><slash:comments>7</slash:comments></item>"));
  EXPECT_EQ(page.items[0].reach.replies, 7);
}

TEST(Rss, HintsAtFeedsOfCommentsOnceOnly) {
  const std::string body = Rss(
      "", "<item><guid>1</guid><title>x</title><wfw:commentRss>/1/feed</wfw:commentRss></item>");
  const Page first = ParseFeed(body);
  EXPECT_THAT(first.warnings, ElementsAre(::testing::HasSubstr("kind: comment")));
  const auto second = MakeFeedConnector()->ParsePage(Answer(body), first.next_cursor, TestNow());
  EXPECT_THAT(second->warnings, IsEmpty());
}

struct RatingCase {
  std::string_view item;
  std::optional<Rating> rating;
};
class RssRating : public ::testing::TestWithParam<RatingCase> {};
TEST_P(RssRating, IsRead) {
  const Post post = RssPost("<title>x</title>" + std::string(GetParam().item), "",
                            "kind: review\nrating_max: 10\n");
  ASSERT_EQ(post.rating.has_value(), GetParam().rating.has_value());
  EXPECT_EQ(post.kind, PostKind::kReview);
  if (!post.rating) return;
  EXPECT_DOUBLE_EQ(post.rating->value, GetParam().rating->value);
  EXPECT_DOUBLE_EQ(post.rating->max, GetParam().rating->max);
}
INSTANTIATE_TEST_SUITE_P(
    Ratings, RssRating,
    ::testing::Values(RatingCase{"<review:rating>4</review:rating>", Rating{4, 10}},
                      RatingCase{"<rating max='5'>3,5</rating>", Rating{3.5, 5}},
                      RatingCase{"<rev:rating>2</rev:rating><rev:maxRating>6</rev:maxRating>",
                                 Rating{2, 6}},
                      RatingCase{"<media:group><media:community><media:starRating average='4.5' "
                                 "count='2' max='5'/></media:community></media:group>",
                                 Rating{4.5, 5}},
                      RatingCase{"<media:community><media:starRating average='0' count='0'/>"
                                 "</media:community>",
                                 std::nullopt},
                      RatingCase{"<rating>slecht</rating>", std::nullopt},
                      RatingCase{"<rating>11</rating>", std::nullopt},
                      RatingCase{"<rating>-1</rating>", std::nullopt}));

TEST(Rss, CommentsOfOnePageAreOneConversation) {
  const Post post =
      RssPost("<title>x</title><guid>c1</guid><link>https://shop.example/p#comment-1</link>", "",
              "kind: comment\n");
  EXPECT_EQ(post.kind, PostKind::kComment);
  EXPECT_EQ(post.root_id, "https://shop.example/p");
  EXPECT_EQ(post.parent_id, "");
}

}  // namespace
}  // namespace webcare

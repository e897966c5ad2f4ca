// Feeds that are broken, huge or hostile.
#include <gmock/gmock.h>

#include <chrono>

#include "connectors/sites/syndication/xml_recovery.h"
#include "daemon/base/utf8.h"
#include "tests/syndication/syndication_helpers.h"

namespace webcare {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct XmlCase {
  std::string_view in;
  std::string_view out;
};
class RecoverXmlTable : public ::testing::TestWithParam<XmlCase> {};
TEST_P(RecoverXmlTable, IsMended) { EXPECT_EQ(RecoverXml(GetParam().in), GetParam().out); }
INSTANTIATE_TEST_SUITE_P(
    Cases, RecoverXmlTable,
    ::testing::Values(
        XmlCase{" \n<?xml version='1.0'?>\n<a/>", "\n<a/>"}, XmlCase{"rommel<a/>", "<a/>"},
        XmlCase{"", ""}, XmlCase{"<a>x\x01\x0Cy</a>", "<a>xy</a>"},
        XmlCase{"<a>AT&T & zo &</a>", "<a>AT&amp;T &amp; zo &amp;</a>"},
        XmlCase{"<a href='?a=1&copy=2&b'/>", "<a href='?a=1&amp;copy=2&amp;b'/>"},
        XmlCase{"<a>&amp;&lt;&gt;&quot;&apos;</a>", "<a>&amp;&lt;&gt;&quot;&apos;</a>"},
        XmlCase{"<a>&eacute;&nbsp;&hellip;&#233;</a>", "<a>é\xC2\xA0…é</a>"},
        XmlCase{"<a>&onbekend;</a>", "<a>&amp;onbekend;</a>"},
        XmlCase{"<a>&LT;&AMP;&#60;&#38;</a>", "<a>&lt;&amp;&lt;&amp;</a>"},
        XmlCase{"<a>x&#1;y&#xFFFE;z&#x80;</a>", "<a>xyz€</a>"},
        XmlCase{"<a>1 < 2 <3</a>", "<a>1 &lt; 2 &lt;3</a>"},
        XmlCase{"<a><!-- x -- y --->b</a><!-- open", "<a>b</a>"},
        XmlCase{"<a>]]></a>", "<a>]]&gt;</a>"},
        XmlCase{"<a><![CDATA[x & <b> &nbsp;\x02]]></a>", "<a><![CDATA[x & <b> &nbsp;]]></a>"},
        XmlCase{"<a><![CDATA[\xEF\xBC\x81\xEF\xBF\xBE]]>\xEF\xBC\x81\xEF\xBF\xBF</a>",
                "<a><![CDATA[\xEF\xBC\x81]]>\xEF\xBC\x81</a>"}));

constexpr std::string_view kGood = "<item><guid>1</guid><title>goed</title></item>";
constexpr std::string_view kGood2 = "<item><guid>2</guid><title>ook goed</title></item>";

TEST(BrokenFeed, IsReadDespiteSmallFaults) {
  const Page page = ParseFeed(
      "\n\n<!-- eerst --><?xml version='1.0'?>\n<rss><channel><itunes:subtitle>x</itunes:subtitle>"
      "<item><title>AT&T &eacute;\x02n 1 < 2</title></item></channel></rss>");
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].post.text, "AT&T én 1 < 2");
  EXPECT_THAT(page.warnings, IsEmpty());
}

TEST(BrokenFeed, CutOffKeepsTheItemsBefore) {
  const Page page =
      ParseFeed("<rss><channel>" + std::string(kGood) + "<item><guid>2</guid><title><![CD");
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].post.native_id, "1");
  EXPECT_THAT(page.warnings, ElementsAre(HasSubstr("1 items before it were kept")));
  EXPECT_THAT(page.rejected, IsEmpty());
}

TEST(BrokenFeed, CutOffBeforeAnyItemIsAnError) {
  EXPECT_THAT(FeedError("<rss><channel><title>x"), HasSubstr("no item could be read"));
}

TEST(BrokenFeed, RejectsTheBrokenItemOnly) {
  const Page page =
      ParseFeed(Rss("<language>nl</language>",
                    std::string(kGood) + "<item><guid>x</guid><title>a<b>c</title></item>" +
                        std::string(kGood2)));
  ASSERT_EQ(page.items.size(), 2U);
  EXPECT_EQ(page.items[0].post.native_id, "2");
  EXPECT_EQ(page.items[0].post.language, "nl");
  ASSERT_EQ(page.rejected.size(), 1U);
  EXPECT_EQ(page.rejected[0].native_id, "x");
  EXPECT_THAT(page.rejected[0].reason, HasSubstr("mismatched tag"));
  EXPECT_EQ(page.rejected[0].raw, "<item><guid>x</guid><title>a<b>c</title></item>");
}

// The elements around the broken item count, not those around the first one.
TEST(BrokenFeed, GoesOnInASecondChannel) {
  std::string channels;
  for (int i = 0; i < 9; ++i) {
    const std::string n = std::to_string(i);
    channels += "<channel><item><guid>" + n + "a</guid><title>x<b></title></item><title>k</title>" +
                "<item><guid>" + n + "b</guid><title>y</title></item></channel>";
  }
  const Page page = ParseFeed("<rss>" + channels + "</rss>");
  EXPECT_EQ(page.items.size(), 9U);
  EXPECT_EQ(page.rejected.size(), 9U);
}

TEST(BrokenFeed, GoesOnWithNamespacesAfterABrokenItem) {
  const Page page = ParseFeed(
      "<a:feed xmlns:a='http://www.w3.org/2005/Atom' xml:lang='nl'>"
      "<a:entry><a:id>1</a:id><a:title>x<i></a:title></a:entry>"
      "<a:entry><a:id>2</a:id><a:title>y</a:title></a:entry>"
      "<a:entry><a:id>3</a:id></x></a:entry>"
      "<a:entry><a:id>4</a:id><a:title>z</a:title></a:entry></a:feed>");
  ASSERT_EQ(page.items.size(), 2U);
  EXPECT_EQ(page.items[0].post.language, "nl");
  EXPECT_EQ(page.rejected.size(), 2U);
}

TEST(BrokenFeed, RejectsAnItemThatIsTooLarge) {
  const Page page =
      ParseFeed(Rss("", "<item><guid>groot</guid><description>" + std::string(1'100'000, 'x') +
                            "</description></item>" + std::string(kGood)));
  ASSERT_EQ(page.items.size(), 1U);
  ASSERT_EQ(page.rejected.size(), 1U);
  EXPECT_EQ(page.rejected[0].native_id, "groot");
  EXPECT_EQ(page.rejected[0].raw.size(), 4096U);
}

TEST(BrokenFeed, CutsTheRawTextOfARejectedItemOnACharacter) {
  std::string text = "<b>";
  while (text.size() < 6000) text += "€";
  const Page page = ParseFeed(Rss("", "<item>" + text + "</item>" + std::string(kGood)));
  ASSERT_EQ(page.rejected.size(), 1U);
  EXPECT_LE(page.rejected[0].raw.size(), 4096U);
  EXPECT_TRUE(IsValidUtf8(page.rejected[0].raw));
}

TEST(BrokenFeed, CutsLongTextsOfItems) {
  const Post post =
      RssPost("<title>T</title><description>" + std::string(100'000, 'x') + "</description>");
  EXPECT_EQ(post.text.size(), kMaxPostText.count);
  EXPECT_TRUE(post.truncated);
}

TEST(HostileFeed, DocumentTypesWithDeclarationsAreRefused) {
  EXPECT_THAT(FeedError("<!DOCTYPE rss [<!ENTITY a 'x'>]><rss><channel>" + std::string(kGood) +
                        "</channel></rss>"),
              HasSubstr("document type"));
  EXPECT_THAT(FeedError("<!DOCTYPE rss [<!ELEMENT rss ANY>]>" + Rss("", kGood)),
              HasSubstr("document type"));
}

TEST(HostileFeed, ABareDocumentTypeIsFine) {
  EXPECT_EQ(ParseFeed("<!DOCTYPE rss PUBLIC '-//x//DTD RSS 0.91//EN' 'https://x.example/rss.dtd'>" +
                      Rss("", kGood))
                .items.size(),
            1U);
}

TEST(HostileFeed, EntitiesAreText) {
  EXPECT_EQ(RssPost("<title>&xxe; &lol9;</title>").text, "&xxe; &lol9;");
}

TEST(HostileFeed, DepthIsBounded) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  const Page page = ParseFeed(Rss("", std::string(kGood) + "<item><guid>2</guid>" + deep));
  EXPECT_EQ(page.items.size(), 1U);
  EXPECT_THAT(page.warnings, ElementsAre(HasSubstr("64 elements")));
}

TEST(HostileFeed, AttributesAreBounded) {
  std::string many = "<x";
  for (int i = 0; i < 257; ++i) many += " a" + std::to_string(i) + "=''";
  const Page page = ParseFeed(Rss("", std::string(kGood) + "<item>" + many + "/></item>"));
  EXPECT_EQ(page.items.size(), 1U);
  EXPECT_THAT(page.warnings, ElementsAre(HasSubstr("256 attributes")));
}

TEST(HostileFeed, TakesFiveHundredItems) {
  std::string items;
  for (int i = 0; i < 600; ++i)
    items += "<item><guid>" + std::to_string(i) + "</guid><title>x</title></item>";
  const Page page = ParseFeed(Rss("", items));
  EXPECT_EQ(page.items.size(), 500U);
  EXPECT_THAT(page.warnings, ElementsAre(HasSubstr("more than 500")));
}

TEST(HostileFeed, ElementsAreBounded) {
  std::string items(std::string(kGood) + "<item>");
  for (int i = 0; i < 120'000; ++i) items += "<a/>";
  const Page page = ParseFeed(Rss("", items + "</item>"));
  EXPECT_EQ(page.items.size(), 1U);
}

TEST(HostileFeed, IsReadInLinearTime) {
  const auto start = std::chrono::steady_clock::now();
  for (const std::string_view part :
       {"<item><b></item>", "<item><![CDATA[", "<!--", "&", "&#", "<item>", "<item><a x='",
        "<item xmlns:a='b'><a:a/></item>", "</item>"}) {
    std::string body = "<rss><channel>";
    while (body.size() < (1U << 20)) body += part;
    (void)MakeFeedConnector()->ParsePage(Answer(body), "", TestNow());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(NotAFeed, OffersTheFeedsOfAPage) {
  EXPECT_EQ(
      FeedError("<!DOCTYPE html><html><head><link rel='stylesheet' href='/s.css'>"
                "<link rel=alternate type='application/rss+xml' href='/rss'>"
                "<link rel='ALTERNATE' type='application/feed+json' href='https://x.example/j'>"
                "</head><body><p>hallo</body></html>"),
      "not a feed: a web page; it offers https://shop.example/rss, https://x.example/j");
}

TEST(NotAFeed, SaysWhatItIsInstead) {
  EXPECT_EQ(FeedError(""), "not a feed: the answer is empty");
  EXPECT_EQ(FeedError("hallo"), "not a feed: neither RSS, Atom nor JSON Feed");
  EXPECT_EQ(FeedError("<svg/>"), "not a feed: neither RSS, Atom nor JSON Feed");
  EXPECT_EQ(FeedError("<html><body>x"), "not a feed: a web page");
}

TEST(FeedCharset, IsTakenFromHeaderDeclarationOrRepaired) {
  const std::string body = "<?xml version='1.0' encoding='windows-1252'?>" +
                           Rss("", "<item><title>caf\xE9 \x80</title></item>");
  EXPECT_EQ(ParseFeed(body).items[0].post.text, "café €");
  EXPECT_EQ(ParseFeed(body, "", {{"content-type", "text/xml"}}).items[0].post.text, "café €");
  EXPECT_EQ(ParseFeed(body, "", {{"content-type", "application/rss+xml; charset=utf-8"}})
                .items[0]
                .post.text,
            "café €");
}

}  // namespace
}  // namespace webcare

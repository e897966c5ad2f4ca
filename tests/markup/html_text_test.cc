#include "connectors/markup/html_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iterator>
#include <random>
#include <string>

#include "connectors/markup/text.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Text(std::string_view html) { return HtmlToText(html).text; }

struct Case {
  std::string_view html;
  std::string_view text;
};

class HtmlTextTable : public ::testing::TestWithParam<Case> {};

TEST_P(HtmlTextTable, ReadsAsAPersonWould) { EXPECT_EQ(Text(GetParam().html), GetParam().text); }

INSTANTIATE_TEST_SUITE_P(
    Paragraphs, HtmlTextTable,
    ::testing::Values(Case{"", ""}, Case{"kapot", "kapot"},
                      Case{"<p>een</p><p>twee</p>", "een\n\ntwee"},
                      Case{"<p>een<p>twee", "een\n\ntwee"}, Case{"een<br>twee", "een\ntwee"},
                      Case{"een<br/><br /><BR>twee", "een\n\ntwee"},
                      Case{"<div><div>een</div></div>\n\n<div>twee</div>", "een\n\ntwee"},
                      Case{"<ul><li>een</li><li>twee</li></ul>drie", "een\n\ntwee\n\ndrie"},
                      Case{"<blockquote>hij</blockquote>ik", "hij\n\nik"},
                      Case{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
                           "a b\nc"},
                      Case{"een<hr>twee", "een\n\ntwee"}, Case{"<p> </p><p>&nbsp;</p>", ""}));

INSTANTIATE_TEST_SUITE_P(WhiteSpace, HtmlTextTable,
                         ::testing::Values(Case{"  een \t\r\n twee&nbsp;&nbsp;drie ",
                                                "een twee drie"},
                                           Case{"een<b> twee</b> <i> drie</i>", "een twee drie"},
                                           Case{"<pre>\na  b\n  c\n\n</pre>d", "a  b\n  c\n\nd"},
                                           Case{"x<pre>a\n\n\nb</pre>", "x\n\na\n\n\nb"},
                                           Case{"een<a></a> <a></a>twee", "een twee"},
                                           Case{"<p>een</p><a></a><p>twee</p>", "een\n\ntwee"}));

INSTANTIATE_TEST_SUITE_P(
    References, HtmlTextTable,
    ::testing::Values(Case{"caf&eacute; &euro;5 &#39;s &#x20AC;", "café €5 's €"},
                      Case{"&amp;lt;b&amp;gt;", "&lt;b&gt;"}, Case{"a &lt;b&gt; c", "a <b> c"},
                      Case{"AT&T &onbekend; & zo", "AT&T &onbekend; & zo"},
                      Case{"&#0;&#xD800;", "\xEF\xBF\xBD\xEF\xBF\xBD"},
                      Case{"&#147;x&#148;", "“x”"}));

INSTANTIATE_TEST_SUITE_P(WhatSaysNothing, HtmlTextTable,
                         ::testing::Values(Case{"a<script>if (x < 1) '</p>'</script>b", "ab"},
                                           Case{"a<STYLE>p{}</Style >b", "ab"},
                                           Case{"a<!-- x > <p> -->b", "ab"}, Case{"a<!-->b", "ab"},
                                           Case{"a<?php x ?>b<!DOCTYPE html>c", "abc"},
                                           Case{"a<script src='x'/>b", "ab"},
                                           Case{"a<script>nooit gesloten", "a"},
                                           Case{"<img src=x alt='foto'>a", "a"},
                                           Case{"<img class='wp emoji' alt='😀'>a", "😀a"},
                                           Case{"a<iframe><p>x</p></iframe>b", "ab"}));

INSTANTIATE_TEST_SUITE_P(Broken, HtmlTextTable,
                         ::testing::Values(Case{"ik <3 jullie", "ik <3 jullie"},
                                           Case{"1 < 2 > 0", "1 < 2 > 0"},
                                           Case{"zo <boos maar ja", "zo <boos maar ja"},
                                           Case{"kapot <a href=\"http://sho", "kapot"},
                                           Case{"kapot <", "kapot <"}, Case{"a</>b</ x>c", "abc"},
                                           Case{"<p class='x>y'>a", "a"},
                                           Case{"<p class='x>a</p>b", "a\n\nb"},
                                           Case{"a<![CDATA[b <i> & c]]>d", "ab <i> & cd"},
                                           Case{"a<b", "a<b"}, Case{"a<!-- nooit", "a"}));

// Text is looked at in pieces of eight bytes: white space must collapse wherever it lies in them.
TEST(HtmlText, CollapsesWhiteSpaceWhereverItStands) {
  constexpr std::string_view kPieces[] = {"a", "bc", "é", "·",  "!",  "woorden", "<b>",   "</b>",
                                          " ", " ",  " ", "  ", "\n", "\t",      "\u00a0"};
  std::mt19937 random(20261127);
  for (int run = 0; run < 20'000; ++run) {
    std::string html;
    std::string expected;
    bool space = false;
    for (unsigned left = random() % 24; left > 0; --left) {
      const std::string_view piece = kPieces[random() % std::size(kPieces)];
      html += piece;
      if (piece[0] == '<') continue;  // Says nothing.
      const bool is_space = piece == "\u00a0" || IsHtmlSpace(piece[0]);
      if (!is_space) expected += (space && !expected.empty() ? " " : "") + std::string(piece);
      space = is_space;
    }
    ASSERT_EQ(Text(html), expected) << "of '" << html << "'";
  }
}

TEST(HtmlText, KeepsTheVisibleTextAndListsTheTargetOfALink) {
  const HtmlText html =
      HtmlToText(R"(Zie <a href="https://shop.example/x?a=1&amp;b=2">onze site</a>.)");
  EXPECT_EQ(html.text, "Zie onze site.");
  EXPECT_THAT(html.links, ElementsAre("https://shop.example/x?a=1&b=2"));
}

TEST(HtmlText, ResolvesLinksAndListsEachOnce) {
  const HtmlText html = HtmlToText("<a href='/a'>1</a><a href='b'>2</a><a href='/a'>3</a>",
                                   {.base_url = "https://shop.example/x/y"});
  EXPECT_THAT(html.links, ElementsAre("https://shop.example/a", "https://shop.example/x/b"));
}

TEST(HtmlText, ListsNoTargetsThatAreNotOfTheWeb) {
  const HtmlText html = HtmlToText(
      "<a href='javascript:alert(1)'>a</a><a href='mailto:a@b.example'>b</a><a href='#top'>c</a>"
      "<a>d</a><a href='data:text/html,x'>e</a>");
  EXPECT_EQ(html.text, "abcde");
  EXPECT_THAT(html.links, IsEmpty());
}

TEST(HtmlText, ShowsTheWholeTargetOfALinkThatMastodonShortened) {
  const HtmlText html = HtmlToText(
      R"(<p>Zie <a href="https://shop.example/a/b/c"><span class="invisible">https://</span>)"
      R"(<span class="ellipsis">shop.example/a</span><span class="invisible">/b/c</span></a> nu</p>)");
  EXPECT_EQ(html.text, "Zie https://shop.example/a/b/c nu");
  EXPECT_THAT(html.links, ElementsAre("https://shop.example/a/b/c"));
}

TEST(HtmlText, TellsMentionsAndHashtagsFromLinks) {
  const HtmlText html = HtmlToText(
      R"(<span class="h-card"><a href="https://social.example/@anna" class="u-url mention">@<span>)"
      R"(anna</span></a></span> <a href="https://social.example/tags/storing" class="mention hashtag")"
      R"( rel="tag">#<span>storing</span></a>)");
  EXPECT_EQ(html.text, "@anna #storing");
  EXPECT_THAT(html.mentions, ElementsAre("anna@social.example"));
  EXPECT_THAT(html.hashtags, ElementsAre("storing"));
  EXPECT_THAT(html.links, IsEmpty());
}

TEST(HtmlText, DecodesTwiceOnlyWhereFeedsEscapedTwice) {
  const HtmlOptions mend{.mend_double_escaping = true};
  EXPECT_EQ(HtmlToText("&lt;p&gt;een&lt;/p&gt;&lt;p&gt;caf&amp;eacute;&lt;/p&gt;", mend).text,
            "een\n\ncafé");
  EXPECT_EQ(HtmlToText("<p>de tag &lt;p&gt;</p>", mend).text, "de tag <p>");
  EXPECT_EQ(HtmlToText("1 &lt; 2", mend).text, "1 < 2");
  EXPECT_EQ(HtmlToText("&lt;p&gt;een").text, "<p>een");
}

TEST(HtmlText, CutsAtTheLimitOnACharacter) {
  const HtmlText html = HtmlToText("<p>abcdé</p>", {.limit = 5});
  EXPECT_EQ(html.text, "abcd");
  EXPECT_TRUE(html.truncated);
  EXPECT_FALSE(HtmlToText("<p>abcdé</p>", {.limit = 6}).truncated);
}

TEST(HtmlText, CutsAPageFullOfTextAndSaysSo) {
  std::string page;
  for (int i = 0; i < 100'000; ++i) page += "<p>klacht</p>";
  const HtmlText html = HtmlToText(page);
  EXPECT_LE(html.text.size(), kMaxPostText.count);
  EXPECT_GT(html.text.size(), kMaxPostText.count - 10);
  EXPECT_TRUE(html.truncated);
}

TEST(HtmlText, GivesValidUtf8ForAnyBytes) {
  EXPECT_TRUE(IsValidUtf8(Text("<a href='\xFF\xFE'>\xC3</a>\xE2\x82")));
  EXPECT_EQ(Text("a\x01\xE2\x80\xAE"
                 "b&#8238;c"),
            "abc");
}

// Inputs on which a careless tokenizer is quadratic; a million bytes each must not take seconds.
TEST(HtmlText, IsLinearOnHostileInput) {
  const auto start = std::chrono::steady_clock::now();
  for (const std::string_view part :
       {"<a x='", "<a ", "<!--", "<![CDATA[", "</", "<script>", "<a href=\"", "&#", "&lt", "<pre>",
        "<p>", "<a x=\">", "e\xCC\x81\xCC\xA3"}) {
    std::string hostile;
    while (hostile.size() < (1U << 20)) hostile += part;
    HtmlToText(hostile, {.mend_double_escaping = true});
    HtmlToText(hostile + "x=\">\"");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(PlainText, TrimsCutsAndKeepsTags) {
  EXPECT_EQ(PlainToText(" \n a <b> &amp; \n").text, "a <b> &amp;");
  EXPECT_TRUE(PlainToText("abcdef", 3).truncated);
}

}  // namespace
}  // namespace webcare

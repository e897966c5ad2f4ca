// Connectors from YAML and answers from text, for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "connectors/connector.h"
#include "connectors/markup/dates.h"
#include "connectors/sites/syndication/syndication_connector.h"

namespace webcare {

class NoSecrets final : public SecretSource {
 public:
  Result<std::string> Read(std::string_view /*name*/) const override {
    return Error{ErrorCode::kInvalid, "no secrets here"};
  }
};

inline constexpr std::string_view kFeedUrl = "https://shop.example/feed";

inline std::unique_ptr<Connector> MakeFeedConnector(std::string_view keys = "") {
  static Diagnostics diagnostics;
  const YamlNode node =
      ParseYaml("feed.yaml", "url: " + std::string(kFeedUrl) + "\n" + std::string(keys) + "...\n",
                diagnostics);
  return kSyndicationConnector.make(node, NoSecrets());
}

inline WallTime At(std::string_view iso) { return *ParseIsoDate(iso); }
inline WallTime TestNow() { return At("2026-11-22T12:00:00Z"); }

inline HttpResponse Answer(std::string body, HttpHeaders headers = {},
                           std::string_view url = kFeedUrl) {
  return {200, std::string(url), std::move(headers), std::move(body)};
}

// REQUIRES: the body is a feed. The page of a first poll.
inline Page ParseFeed(std::string body, std::string_view keys = "", HttpHeaders headers = {}) {
  auto page = MakeFeedConnector(keys)->ParsePage(Answer(std::move(body), std::move(headers)), "",
                                                 TestNow());
  EXPECT_TRUE(page.ok()) << (page.ok() ? "" : page.error().message);
  return page.ok() ? std::move(page).value() : Page();
}

inline std::string FeedError(std::string body, HttpHeaders headers = {}) {
  auto page =
      MakeFeedConnector()->ParsePage(Answer(std::move(body), std::move(headers)), "", TestNow());
  return page.ok() ? "" : page.error().message;
}

inline std::string Rss(std::string_view channel, std::string_view items) {
  return "<rss version='2.0'><channel>" + std::string(channel) + std::string(items) +
         "</channel></rss>";
}

inline std::string Atom(std::string_view inside) {
  return "<feed xmlns='http://www.w3.org/2005/Atom'>" + std::string(inside) + "</feed>";
}

// The one post of an RSS feed with one item.
inline Post RssPost(std::string_view item, std::string_view channel = "",
                    std::string_view keys = "") {
  const Page page = ParseFeed(Rss(channel, "<item>" + std::string(item) + "</item>"), keys);
  EXPECT_EQ(page.items.size(), 1U);
  return page.items.empty() ? Post() : page.items[0].post;
}

inline Post AtomPost(std::string_view entry, std::string_view feed = "") {
  const Page page =
      ParseFeed(Atom(std::string(feed) + "<entry>" + std::string(entry) + "</entry>"));
  EXPECT_EQ(page.items.size(), 1U);
  return page.items.empty() ? Post() : page.items[0].post;
}

inline Post JsonPost(std::string_view item, std::string_view feed = "") {
  const Page page = ParseFeed(R"({"version":"https://jsonfeed.org/version/1.1",)" +
                              std::string(feed) + R"("items":[)" + std::string(item) + "]}");
  EXPECT_EQ(page.items.size(), 1U);
  return page.items.empty() ? Post() : page.items[0].post;
}

}  // namespace webcare

#include "connectors/sites/syndication/syndication_connector.h"

#include <algorithm>
#include <string>
#include <utility>

#include "connectors/markup/charset.h"
#include "connectors/markup/text.h"
#include "connectors/markup/url.h"
#include "connectors/sites/syndication/atom_fields.h"
#include "connectors/sites/syndication/feed_document.h"
#include "connectors/sites/syndication/feed_posts.h"
#include "connectors/sites/syndication/feed_timing.h"
#include "connectors/sites/syndication/feed_walk.h"
#include "connectors/sites/syndication/json_feed.h"
#include "connectors/sites/syndication/not_a_feed.h"
#include "connectors/sites/syndication/rss_fields.h"
#include "connectors/sites/syndication/xml_recovery.h"

namespace webcare {
namespace {

constexpr std::string_view kAccept =
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1";
constexpr std::chrono::minutes kDefaultInterval{15};
constexpr std::chrono::minutes kLeastInterval{5};
constexpr std::chrono::seconds kLeastLocalInterval{1};  // Feeds of this machine: tests, the demo.

struct Options {
  std::string url;
  PostOptions posts;
  WalkOptions walk;
};

void Describe(const FeedDocument& document, Feed& feed) {
  feed.whole = document.whole();
  feed.rejected = document.rejected;
  if (document.more_items) feed.warnings.emplace_back("more than 500 items: the rest was left");
  if (!document.error.empty()) {
    feed.warnings.push_back("XML: " + document.error + "; " +
                            std::to_string(document.items.size()) + " items before it were kept");
  }
}

Result<Feed> ReadXmlFeed(std::string_view text, std::string_view base_url) {
  const std::string xml = RecoverXml(text);
  if (xml.empty()) return NotAFeed(text, base_url);
  const FeedDocument document = ParseFeedDocument(xml, base_url);
  const std::string& root = document.root.name;
  if (root != "rss" && root != "rdf" && root != "feed") {
    if (root.empty() && !document.error.empty() && !LooksLikeHtml(text)) {
      return Error{ErrorCode::kInvalid, "not a feed: XML: " + document.error};
    }
    return NotAFeed(text, base_url);
  }
  if (!document.error.empty() && document.items.empty()) {
    return Error{ErrorCode::kInvalid, "no item could be read: XML: " + document.error};
  }
  Feed feed = root == "feed" ? ReadAtom(document) : ReadRss(document);
  Describe(document, feed);
  return feed;
}

Result<Feed> ReadFeed(const HttpResponse& response) {
  std::string base_url = response.final_url;
  if (const auto location = response.Header("content-location"); !location.empty()) {
    base_url = ResolveUrl(response.final_url, location);
  }
  Utf8Text body = ToUtf8(response.body, response.Header("content-type"));
  const std::string_view text = TrimSpace(body.text);
  if (!text.empty() && (text.front() == '{' || text.front() == '[')) {
    return ReadJsonFeed(body.text, base_url);
  }
  return ReadXmlFeed(body.text, base_url);
}

bool OffersComments(const Feed& feed) {
  return std::any_of(feed.items.begin(), feed.items.end(),
                     [](const FeedItem& item) { return item.offers_comments; });
}

class SyndicationConnector final : public Connector {
 public:
  explicit SyndicationConnector(Options options) : options_(std::move(options)) {}

  HttpRequest BuildRequest(const Cursor& cursor, WallTime now) const override {
    HttpRequest request;
    request.url = options_.url;
    request.headers = {{"Accept", std::string(kAccept)}};
    const auto parsed = ParseCursor(cursor);
    const FeedWalk* walk = parsed ? CurrentWalk(*parsed, now, "") : nullptr;
    if (walk != nullptr) request.url = walk->url;
    // The validators are those of the newest page, which the walk began with. A walk that takes too long
    // ends when that page is read again.
    request.conditional = !parsed || !parsed->walk;
    return request;
  }

  Result<Page> ParsePage(const HttpResponse& response, const Cursor& cursor,
                         WallTime now) const override {
    std::optional<FeedCursor> before = ParseCursor(cursor);
    const bool older = before && CurrentWalk(*before, now, response.final_url) != nullptr;
    Result<Feed> feed = ReadFeed(response);
    Page page;
    if (!feed.ok()) {
      if (!older) return feed.error();
      TakeOlder(nullptr, std::move(*before), response.final_url, page);
      return page;
    }
    page.rejected = std::move(feed->rejected);
    page.warnings = std::move(feed->warnings);
    SettleIds(*feed, before && before->by_link);
    MakePosts(*feed, options_.posts, now, page);
    if (older) {
      TakeOlder(&*feed, std::move(*before), response.final_url, page);
      return page;
    }
    if (!before && OffersComments(*feed)) {
      page.warnings.emplace_back(
          "items offer feeds of their comments; each can be a source of its own with kind: "
          "comment");
    }
    page.min_interval =
        WishedInterval(feed->timing, response.Header("cache-control"), now,
                       std::chrono::duration_cast<std::chrono::seconds>(least_interval()));
    TakeNewest(*feed, std::move(before), options_.walk, response.final_url, now, page);
    return page;
  }

  std::chrono::milliseconds default_interval() const override { return kDefaultInterval; }
  std::chrono::milliseconds least_interval() const override {
    if (IsLoopbackHost(UrlHost(options_.url))) return kLeastLocalInterval;
    return kLeastInterval;
  }

 private:
  const Options options_;
};

std::unique_ptr<Connector> Make(const YamlNode& source, const SecretSource& /*secrets*/) {
  Options options;
  const YamlNode url = source.Require("url");
  options.url = url.Text();
  const std::string kind = source.Get("kind").Choice("post", {"post", "comment", "review"});
  if (kind == "comment") options.posts.kind = PostKind::kComment;
  if (kind == "review") options.posts.kind = PostKind::kReview;
  options.posts.rating_max = source.Get("rating_max").Number(options.posts.rating_max, 1, 100);
  options.walk.backfill = source.Get("backfill").Bool(false);
  if (!url.present() || options.url.empty()) return nullptr;
  if (!IsWebUrl(options.url)) {
    url.Error("not an http:// or https:// URL");
    return nullptr;
  }
  return std::make_unique<SyndicationConnector>(std::move(options));
}

}  // namespace

constinit const ConnectorType kSyndicationConnector{"syndication", "RSS, Atom and JSON Feed",
                                                    &Make};

}  // namespace webcare

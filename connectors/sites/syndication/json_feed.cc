#include "connectors/sites/syndication/json_feed.h"

#include <algorithm>
#include <utility>

#include "connectors/markup/dates.h"
#include "connectors/markup/text.h"
#include "connectors/markup/url.h"
#include "connectors/sites/syndication/common_fields.h"
#include "daemon/base/json.h"

namespace webcare {
namespace {

constexpr std::size_t kMostItems = 500;
constexpr std::size_t kMostInAList = 100;
constexpr std::size_t kMostAttachments = 20;
constexpr std::size_t kLargestText = std::size_t{1} << 20;

std::string Resolve(std::string_view base, JsonValue url) {
  return TrimSpace(url.Str()).empty() ? "" : ResolveUrl(base, url.Str());
}

Author ReadAuthor(JsonValue person, std::string_view base) {
  Author author;
  author.name = CleanLine(person["name"].Str());
  author.url = Resolve(base, person["url"]);
  if (!IsWebUrl(author.url)) author.url.clear();
  author.id = author.url.empty() ? author.name : CleanLine(author.url);
  if (author.name.empty()) author.name = author.id;
  return author;
}

// authors[0] (1.1), else author (1.0).
Author ReadAuthors(JsonValue of, std::string_view base) {
  Author author = ReadAuthor(of["authors"].at(0), base);
  if (author.name.empty()) author = ReadAuthor(of["author"], base);
  return author;
}

FeedText ReadText(JsonValue value, FeedText::Form form, std::string_view base) {
  const std::string_view text = value.Str();
  if (text.size() > kLargestText || TrimSpace(text).empty()) return {};
  const bool has_links = form != FeedText::Form::kPlain;
  return {std::string(text), form, std::string(has_links ? base : "")};
}

FeedText ReadBody(JsonValue item, std::string_view base) {
  FeedText body = ReadText(item["content_text"], FeedText::Form::kPlain, base);
  if (body.empty()) body = ReadText(item["content_html"], FeedText::Form::kHtml, base);
  if (body.empty()) body = ReadText(item["summary"], FeedText::Form::kPlain, base);
  return body;
}

// Ratings stand in extensions only: {"_shop": {"rating": 4, "rating_max": 5}}.
std::optional<Rating> ReadRating(JsonValue item) {
  std::optional<Rating> rating;
  item.ForEachMember([&](std::string_view name, JsonValue value) {
    if (rating || name.substr(0, 1) != "_") return;
    const auto stars = value["rating"].Number();
    if (!stars || *stars < 0) return;
    rating = Rating{*stars, value["rating_max"].Number().value_or(0)};
  });
  return rating;
}

void ReadLists(JsonValue item, std::string_view base, FeedItem& out) {
  const JsonValue tags = item["tags"];
  for (std::size_t i = 0; i < std::min(tags.size(), kMostInAList); ++i) {
    out.tags.push_back(CleanLine(tags.at(i).Str()));
  }
  const JsonValue attachments = item["attachments"];
  for (std::size_t i = 0; i < std::min(attachments.size(), kMostAttachments); ++i) {
    std::string url = Resolve(base, attachments.at(i)["url"]);
    if (IsWebUrl(url)) out.attachments.push_back(std::move(url));
  }
}

// Into its place: an item is half a kilobyte to move.
void ReadItem(JsonValue item, std::string_view base, FeedItem& out) {
  out.id = TrimSpace(item["id"].IdText());
  out.link = Resolve(base, item["url"]);
  if (out.link.empty()) out.link = Resolve(base, item["external_url"]);
  out.author = ReadAuthors(item, base);
  out.created = ParseDate(item["date_published"].Str());
  const auto modified = ParseDate(item["date_modified"].Str());
  if (!out.created) {
    out.created = modified;
  } else if (modified && *modified > *out.created) {
    out.edited = modified;
  }
  out.language = CleanLanguage(item["language"].Str());
  out.title = ReadText(item["title"], FeedText::Form::kPlain, base);
  out.body = ReadBody(item, base);
  out.rating = ReadRating(item);
  ReadLists(item, base, out);
}

bool IsJsonFeed(std::string_view version) {
  for (const std::string_view start :
       {"https://jsonfeed.org/version/1", "http://jsonfeed.org/version/1",
        "https://www.jsonfeed.org/version/1"}) {
    if (version.substr(0, start.size()) == start) return true;
  }
  return version == "1.0" || version == "1.1";  // Some write the number only.
}

}  // namespace

Result<Feed> ReadJsonFeed(std::string_view text, std::string_view base_url) {
  auto document = JsonDocument::Parse(text);
  if (!document.ok()) return document.error();
  const JsonValue root = document->root();
  if (!IsJsonFeed(root["version"].Str())) {
    return Error{ErrorCode::kInvalid, "not a feed: JSON whose version is not that of JSON Feed 1"};
  }
  Feed feed;
  feed.title = CleanLine(root["title"].Str());
  feed.author = ReadAuthors(root, base_url);
  feed.language = CleanLanguage(root["language"].Str());
  feed.paging.next = Resolve(base_url, root["next_url"]);
  const JsonValue items = root["items"];
  if (items.size() > kMostItems) {
    feed.whole = false;
    feed.warnings.emplace_back("more than 500 items: the rest was left");
  }
  feed.items.reserve(std::min(items.size(), kMostItems));
  for (std::size_t i = 0; i < std::min(items.size(), kMostItems); ++i) {
    ReadItem(items.at(i), base_url, feed.items.emplace_back());
  }
  return feed;
}

}  // namespace webcare

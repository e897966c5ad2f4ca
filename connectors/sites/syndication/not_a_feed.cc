#include "connectors/sites/syndication/not_a_feed.h"

#include <algorithm>
#include <vector>

#include "connectors/markup/html_tokenizer.h"
#include "connectors/markup/text.h"
#include "connectors/markup/url.h"

namespace webcare {
namespace {

constexpr std::size_t kMostOffers = 3;
constexpr std::size_t kHead = std::size_t{256} << 10;  // Alternates stand in the head of a page.

bool IsFeedType(std::string_view type) {
  return type == "application/rss+xml" || type == "application/atom+xml" ||
         type == "application/feed+json" || type == "application/rdf+xml";
}

std::vector<std::string> FeedsOffered(std::string_view html, std::string_view base_url) {
  std::vector<std::string> offers;
  HtmlTokenizer tokenizer(html.substr(0, kHead));
  HtmlToken token;
  for (tokenizer.Next(token); token.kind != HtmlTokenKind::kEnd; tokenizer.Next(token)) {
    if (token.kind != HtmlTokenKind::kStartTag || token.name != "link") continue;
    if (LowerAscii(token.rel).find("alternate") == std::string::npos) continue;
    const std::string type = LowerAscii(TrimSpace(token.type.substr(0, token.type.find(';'))));
    std::string url = CleanLine(ResolveUrl(base_url, token.href));
    if (IsFeedType(type) && IsWebUrl(url)) offers.push_back(std::move(url));
    if (offers.size() == kMostOffers) break;
  }
  return offers;
}

}  // namespace

bool LooksLikeHtml(std::string_view text) {
  const std::string head = LowerAscii(text.substr(0, 4096));
  return head.find("<html") != std::string::npos ||
         head.find("<!doctype html") != std::string::npos ||
         head.find("<head") != std::string::npos || head.find("<body") != std::string::npos;
}

Error NotAFeed(std::string_view text, std::string_view base_url) {
  if (TrimSpace(text).empty()) return {ErrorCode::kInvalid, "not a feed: the answer is empty"};
  if (!LooksLikeHtml(text))
    return {ErrorCode::kInvalid, "not a feed: neither RSS, Atom nor JSON Feed"};
  std::string message = "not a feed: a web page";
  std::string_view comma = "; it offers ";
  for (const std::string& url : FeedsOffered(text, base_url)) {
    message.append(comma).append(url);
    comma = ", ";
  }
  return {ErrorCode::kInvalid, std::move(message)};
}

}  // namespace webcare

#include "connectors/sites/syndication/common_fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "connectors/markup/dates.h"
#include "connectors/markup/text.h"
#include "connectors/markup/url.h"

namespace webcare {
namespace {

using V = Vocabulary;

constexpr std::size_t kMostAttachments = 20;
constexpr std::size_t kMostDeletions = 500;

std::optional<std::int64_t> ReadCount(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

// "4", "4.5", "4,5"; not negative, no exponents.
std::optional<double> ReadNumber(std::string_view text) {
  text = TrimSpace(text);
  const std::size_t point = std::min(text.find_first_of(".,"), text.size());
  const auto whole = ReadCount(text.substr(0, point));
  if (!whole || *whole > 1'000'000) return std::nullopt;
  auto value = static_cast<double>(*whole);
  double weight = 0.1;
  for (const char c : text.substr(std::min(point + 1, text.size())).substr(0, 9)) {
    if (c < '0' || c > '9') return std::nullopt;
    value += weight * (c - '0');
    weight /= 10;
  }
  return value;
}

bool IsAddress(std::string_view text) {
  return text.find('@') != std::string_view::npos && text.find(' ') == std::string_view::npos;
}

Author MakePerson(std::string_view name, std::string_view address) {
  Author author;
  author.name = CleanLine(name.empty() ? address : name);
  author.id = address.empty() ? author.name : CleanLine(address);
  return author;
}

void Attach(std::string url, FeedItem& out) {
  if (out.attachments.size() < kMostAttachments && IsWebUrl(url)) {
    out.attachments.push_back(std::move(url));
  }
}

// Stars of a video that nobody rated yet are no rating.
void ReadStarRating(const XmlNode& stars, FeedItem& out) {
  const auto average = ReadNumber(stars.Attribute("average"));
  if (!average || out.rating || ReadCount(stars.Attribute("count")) == 0) return;
  out.rating = Rating{*average, ReadNumber(stars.Attribute("max")).value_or(0)};
}

// media:group holds the same elements as the item itself, media:community their audience.
void ReadMedia(const XmlNode& node, FeedItem& out) {
  for (const XmlNode& child : node.children) {
    if (child.vocabulary != V::kMedia) continue;
    if (child.name == "group" || child.name == "community") {
      if (!node.Is(V::kMedia, child.name)) ReadMedia(child, out);
    } else if (child.name == "title" && out.title.empty()) {
      out.title = ReadText(&child, FeedText::Form::kPlain);
    } else if (child.name == "description" && out.body.empty()) {
      const bool html = child.Attribute("type") == "html";
      out.body = ReadText(&child, html ? FeedText::Form::kHtml : FeedText::Form::kPlain);
    } else if (child.name == "content") {
      Attach(child.Resolve(child.Attribute("url")), out);
    } else if (child.name == "statistics") {
      out.reach.views = ReadCount(child.Attribute("views"));
    } else if (child.name == "starrating") {
      ReadStarRating(child, out);
    }
  }
}

void ReadItunes(const XmlNode& item, FeedItem& out) {
  const XmlNode* summary = item.Child(V::kItunes, "summary");
  if (out.body.empty()) out.body = ReadText(summary, FeedText::Form::kHtml);
  if (out.title.empty()) {
    out.title = ReadText(item.Child(V::kItunes, "title"), FeedText::Form::kPlain);
  }
  if (out.author.name.empty()) out.author = ReadPerson(item.ChildText(V::kItunes, "author"));
}

void ReadThread(const XmlNode& item, FeedItem& out) {
  if (const XmlNode* parent = item.Child(V::kThread, "in-reply-to"); parent != nullptr) {
    out.parent = parent->Attribute("ref");
    if (out.parent.empty()) out.parent = parent->Attribute("href");
  }
  out.reach.replies = ReadCount(item.ChildText(V::kThread, "total"));
  if (!out.reach.replies) out.reach.replies = ReadCount(item.ChildText(V::kSlash, "comments"));
  for (const XmlNode& link : item.children) {
    if (!link.Is(V::kAtom, "link") || link.Attribute("rel") != "replies") continue;
    out.offers_comments = true;
    if (!out.reach.replies) out.reach.replies = ReadCount(link.Attribute("count", V::kThread));
  }
  if (item.Child(V::kWfw, "commentrss") != nullptr) out.offers_comments = true;
  if (item.Child(V::kPodcast, "socialinteract") != nullptr) out.offers_comments = true;
}

// review:rating, rev:rating, im:rating (Apple) and bare <rating>, each with its maximum where said.
void ReadRating(const XmlNode& item, FeedItem& out) {
  for (const XmlNode& child : item.children) {
    const bool ours = child.vocabulary == V::kReview || child.vocabulary == V::kRss;
    if (!ours || child.name != "rating" || out.rating) continue;
    const auto value = ReadNumber(child.TrimmedText());
    if (!value) continue;
    auto most = ReadNumber(child.Attribute("max"));
    if (!most) most = ReadNumber(item.ChildText(child.vocabulary, "maxrating"));
    out.rating = Rating{*value, most.value_or(0)};
  }
}

std::optional<std::size_t> ReadWeekday(std::string_view text) {
  constexpr std::array<std::string_view, 7> kDays = {"sunday",   "monday", "tuesday", "wednesday",
                                                     "thursday", "friday", "saturday"};
  const auto* found = std::find(kDays.begin(), kDays.end(), LowerAscii(text));
  if (found == kDays.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDays.begin());
}

std::optional<std::chrono::seconds> ReadUpdatePeriod(const XmlNode& channel) {
  using std::chrono::hours;
  constexpr std::pair<std::string_view, hours> kPeriods[] = {{"hourly", hours(1)},
                                                             {"daily", hours(24)},
                                                             {"weekly", hours(24 * 7)},
                                                             {"monthly", hours(24 * 30)},
                                                             {"yearly", hours(24 * 365)}};
  const std::string period = LowerAscii(channel.ChildText(V::kSyndication, "updateperiod"));
  const auto often = ReadCount(channel.ChildText(V::kSyndication, "updatefrequency")).value_or(1);
  for (const auto& [name, length] : kPeriods) {
    if (period == name) return std::chrono::seconds(length) / std::max<std::int64_t>(1, often);
  }
  return std::nullopt;
}

}  // namespace

Author ReadPerson(std::string_view text) {
  text = TrimSpace(text);
  const std::size_t open = text.find_first_of("(<");
  if (open == std::string_view::npos)
    return MakePerson(IsAddress(text) ? "" : text, IsAddress(text) ? text : "");
  std::string_view before = TrimSpace(text.substr(0, open));
  std::string_view inside = text.substr(open + 1);
  inside = TrimSpace(inside.substr(0, inside.find_first_of(")>")));
  if (inside.empty())
    return MakePerson(IsAddress(before) ? "" : before, IsAddress(before) ? before : "");
  if (IsAddress(before)) return MakePerson(inside, before);
  if (IsAddress(inside)) return MakePerson(before, inside);
  return MakePerson(text, "");
}

FeedText ReadText(const XmlNode* node, FeedText::Form form) {
  if (node == nullptr || node->TrimmedText().empty()) return {};
  return {std::string(node->TrimmedText()), node->has_markup ? FeedText::Form::kMarkup : form,
          *node->base};
}

void ReadModules(const XmlNode& item, FeedItem& out) {
  ReadItunes(item, out);
  ReadMedia(item, out);
  ReadThread(item, out);
  ReadRating(item, out);
  for (const XmlNode& child : item.children) {
    if (child.Is(V::kDublinCore, "subject")) out.tags.push_back(CleanLine(child.text));
  }
}

std::string AtomLink(const XmlNode& node, std::string_view rel) {
  for (const XmlNode& link : node.children) {
    if (link.Is(V::kAtom, "link") && EqualsIgnoreCase(link.Attribute("rel"), rel)) {
      return link.Resolve(link.Attribute("href"));
    }
  }
  return "";
}

void ReadHistory(const XmlNode& feed, Feed& out) {
  out.paging.next = AtomLink(feed, "next");
  out.paging.prev_archive = AtomLink(feed, "prev-archive");
  out.paging.is_archive = feed.Child(V::kHistory, "archive") != nullptr;
  out.paging.is_complete = feed.Child(V::kHistory, "complete") != nullptr;
  for (const XmlNode& child : feed.children) {
    if (!child.Is(V::kTombstone, "deleted-entry") || out.deleted.size() >= kMostDeletions) continue;
    std::string ref = CleanLine(child.Attribute("ref"));
    if (!ref.empty()) out.deleted.push_back(std::move(ref));
  }
}

void ReadTiming(const XmlNode& channel, FeedTiming& out) {
  constexpr std::int64_t kLongestTtl = std::int64_t{60} * 24 * 365;
  if (const auto ttl = ReadCount(channel.ChildText(V::kRss, "ttl")); ttl && *ttl > 0) {
    out.ttl = std::chrono::minutes(std::min(*ttl, kLongestTtl));
  }
  out.update_period = ReadUpdatePeriod(channel);
  if (const XmlNode* hours = channel.Child(V::kRss, "skiphours"); hours != nullptr) {
    for (const XmlNode& hour : hours->children) {
      const auto at = ReadCount(hour.TrimmedText());
      if (at && *at <= 24) out.skip_hours[static_cast<std::size_t>(*at % 24)] = true;
    }
  }
  if (const XmlNode* days = channel.Child(V::kRss, "skipdays"); days != nullptr) {
    for (const XmlNode& day : days->children) {
      if (const auto at = ReadWeekday(day.TrimmedText())) out.skip_days[*at] = true;
    }
  }
}

std::string CleanLanguage(std::string_view tag) {
  constexpr std::size_t kLongestTag = 35;  // RFC 5646 4.4.1.
  std::string lower = LowerAscii(TrimSpace(tag));
  std::replace(lower.begin(), lower.end(), '_', '-');
  const bool fine =
      lower.size() <= kLongestTag && std::all_of(lower.begin(), lower.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      });
  return fine ? lower : "";
}

}  // namespace webcare

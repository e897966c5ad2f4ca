#include "connectors/sites/syndication/feed_posts.h"

#include <algorithm>
#include <memory_resource>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "connectors/markup/dates.h"
#include "connectors/markup/html_text.h"
#include "connectors/markup/text.h"
#include "connectors/markup/url.h"
#include "daemon/base/digest.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

constexpr std::size_t kLongestId = 1024;
constexpr std::size_t kLongestTitle = 1024;
constexpr std::size_t kMostTags = 50;
constexpr std::size_t kDeepestThread = 64;
constexpr std::string_view kEllipses[] = {"...", "…", "[…]", "[...]"};

// Ids become keys; one that is too long for that is told by its hash.
std::string FitId(std::string_view id) {
  std::string clean = CleanLine(id);
  return clean.size() <= kLongestId ? clean : HashParts({clean}).Hex();
}

bool SharesGuids(const std::vector<FeedItem>& items) {
  std::pmr::monotonic_buffer_resource memory;
  std::pmr::unordered_map<std::string_view, std::string_view> links(items.size(), &memory);
  return std::any_of(items.begin(), items.end(), [&](const FeedItem& item) {
    if (item.id.empty() || item.link.empty()) return false;
    return links.emplace(item.id, item.link).first->second != item.link;
  });
}

// What an item that has neither guid nor link is known by.
std::string Fingerprint(const FeedItem& item) {
  const std::string date = item.created ? FormatTime(*item.created) : "";
  return HashParts({item.title.value, date, item.body.value}).Hex();
}

WallTime Latest(const FeedItem& item) {
  return std::max(item.created.value_or(WallTime{}), item.edited.value_or(WallTime{}));
}

void DropDuplicates(std::vector<FeedItem>& items) {
  std::pmr::monotonic_buffer_resource memory;
  std::pmr::unordered_map<std::string_view, std::size_t> latest(items.size(), &memory);  // By id.
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto [at, is_new] = latest.emplace(items[i].id, i);
    if (!is_new && Latest(items[i]) > Latest(items[at->second])) at->second = i;
  }
  if (latest.size() == items.size()) return;
  std::vector<bool> stays(items.size());
  for (const auto& [id, at] : latest) stays[at] = true;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!stays[i]) continue;
    if (kept != i) items[kept] = std::move(items[i]);
    ++kept;
  }
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(kept), items.end());
}

HtmlText Render(const FeedText& text) {
  if (text.form == FeedText::Form::kPlain) return PlainToText(text.value);
  HtmlOptions options;
  options.base_url = text.base_url;
  options.mend_double_escaping = text.form == FeedText::Form::kHtml;
  return HtmlToText(text.value, options);
}

// Feeds of short messages repeat the start of the text as title.
bool IsStartOf(std::string_view title, std::string_view body) {
  for (const std::string_view ellipsis : kEllipses) {
    if (title.size() > ellipsis.size() &&
        title.substr(title.size() - ellipsis.size()) == ellipsis) {
      title = TrimSpace(title.substr(0, title.size() - ellipsis.size()));
      break;
    }
  }
  return body.substr(0, title.size()) == title;
}

// Title, blank line, body.
void SetText(const FeedItem& item, Post& post) {
  const std::string title(CutUtf8(CleanLine(Render(item.title).text), kLongestTitle));
  HtmlText body = Render(item.body);
  post.links = std::move(body.links);
  post.mentions = std::move(body.mentions);
  post.tags = std::move(body.hashtags);
  post.truncated = body.truncated;
  if (title.empty() || (!body.text.empty() && IsStartOf(title, body.text))) {
    post.text = std::move(body.text);
    return;
  }
  post.title_size = static_cast<std::uint32_t>(title.size());
  post.text = body.text.empty() ? title : title + "\n\n" + body.text;
  const std::string_view cut = CutUtf8(post.text, kMaxPostText.count);
  post.truncated = post.truncated || cut.size() < post.text.size();
  post.text.resize(cut.size());
}

void AddUnique(const std::vector<std::string>& from, std::size_t most,
               std::vector<std::string>& to) {
  for (const std::string& value : from) {
    if (to.size() >= most || value.empty()) continue;
    if (std::find(to.begin(), to.end(), value) == to.end()) to.push_back(value);
  }
}

void SetRating(const FeedItem& item, const PostOptions& options, Post& post) {
  if (!item.rating) return;
  const double most = item.rating->max > 0 ? item.rating->max : options.rating_max;
  if (item.rating->value <= most) post.rating = Rating{item.rating->value, most};
}

Post MakePost(FeedItem& item, const Feed& feed, const PostOptions& options, WallTime now) {
  Post post;
  post.native_id = item.id;
  post.permalink = IsWebUrl(item.link) ? CleanLine(item.link) : "";
  post.author = std::move(item.author);
  if (post.author.name.empty()) post.author = feed.author;
  post.created_at = PlausibleDate(item.created, now);
  if (item.edited) post.edited_at = PlausibleDate(item.edited, now);
  post.language = item.language.empty() ? feed.language : item.language;
  SetText(item, post);
  AddUnique(item.attachments, kMostTags, post.links);
  AddUnique(item.tags, kMostTags, post.tags);
  SetRating(item, options, post);
  post.kind = options.kind;
  return post;
}

std::string PageOf(std::string_view link) {
  const std::size_t hash = link.find('#');
  return hash == std::string_view::npos ? "" : std::string(link.substr(0, hash));
}

// Parents and roots. An ancestor outside the document is the root as far as we know.
class Threads {
 public:
  explicit Threads(const std::vector<FeedItem>& items) {
    for (const FeedItem& item : items) {
      if (!item.parent.empty()) parents_.emplace(item.id, FitId(item.parent));
    }
  }

  void Place(const FeedItem& item, const PostOptions& options, Post& post) const {
    const auto found = parents_.find(item.id);
    if (found == parents_.end()) {
      if (options.kind == PostKind::kComment) post.root_id = FitId(PageOf(item.link));
      return;
    }
    if (found->second == item.id) return;
    post.parent_id = found->second;
    post.root_id = RootOf(found->second);
    if (post.root_id == item.id) post.root_id = post.parent_id;  // A circle.
    if (options.kind == PostKind::kPost) post.kind = PostKind::kReply;
  }

 private:
  std::string RootOf(std::string_view id) const {
    std::string root(id);
    for (std::size_t steps = 0; steps < kDeepestThread; ++steps) {
      const auto parent = parents_.find(root);
      if (parent == parents_.end()) break;
      root = parent->second;
    }
    return root;
  }

  std::unordered_map<std::string, std::string> parents_;
};

}  // namespace

void SettleIds(Feed& feed, bool by_link) {
  feed.by_link = by_link || SharesGuids(feed.items);
  for (FeedItem& item : feed.items) {
    const bool speaks = !item.title.empty() || !item.body.empty();
    const bool use_link = !item.link.empty() && (feed.by_link || item.id.empty());
    item.id = FitId(use_link ? item.link : item.id);
    if (item.id.empty() && speaks) item.id = Fingerprint(item);
  }
  DropDuplicates(feed.items);
}

void MakePosts(Feed& feed, const PostOptions& options, WallTime now, Page& page) {
  const Threads threads(feed.items);
  page.items.reserve(feed.items.size());
  // Feeds are newest first as a rule; where dates are equal their order is turned, too.
  for (auto item = feed.items.rbegin(); item != feed.items.rend(); ++item) {
    if (item->id.empty()) {
      page.rejected.push_back({"", "item has neither id, link nor text", ""});
      continue;
    }
    Item& made = page.items.emplace_back(Item{MakePost(*item, feed, options, now), item->reach});
    threads.Place(*item, options, made.post);
  }
  const auto older = [](const Item& a, const Item& b) {
    return a.post.created_at < b.post.created_at;
  };
  if (!std::is_sorted(page.items.begin(), page.items.end(), older))
    std::stable_sort(page.items.begin(), page.items.end(), older);
}

}  // namespace webcare

// One feed as RSS 2.0, Atom 1.0 (RFC 4287) or JSON Feed 1.1: a window of the newest items, and with
// `archive` the older ones as RFC 5005 archive documents (JSON Feed: next_url).
//
// Archive n holds the items [n * window, (n + 1) * window) in order of time and exists once it is
// full, so it never changes but for deletions.
#pragma once

#include <string>
#include <vector>

#include "tests/feeds/feed_day.h"
#include "tests/feeds/feed_page.h"

namespace webcare {

// Threads: const methods may run concurrently. Borrows source and posts.
class SyndicationFace {
 public:
  SyndicationFace(const FeedSource& source, std::vector<const FeedPost*> posts, std::size_t copies);

  const FeedSource& source() const { return source_; }
  FeedPage Answer(const FeedTarget& target, const FeedContext& context) const;

 private:
  struct Item {
    const FeedPost* post = nullptr;
    std::size_t copy = 0;
    std::size_t version = 0;
    std::string Id(const std::string& id) const;  // With the copy's mark.
  };
  struct Document {
    std::vector<Item> items;  // Newest first.
    std::string self;
    std::string older;  // Address of the archive before this one, or "".
    bool is_archive = false;
    WallTime updated{};
  };

  Document Collect(const FeedTarget& target, const FeedContext& context, bool& exists) const;
  std::string Link(const Item& item) const { return source_.link + "/" + item.Id(item.post->id); }
  std::string Rss(const Document& document) const;
  std::string RssItem(const Item& item) const;
  std::string Atom(const Document& document) const;
  std::string AtomEntry(const Item& item) const;
  std::string ParentXml(const Item& item) const;
  std::string RatingXml(const Item& item) const;
  std::string Json(const Document& document) const;

  const FeedSource& source_;
  std::vector<const FeedPost*> posts_;
  std::size_t copies_;
};

}  // namespace webcare

#include "connectors/sites/syndication/feed_walk.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "connectors/markup/url.h"

namespace webcare {
namespace {

std::vector<ItemHash> HashesOf(const Feed& feed) {
  std::vector<ItemHash> hashes;
  hashes.reserve(feed.items.size());
  for (const FeedItem& item : feed.items) hashes.push_back(HashOfId(item.id));
  return hashes;
}

// Whether a walk has come to what was read before it began. At the first poll ever nothing was.
bool ReachesTheKnown(const Feed& feed, std::string_view next, const FeedCursor& cursor) {
  const bool by_archive = !cursor.walk->newest_archive.empty();
  if (by_archive && !cursor.archive.empty()) return next == cursor.archive;
  return !cursor.known.empty() && cursor.KnowsAny(HashesOf(feed));
}

// A page may send us on within its own host only: a feed must not aim us at others.
bool MayFollow(std::string_view url, std::string_view from, Page& page) {
  if (url.empty() || url == from) return false;
  if (IsWebUrl(url) && UrlHost(url) == UrlHost(from)) return true;
  page.warnings.emplace_back("a paging link to another host was not followed");
  return false;
}

void EndWalk(FeedCursor& cursor) {
  cursor.Remember(cursor.walk->fresh);
  cursor.archive = cursor.walk->newest_archive;
  cursor.walk.reset();
}

void TakeDeletions(const Feed& feed, FeedCursor& cursor, Page& page) {
  if (feed.deleted.empty() && !feed.paging.is_complete) return cursor.complete.clear();
  std::unordered_set<std::string_view> present;
  for (const FeedItem& item : feed.items) present.insert(item.id);
  for (const std::string& id : feed.deleted) {
    if (!present.contains(id)) page.deletions.push_back({id});
  }
  if (!feed.paging.is_complete || feed.paging.is_archive) {
    cursor.complete.clear();
    return;
  }
  if (!feed.whole) return;  // What is missing may only be unread.
  for (std::string& id : cursor.complete) {
    if (!present.contains(id)) page.deletions.push_back({std::move(id)});
  }
  cursor.complete.clear();
  for (const FeedItem& item : feed.items) cursor.complete.push_back(item.id);
  if (FitsCursor(cursor.complete)) return;
  cursor.complete.clear();
  page.warnings.emplace_back("the feed is complete but too large to notice deletions");
}

void StartWalk(std::string url, const Feed& feed, WallTime now, FeedCursor& cursor) {
  cursor.walk =
      FeedWalk{std::move(url), kMostWalkPages, now, feed.paging.prev_archive, HashesOf(feed)};
}

}  // namespace

const FeedWalk* CurrentWalk(const FeedCursor& cursor, WallTime now, std::string_view final_url) {
  if (!cursor.walk) return nullptr;
  const bool in_time = now - cursor.walk->since < kLongestWalk;
  return in_time || final_url == cursor.walk->url ? &*cursor.walk : nullptr;
}

void TakeNewest(const Feed& feed, std::optional<FeedCursor> before, const WalkOptions& options,
                std::string_view final_url, WallTime now, Page& page) {
  const bool first = !before.has_value();
  FeedCursor cursor = std::move(before).value_or(FeedCursor());
  if (cursor.walk) {
    page.warnings.emplace_back(
        "gap: older pages could not be read within an hour and were given up");
    EndWalk(cursor);
  }
  cursor.by_link = feed.by_link;
  const std::vector<ItemHash> hashes = HashesOf(feed);
  const bool gap = !cursor.known.empty() && !hashes.empty() && !cursor.KnowsAny(hashes);
  if (gap) page.warnings.emplace_back("gap: none of the known items is in the feed any more");
  TakeDeletions(feed, cursor, page);
  const FeedPaging& paging = feed.paging;
  const bool new_archive = !paging.prev_archive.empty() && paging.prev_archive != cursor.archive;
  if (new_archive && (!first || options.backfill) &&
      MayFollow(paging.prev_archive, final_url, page)) {
    StartWalk(paging.prev_archive, feed, now, cursor);
  } else if (options.backfill && (first || gap) && MayFollow(paging.next, final_url, page)) {
    StartWalk(paging.next, feed, now, cursor);
  } else {
    cursor.Remember(hashes);
    if (!paging.prev_archive.empty()) cursor.archive = paging.prev_archive;
  }
  page.more = cursor.walk.has_value();
  page.next_cursor = WriteCursor(cursor);
}

void TakeOlder(const Feed* feed, FeedCursor cursor, std::string_view final_url, Page& page) {
  FeedWalk& walk = *cursor.walk;
  std::string next;
  if (feed == nullptr) {
    page.warnings.emplace_back("gap: an older page of the feed could not be read");
  } else {
    const bool by_archive = !walk.newest_archive.empty();
    next = by_archive ? feed->paging.prev_archive : feed->paging.next;
    if (ReachesTheKnown(*feed, next, cursor) || !MayFollow(next, final_url, page)) next.clear();
    if (!next.empty() && --walk.pages_left <= 0) {
      page.warnings.emplace_back("gap: more than 200 older pages, the rest was left");
      next.clear();
    }
  }
  if (next.empty()) {
    EndWalk(cursor);
  } else {
    walk.url = std::move(next);
    page.more = true;
  }
  page.next_cursor = WriteCursor(cursor);
}

}  // namespace webcare

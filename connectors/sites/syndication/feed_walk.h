// Which page of a feed comes next, what was missed and what has vanished: RFC 5005 and the rules of
// feeds.md 1 on gaps. Pure: cursor and document in, cursor out.
#pragma once

#include <string_view>

#include "connectors/connector.h"
#include "connectors/sites/syndication/feed.h"
#include "connectors/sites/syndication/feed_cursor.h"

namespace webcare {

inline constexpr int kMostWalkPages = 200;
// A walk that an unreadable page holds up is given up after this time: the newest items matter more.
inline constexpr std::chrono::hours kLongestWalk{1};

// The walk to go on with, or null: then the feed's own address is next. `final_url` is that of the
// answer at hand, "" before asking.
const FeedWalk* CurrentWalk(const FeedCursor& cursor, WallTime now, std::string_view final_url);

struct WalkOptions {
  bool backfill = false;  // At the first poll go back through all pages; `next` after gaps, too.
};

// The newest document was read. Sets next_cursor, more, deletions and warnings of `page`.
//   First poll: its archives count as known (unless backfill).
//   An archive not seen before: walk back through prev-archive to one that is known.
//   None of the known ids in it: a gap. With backfill, walk through `next` to a known id.
//   fh:complete: ids of the last complete document that are not in this one are deletions.
void TakeNewest(const Feed& feed, std::optional<FeedCursor> cursor, const WalkOptions& options,
                std::string_view final_url, WallTime now, Page& page);

// An older document of the walk was read; null: it could not be.
void TakeOlder(const Feed* feed, FeedCursor cursor, std::string_view final_url, Page& page);

}  // namespace webcare

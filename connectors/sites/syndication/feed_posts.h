// Items of a feed as posts: identity, texts, threads, order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "connectors/sites/syndication/feed.h"

namespace webcare {

struct PostOptions {
  PostKind kind = PostKind::kPost;
  double rating_max = 5;  // Where the feed does not say.
};

// Gives every item its final `id`: guid, else link, else a hash of title, date and text. Where several
// items with different links share a guid, or `by_link` says that this feed did so before, the link, and
// feed.by_link is set. Of items with one id the latest stays, else the first.
void SettleIds(Feed& feed, bool by_link);

// REQUIRES: SettleIds. One item per item, oldest first; authors move over, ids stay in `feed`. What holds
// neither id, link nor text is rejected. Dates absent or more than a day ahead become `now`.
//
// Threads: an item that answers another (RFC 4685) has that as its parent and the first known ancestor
// as its root. A comment (options.kind) without parent whose link is "page#comment" belongs to the
// conversation "page".
void MakePosts(Feed& feed, const PostOptions& options, WallTime now, Page& page);

}  // namespace webcare

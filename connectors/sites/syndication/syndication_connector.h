// RSS 0.9x, 1.0, 2.0, Atom 0.3, 1.0 and JSON Feed 1.0, 1.1 (feeds.md 1).
//
// A feed is a window: every poll repeats what the last one said. The connector delivers all of it each
// time; daemon/cases drops what it knows and takes changed content as an edit. The first poll reads one
// page. See feed_walk.h for older pages, gaps and deletions, feed_posts.h for ids and threads.
//
// Keys in sources.d/*.yaml beside the common ones:
//   url         http or https; required.
//   kind        post, comment or review: what its items are. Default post.
//   rating_max  The best rating, where the feed does not say (1 to 100). Default 5.
//   backfill    true: at the first poll also read all older pages that the feed offers. Default false.
#pragma once

#include "connectors/connector.h"
#include "daemon/base/library_version.h"

namespace webcare {

extern const ConnectorType kSyndicationConnector;

LibraryVersion XmlLibrary();

}  // namespace webcare

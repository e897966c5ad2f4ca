// RSS 0.9x, 1.0 (RDF) and 2.0 (feeds.md 1, table of fields).
#pragma once

#include "connectors/sites/syndication/feed.h"
#include "connectors/sites/syndication/feed_document.h"

namespace webcare {

// REQUIRES: the root is rss or RDF. Leaves rejected, warnings and whole to the caller.
Feed ReadRss(const FeedDocument& document);

}  // namespace webcare

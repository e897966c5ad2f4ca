// Atom 1.0 (RFC 4287) and 0.3 (feeds.md 1, table of fields).
#pragma once

#include "connectors/sites/syndication/feed.h"
#include "connectors/sites/syndication/feed_document.h"

namespace webcare {

// REQUIRES: the root is feed. Leaves rejected, warnings and whole to the caller.
Feed ReadAtom(const FeedDocument& document);

}  // namespace webcare

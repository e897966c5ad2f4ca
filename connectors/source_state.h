// What the poller remembers of a source between polls. Stored in the same commit as the page, so
// that no cursor is ever ahead of its posts. Filled by connectors/poller, opaque to who stores it.
#pragma once

#include <string>

#include "connectors/connector.h"
#include "daemon/base/time.h"

namespace webcare {

struct SourceState {
  Cursor cursor;
  std::string etag;           // Byte for byte as received.
  std::string last_modified;  // The same.
  std::string body_hash;      // Of the last good body, for servers whose ETag changes on each hit.
  std::string url_hash;  // Of the URL that the three above came with; for another they say nothing.
  std::string moved_to;  // Target of a permanent redirect (poller's own form), ...
  int moved_count = 0;   // ... and how many polls in a row saw it.
  double posts_per_day = 0;  // Moving average, for the adaptive interval.
  WallTime last_success{};
  WallTime last_new_post{};
};

}  // namespace webcare

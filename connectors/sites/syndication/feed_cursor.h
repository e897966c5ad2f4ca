// What is remembered of a feed between polls.
//
// JSON: {"v":1, "known":["<16 hex>",..], "by_link":true, "archive":"<url>", "complete":["<id>",..],
//        "walk":{"url":"<url>","left":n,"since":ms,"archive":"<url>","fresh":["<16 hex>",..]}}
// where all but v may be missing. At most 64 KiB: 1,000 known ids, 500 fresh ones, 32 KiB of complete.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/connector.h"

namespace webcare {

// The first 64 bits of SHA-256 of an item's id.
using ItemHash = std::uint64_t;
ItemHash HashOfId(std::string_view id);

// Reading older pages after the newest, page by page (RFC 5005).
struct FeedWalk {
  std::string url;  // The next page to read.
  int pages_left = 0;
  WallTime since{};
  std::string newest_archive;   // What becomes FeedCursor::archive when the walk ends.
  std::vector<ItemHash> fresh;  // Of the newest document; known when the walk ends.
};

struct FeedCursor {
  std::vector<ItemHash> known;        // Most recently seen first.
  bool by_link = false;               // Guids are shared; links are the ids.
  std::string archive;                // Newest archive document that needs no reading any more.
  std::vector<std::string> complete;  // Ids of the last document that said to be complete.
  std::optional<FeedWalk> walk;

  bool KnowsAny(std::span<const ItemHash> hashes) const;
  // Puts the hashes in front; the oldest beyond the limit are forgotten.
  void Remember(std::span<const ItemHash> hashes);
};

// Absent: empty, not ours or of another version; the source is read as if for the first time.
std::optional<FeedCursor> ParseCursor(std::string_view text);
Cursor WriteCursor(const FeedCursor& cursor);

// Whether the ids fit into a cursor.
bool FitsCursor(const std::vector<std::string>& complete);

}  // namespace webcare

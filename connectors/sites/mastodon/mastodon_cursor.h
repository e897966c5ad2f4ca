// Where a Mastodon feed stands: how far the timeline was read, which posts are watched for edits and
// deletions, and which conversations are being looked up.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/connector.h"
#include "connectors/sites/mastodon/mastodon_config.h"
#include "daemon/base/result.h"
#include "daemon/base/time.h"

namespace webcare {

// Bounds that keep a written cursor below 64 KiB whatever the instance sends (a test adds them up).
inline constexpr std::size_t kMostRecent = 200;   // Watched posts.
inline constexpr std::size_t kMostAsked = 80;     // Posts still to be looked up.
inline constexpr std::size_t kMostParents = 200;  // Looked-up posts.
inline constexpr std::size_t kMostIdBytes = 40;   // A UUID has 36.

// Letters, digits and "-_.~": numbers at Mastodon, ULID, UUID or Flake elsewhere.
bool IsUsableId(std::string_view id);
bool IsNumericId(std::string_view id);
// The order of numeric ids without converting them: by length, then by digits.
bool IdLess(std::string_view a, std::string_view b);

// A usable id or "", in place: each page reads and writes hundreds of them.
class KeptId {
 public:
  KeptId() = default;
  explicit KeptId(std::string_view id);  // REQUIRES: at most kMostIdBytes.

  std::string_view view() const { return {bytes_.data(), size_}; }
  bool empty() const { return size_ == 0; }

 private:
  std::array<char, kMostIdBytes> bytes_;
  std::uint8_t size_ = 0;
};

// A post that was handed on a short while ago.
struct RecentPost {
  KeptId id;
  KeptId root;        // Empty: it is one.
  WallTime seen{};    // When it was handed on.
  WallTime edited{};  // The edit it was handed on with; zero: none.
};

struct MastodonCursor {
  std::string mode;    // Ids of timelines and of notifications are not the same.
  std::string newest;  // Status or notification id; empty: nothing read yet.
  std::string top;     // Search: the highest id of the pages read so far in this sweep.
  int offset = 0;      // Search: where the sweep goes on.

  // Oldest first.
  std::vector<RecentPost> recent;
  std::size_t turn = 0;       // Index in `recent` of the next one to check.
  WallTime check_at{};        // When.
  int lookup_failures = 0;    // Times in a row that asking for posts by id came to nothing.
  bool lookup_works = false;  // It has answered with a post at least once.

  // The page being read has answers to posts not seen before; it is read again once these are known.
  std::vector<std::string> ask;
  WallTime ask_until{};
  int rounds = 0;
  std::map<std::string, std::string, std::less<>> parents;  // Looked up: id to its parent or "".

  RecentPost* Find(std::string_view id);  // Null: not watched.
  // Forgets what is older than `window`, and the oldest where there are too many.
  void Trim(WallTime now, std::chrono::milliseconds window);
  void Remove(std::string_view id);
};

// Empty text: a first poll. kInvalid: not ours, of another version, of another mode. `most_recent`: how many
// of the watched posts are wanted, the oldest ones; they are most of the work.
Result<MastodonCursor> ReadMastodonCursor(std::string_view text, MastodonMode mode,
                                          std::size_t most_recent = kMostRecent);
Cursor WriteMastodonCursor(const MastodonCursor& cursor);

}  // namespace webcare

// Cases and their posts as the tables hold them (daemon/store/schema.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/digest.h"

namespace webcare {

// The newest release of a case.
struct ReleaseFacts {
  std::int64_t number = 0;    // Of all releases: 1, 2, 3 ... without gaps; 0: never released.
  std::int64_t arrived = 0;   // Tick of the turn's arrival.
  std::int64_t released = 0;  // Tick of its release.
  int attempt = 0;            // 1, and one more each time Kafka's retention deleted it unread.
};

struct StoredCase {
  std::int64_t no = 0;
  Id128 key;
  std::int64_t source = 0;
  std::int64_t author = 0;    // AuthorNo().
  std::int64_t likeness = 0;  // Of the post that opened it; 0: edited or deleted since.
  int turn = 0;               // The latest turn that waits or was released; 0: none.
  bool waiting = false;       // That turn is in the queue.
  int posts = 0;
  int repeats = 0;                 // Posts that say the same again.
  int revision = 0;                // Of events about the case.
  std::int64_t asked_at = 0;       // The customer's clock: when the asking post was written.
  std::int64_t waiting_since = 0;  // Ours: when its turn arrived.
  std::int64_t answered_at = 0;    // When the brand answered in public; 0: not.
  std::int64_t touched_at = 0;     // For retention.
  std::string author_name;
  std::string author_handle;
  std::string author_url;
  ReleaseFacts release;

  bool released() const { return turn - (waiting ? 1 : 0) >= 1; }
  bool open() const { return turn >= 1; }
};

struct StoredPost {
  std::int64_t no = 0;  // Posts of a case are numbered in the order they came.
  Id128 key;
  int turn = 0;  // The turn it asks for; 0: it asks for none.
  bool repeat = false;
  std::int64_t likeness = 0;  // Of an asking post; 0 where the case's own is that of this post.
  std::string facts;          // JSON object, case_events.h.
  std::string verdict;        // The same.
  std::string text;
  bool truncated = false;

  std::int64_t case_no() const { return no >> kPostsOfACase; }
  static constexpr int kPostsOfACase = 32;  // Bits.
};

// Everything an event of a case may say.
struct CaseFile {
  StoredCase facts;
  std::string source_id;
  std::string source_type;
  std::vector<StoredPost>
      posts;  // Oldest first: the first one and the newest, at most kMaxFilePosts.
};
inline constexpr int kMaxFilePosts = 20;

}  // namespace webcare

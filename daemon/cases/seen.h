// What was read before: hashes only, no text (operations.md 3.3). One row a post, so that every post,
// complaint or not, is judged once.
// All calls are steps of the caller's transaction; errors are the Database's (sticky).
#pragma once

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/base/digest.h"
#include "daemon/base/post.h"
#include "daemon/store/database.h"

namespace webcare {

// The id of a post wherever we name it: in rows, events and keys.
Id128 PostId(std::string_view source_id, std::string_view native_id);

// The same for an author, who is one person per source.
Id128 AuthorKey(std::string_view source_id, std::string_view author_id);

struct SeenPost {
  std::int64_t content = 0;  // Hash of what an edit could change; 0: deleted since.
  std::int64_t day = 0;      // When it was last met.
  Id128 root;                // The conversation it stands in.
};

// What a global id is remembered by.
Id128 GlobalKey(std::string_view global_id);

// Hash of the text and the rating; never 0.
std::int64_t ContentHash(const Post& post);

// For one page: posts that are put, touched or marked stand in memory until Write().
class Seen {
 public:
  // `now` gives the day that retention counts from.
  Seen(Database& db, WallTime now);

  // Reads what is known of these posts at once; anything else is looked up when asked.
  void Load(std::vector<Id128> posts);
  std::optional<SeenPost> Find(const Id128& post);
  void Put(const Id128& post, std::int64_t content, const Id128& root);
  // Keeps a post that feeds repeat for months from being forgotten; writes once a week at most.
  void Touch(const Id128& post, const SeenPost& found);
  // After a deletion: should it come back, it is judged again.
  void MarkDeleted(const Id128& post);

  // True when another post brought this global id before; else remembers it.
  bool MetElsewhere(const Id128& global);

  // Call it once, at the end of the page.
  void Write();

 private:
  // What stands in the table, or is about to.
  struct Row {
    std::optional<SeenPost> post;
    bool stored = false;
    bool changed = false;
  };

  Row& RowOf(const Id128& post);

  Database& db_;
  std::int64_t today_;
  std::pmr::monotonic_buffer_resource memory_;  // Of all rows of the page, as one piece.
  std::pmr::unordered_map<Id128, Row, Id128Hash> posts_{&memory_};
};

}  // namespace webcare

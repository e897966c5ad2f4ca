// The rows behind authors, cases and posts (daemon/store/schema.md). Knows how they are kept, not what
// happens to them: that is case_desk.h. All calls are steps of the caller's transaction; errors are the
// Database's (sticky), under which a find reads as "not there".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/base/digest.h"
#include "daemon/cases/author_filter.h"
#include "daemon/store/database.h"

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
  std::int64_t author = 0;  // AuthorNo().
  std::int64_t likeness =
      0;                 // Of the post that opened it; 0: that one was edited or deleted since.
  int turn = 0;          // The latest turn that waits or was released; 0: none.
  bool waiting = false;  // That turn is in the queue.
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

// By which the queue, cases and posts know an author: 64 bits of AuthorKey(). That two of ten million authors
// share one has a chance of 3 in a million; they would be served as if they were one.
std::int64_t AuthorNo(const Id128& author_key);

// The only one of its database: it remembers what the tables say.
class CaseBook {
 public:
  explicit CaseBook(Database& db);
  CaseBook(const CaseBook&) = delete;
  CaseBook& operator=(const CaseBook&) = delete;

  // Those of the author, up to one more than kMaxEarlierCases.
  int CountCases(std::int64_t author);
  std::optional<StoredCase> FindCase(const Id128& key);
  std::optional<StoredCase> LoadCase(std::int64_t no);
  std::vector<StoredCase> CasesOf(std::int64_t author);
  void AddCase(StoredCase& one);           // Gives it its number.
  void UpdateCase(const StoredCase& one);  // All but `likeness`.
  void ForgetLikeness(StoredCase& one);
  // UpdateCase() for a case whose turn was just released: what changes with that, and nothing else.
  void UpdateReleased(const StoredCase& one);
  // With its posts and its loud note.
  void DeleteCase(const StoredCase& one);

  std::optional<StoredPost> FindPost(const Id128& key);
  void AddPost(const StoredPost& post, const StoredCase& into);
  void UpdatePost(const StoredPost& post, const StoredCase& into);
  void DeletePost(const StoredPost& post);
  // A waiting case of the author with an asking post that says the same already; 0: none.
  std::int64_t CaseSaying(std::int64_t author, std::int64_t likeness);
  // Whether a post of the case asks for `turn`; 0: for any.
  bool AnyAsking(std::int64_t case_no, int turn);
  bool IsFirstPost(const StoredPost& post);

  void PutLoudNote(std::int64_t case_no, const Id128& post, const std::string& body);
  // When it is of this post.
  void DropLoudNote(std::int64_t case_no, const Id128& post);
  bool AnyLoudNotes();
  // Reads and deletes it; empty: none.
  std::string TakeLoudNote(std::int64_t case_no);

  CaseFile LoadFile(StoredCase one);

 private:
  struct SourceOf {
    std::string id;
    std::string type;
  };
  const SourceOf& FindSource(std::int64_t no);

  void KnowAuthors();

  Database& db_;
  AuthorFilter authors_;                                // At least those with a case.
  std::unordered_map<std::int64_t, SourceOf> sources_;  // Asked for so far: they never change.
};

}  // namespace webcare

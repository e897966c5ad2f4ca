// The rows behind sources, cases and posts (daemon/store/schema.md). Knows how they are kept, not what
// happens to them: that is case_desk.h. All calls are steps of the caller's transaction; errors are the
// Database's (sticky), under which a find reads as "not there".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/base/digest.h"
#include "daemon/cases/author_filter.h"
#include "daemon/cases/opened_cases.h"
#include "daemon/cases/stored_case.h"
#include "daemon/store/database.h"

namespace webcare {

// By which the queue, cases and posts know an author: 64 bits of AuthorKey(). That two of ten million authors
// share one has a chance of 3 in a million; they would be served as if they were one.
std::int64_t AuthorNo(const Id128& author_key);

// The only one of its database: it remembers what the tables say.
class CaseBook {
 public:
  explicit CaseBook(Database& db);
  CaseBook(const CaseBook&) = delete;
  CaseBook& operator=(const CaseBook&) = delete;

  // The source's number, given at the first call and the same for life. Also notes its type, which events
  // tell; it may change with the configuration.
  std::int64_t SourceNo(std::string_view id, std::string_view type);

  // Those of the author, up to one more than kMaxEarlierCases.
  int CountCases(std::int64_t author);
  std::optional<StoredCase> FindCase(const Id128& key);
  std::optional<StoredCase> LoadCase(std::int64_t no);
  std::vector<StoredCase> CasesOf(std::int64_t author);
  // With its first post; gives it its number.
  void OpenCase(StoredCase& one, StoredPost first);
  void UpdateCase(const StoredCase& one);  // All but `likeness`.
  void ForgetLikeness(StoredCase& one);
  // UpdateCase() for a case whose turn was just released: what changes with that, and nothing else.
  void UpdateReleased(const StoredCase& one);
  // With its posts and its loud note.
  void DeleteCase(const StoredCase& one);

  std::optional<StoredPost> FindPost(const Id128& key);
  void AddPost(StoredPost post, const StoredCase& into);  // Behind the others.
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
  // The same by its number: mostly from memory, when the case was opened just before. Empty: not there.
  std::optional<CaseFile> FileOf(std::int64_t case_no);
  // After a rollback: what is in memory may not be in the tables.
  void Forget();

 private:
  struct SourceOf {
    std::string id;
    std::string type;
  };
  const SourceOf& FindSource(std::int64_t no);
  CaseFile FileFor(StoredCase one);  // Without posts.
  void KnowAuthors();
  void Insert(StoredCase& one);
  void Insert(const StoredPost& post, const StoredCase& into);

  Database& db_;
  OpenedCases opened_;
  AuthorFilter authors_;                                // At least those with a case.
  std::unordered_map<std::int64_t, SourceOf> sources_;  // Asked for since one of them changed.
};

}  // namespace webcare

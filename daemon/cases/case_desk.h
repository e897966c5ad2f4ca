// What a judged, edited, deleted or answered post means for the cases, the queue and the outbox. The rules
// of intake.h, one post at a time, as steps of the caller's transaction.
#pragma once

#include <optional>
#include <string_view>

#include "connectors/connector.h"
#include "daemon/base/verdict.h"
#include "daemon/cases/books.h"
#include "daemon/cases/case_events.h"

namespace webcare {

// What is known around a post before it is judged.
struct Standing {
  std::optional<StoredCase> own;   // The author's case in this conversation.
  std::optional<StoredPost> post;  // The post itself, kept from before.
  bool joins_case = false;         // For PostContext.
  int earlier_cases = 0;           // Of the author, without `own`.
};

struct JudgedPost {
  const Item& item;
  Id128 id;    // PostId().
  Id128 root;  // Of its conversation.
  Id128 author_key;
  const Verdict& verdict;
  const ReachNote& note;
};

class CaseDesk {
 public:
  CaseDesk(Books& books, std::int64_t source, std::string_view source_id, WallTime now)
      : db_(*books.db),
        book_(books.cases),
        queue_(books.queue),
        source_(source),
        source_id_(source_id),
        now_(now) {}

  // `known`: the post was seen before; posts that are kept always were (Prune()).
  Standing Look(const Id128& post, const Id128& author_key, const Id128& root, bool known);
  // Files the post and tells whether it brought a new turn.
  bool File(const JudgedPost& judged, const Standing& standing);
  // False: no case holds the post.
  bool Delete(const Id128& post);
  // The brand answered `parent` or, when no case holds that, the conversation's first post.
  void Answer(const Id128& parent, const Id128& root);

 private:
  // `has_others`: the author has cases in other conversations.
  bool Ask(const JudgedPost& judged, bool has_others, std::optional<StoredCase>& into);
  void Join(const JudgedPost& judged, StoredCase& into);
  bool Edit(const JudgedPost& judged, const StoredPost& before, StoredCase& into);
  void GiveVoice(const JudgedPost& judged, const std::optional<StoredCase>& into);

  StoredCase NewCase(const JudgedPost& judged, std::int64_t likeness) const;
  void NewTurn(const JudgedPost& judged, StoredCase& one);
  // The words of `post` are going: the case is not to be found by them any more.
  void DropWords(const StoredPost& post, StoredCase& one);
  // Takes the waiting turn back when no post asks for it any more.
  void WithdrawUnasked(StoredCase& one);
  void Save(StoredCase& one) { book_.UpdateCase(one); }
  void Tell(StoredCase& one, CaseChange change, const Id128& post);
  std::int64_t AskedAt(const Post& post) const;

  Database& db_;
  CaseBook& book_;
  TurnQueue& queue_;
  std::int64_t source_;
  std::string_view source_id_;
  WallTime now_;
};

// Hash of the text without links, case (of ASCII), spaces and punctuation, so that the same words posted
// again are recognised; 0: nothing is left of it.
std::int64_t Likeness(std::string_view text);

}  // namespace webcare

#include "daemon/cases/retention.h"

#include <functional>

#include "daemon/cases/case_desk.h"
#include "daemon/cases/case_events.h"
#include "daemon/store/outbox.h"

namespace webcare {
namespace {

std::int64_t DayOf(WallTime time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

std::int64_t DeleteBefore(Database& db, std::string_view sql, std::int64_t limit) {
  db.Query(sql).Bind(1, limit).Run();
  return db.Changes();
}

// Cases without a waiting turn that nothing happened to since `limit`.
std::int64_t DeleteCases(Books& books, std::int64_t limit) {
  std::vector<std::int64_t> numbers;
  {
    auto row = books.db->Query("SELECT id FROM cases WHERE waiting = 0 AND touched_at < ?1");
    for (row.Bind(1, limit); row.Step();) numbers.push_back(row.Int(0));
  }
  for (const std::int64_t no : numbers) {
    if (const auto one = books.cases.LoadCase(no)) books.cases.DeleteCase(*one);
  }
  return static_cast<std::int64_t>(numbers.size());
}

// An erasure is over only when no copy is left among records that Kafka has, in pages that are not used any
// more, nor in the WAL.
Status AtomicallyAndGone(Database& db, const std::function<Status()>& work) {
  Status done = db.Atomically([&] {
    Outbox::DropSettled(db);
    return work();
  });
  if (!done.ok()) return done;
  if (Status dropped = db.DropFreePages(); !dropped.ok()) return dropped;
  return db.Checkpoint();
}

}  // namespace

Result<std::int64_t> Prune(Books& books, const Retention& retention, WallTime now) {
  Database& db = *books.db;
  std::int64_t deleted = 0;
  const std::int64_t seen_before = DayOf(now - retention.seen);
  const Status done = db.Atomically([&]() -> Status {
    deleted += DeleteCases(books, ToMillis(now - retention.cases));
    // A post that is kept must be known as one when its source gives it again.
    deleted += DeleteBefore(
        db, "DELETE FROM seen WHERE day < ?1 AND NOT EXISTS (SELECT 1 FROM posts WHERE key = post)",
        seen_before);
    deleted += DeleteBefore(db, "DELETE FROM seen_global WHERE day < ?1", seen_before);
    Outbox::DropSettled(db);
    return {};
  });
  if (!done.ok()) return done.error();
  // Not only for these: rows of the outbox that Kafka has may still stand there.
  if (Status dropped = db.DropFreePages(); !dropped.ok()) return dropped.error();
  return deleted;
}

Result<int> EraseAuthorOf(Books& books, const Id128& case_key, WallTime now) {
  int erased = 0;
  const Status done = AtomicallyAndGone(*books.db, [&]() -> Status {
    CaseBook& book = books.cases;
    const auto known = book.FindCase(case_key);
    if (!known) return {};
    std::vector<OutboxRow> tombstones;
    for (const StoredCase& one : book.CasesOf(known->author)) {
      books.queue.Withdraw(one.no);
      if (one.released()) {
        tombstones.push_back(CaseTombstone(one.key, book.LoadFile(one).source_id, now));
      }
      book.DeleteCase(one);
      ++erased;
    }
    Outbox::Append(*books.db, tombstones);
    return {};
  });
  if (!done.ok()) return done.error();
  return erased;
}

Result<int> ErasePost(Books& books, const Id128& post, WallTime now) {
  int erased = 0;
  const Status done = AtomicallyAndGone(*books.db, [&]() -> Status {
    // The desk needs no source to delete.
    CaseDesk desk(books, 0, "", now);
    erased = desk.Delete(post) ? 1 : 0;
    return {};
  });
  if (!done.ok()) return done.error();
  return erased;
}

}  // namespace webcare

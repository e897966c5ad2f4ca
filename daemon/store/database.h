// SQLite behind a fence: no other folder includes sqlite3.h.
//
// Durability  WAL, synchronous=FULL: Atomically() returns after the commit is on disk, not before.
// Errors      Sticky inside a transaction: after the first failing step every later step does
//             nothing and Atomically() rolls back and returns that first error. So steps are not
//             checked one by one.
//             kUnavailable: disk full or out of memory: try again later; the next Atomically() or,
//             outside of one, the next Query() starts clean.
//             kCorrupt: I/O error, failed fsync, damaged file or broken constraint: stays for good,
//             nothing works any more: stop and alert (a failed fsync must not be tried again,
//             operations.md 2.1 row 5).
// Exclusive   locking_mode=EXCLUSIVE: one process, no -shm file (operations.md 2.1 row 4).
// Threads     One at a time; callers share it inside a Guarded<>.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/base/digest.h"
#include "daemon/base/library_version.h"
#include "daemon/base/result.h"

namespace webcare {

class Database;

// A prepared statement, bound to its Database; reset after each use. Text, blobs and ids are not copied
// by Bind: they must live until the statement is not stepped any more.
//   for (auto row = db.Query(sql).Bind(1, x); row.Step();) use(row.Int(0), row.Text(1));
class Statement {
 public:
  Statement(Statement&&) noexcept;
  ~Statement();  // Resets and gives the statement back to the cache.
  Statement& Bind(int index, std::int64_t value);  // Indexes from 1.
  Statement& Bind(int index, int value) { return Bind(index, static_cast<std::int64_t>(value)); }
  Statement& Bind(int index, std::string_view text);  // As TEXT.
  Statement& BindBlob(int index, std::string_view bytes);
  Statement& Bind(int index, const Id128& id) { return BindBlob(index, id.AsBytes()); }
  Statement& BindReal(int index, double value);
  Statement& BindNull(int index);
  bool Step();  // True: a row is there. False: done, or failed (see Database::status()).
  void Run();   // Step() for statements without rows.

  std::int64_t Int(int column) const;  // Columns from 0; NULL reads as 0.
  double Real(int column) const;
  std::string_view Text(int column) const;  // Text or blob; valid until the next Step.
  Id128 Id(int column) const;               // Of a blob of 16 bytes; anything else reads as zeros.
  bool IsNull(int column) const;

 private:
  friend class Database;
  struct Cached;
  Statement(Database& database, Cached* cached) : database_(&database), cached_(cached) {}
  Database* database_;
  Cached* cached_;  // Null where it could not be prepared: every call does nothing.
};

class Database {
 public:
  // Creates the file (mode 0600) and its schema, or opens and upgrades it (schema.md). kConflict:
  // another process has it, which is named where the kernel tells; kCorrupt: quick_check failed, not a
  // database of ours or a newer schema: move it aside, alert, start anew; kInvalid: a symbolic link or not a
  // plain file; kUnavailable: cannot be created or read.
  static Result<std::unique_ptr<Database>> Open(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs `work` in one IMMEDIATE transaction. Rolls back when `work` returns an error or a step
  // failed. Not nested.
  Status Atomically(const std::function<Status()>& work);
  // Called at the end of each transaction whose `work` succeeded, before its commit: for what is kept
  // in memory and written once for many changes. One at a time; null: none.
  void SetBeforeCommit(std::function<void()> write) { before_commit_ = std::move(write); }
  // Called after each transaction that was begun and rolled back: what is kept in memory is made anew from
  // the tables. One at a time; null: none.
  void SetAfterRollback(std::function<void()> read) { after_rollback_ = std::move(read); }
  // Statements are prepared once per SQL text (compare by content) and cached.
  Statement Query(std::string_view sql);
  std::int64_t Changes() const;  // Rows the last statement changed.
  std::int64_t LastInsertId() const;
  const Status& status() const { return status_; }
  std::int64_t SizeBytes();  // Of the database, WAL not counted.
  // Gives pages that nothing is kept in back to the disk. Until then, or until they are used again, what was
  // deleted from them can still be read in the file: overwriting it at once would write every settled
  // row of the outbox twice.
  Status DropFreePages();
  // Moves the WAL into the database and empties it: after an erasure no old page image stays
  // behind.
  Status Checkpoint();

 private:
  friend class Statement;
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  bool Failed(int code);  // Notes the first error; true when this or an earlier step failed.
  Status Configure();
  Status Upgrade();

  std::unique_ptr<Impl> impl_;
  std::function<void()> before_commit_;
  std::function<void()> after_rollback_;
  Status status_;
};

LibraryVersion StoreLibrary();

}  // namespace webcare

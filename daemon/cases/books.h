// What the stages of cases and queue keep: the tables, and in memory what is made from them. They change
// together or not at all, in one transaction of the database; after one that was rolled back, what is in
// memory is made anew before Database::Atomically() returns.
//
// Threads: one at a time; daemon/app/ledger.h holds the lock.
#pragma once

#include <memory>

#include "daemon/cases/case_book.h"
#include "daemon/queue/turn_queue.h"
#include "daemon/store/database.h"

namespace webcare {

struct Books {
  // Reads who waits and who has cases, from a file that was checked when it was opened.
  explicit Books(std::unique_ptr<Database> database);
  ~Books();
  Books(const Books&) = delete;
  Books& operator=(const Books&) = delete;

  std::unique_ptr<Database> db;
  TurnQueue queue;
  CaseBook cases;
};

}  // namespace webcare

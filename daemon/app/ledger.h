// The books of the daemon: the database with the queue in memory and the intake on top of it, reachable
// only under one lock, because they change together or not at all.
//
// Threads: any thread may call With().
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "daemon/base/guarded.h"
#include "daemon/base/result.h"
#include "daemon/cases/intake.h"
#include "daemon/queue/turn_queue.h"
#include "daemon/store/database.h"

namespace webcare {

struct Books {
  explicit Books(std::unique_ptr<Database> database)
      : db(std::move(database)), queue(*db), intake(*db, queue) {}

  std::unique_ptr<Database> db;
  TurnQueue queue;
  Intake intake;
};

class Ledger {
 public:
  // Opens or creates `directory`/webcare.db. kConflict: another daemon has it.
  static Result<std::unique_ptr<Ledger>> Open(const std::string& directory);

  // Runs `fn(Books&)` under the lock; keep it short: the poller and the publisher wait for each other here.
  template <typename Fn>
  auto With(Fn&& fn) {
    return books_.With(std::forward<Fn>(fn));
  }

 private:
  explicit Ledger(std::unique_ptr<Database> database) : books_(std::move(database)) {}

  Guarded<Books> books_;
};

}  // namespace webcare

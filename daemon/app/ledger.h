// The books of the daemon, reachable only under one lock.
//
// Threads: any thread may call With().
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "daemon/base/guarded.h"
#include "daemon/base/result.h"
#include "daemon/cases/books.h"

namespace webcare {

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

// Reload: a whole new snapshot beside the old one, checked, then one swap; a mistake changes nothing.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/app/snapshot.h"
#include "daemon/base/guarded.h"
#include "daemon/base/time.h"

namespace webcare {

struct ReloadReport {
  bool ok = true;
  WallTime at{};
  std::string message;  // Every mistake of a refused one; a hint or nothing after a good one.
};

// The configuration in force, for all threads.
class CurrentSnapshot {
 public:
  explicit CurrentSnapshot(std::shared_ptr<const Snapshot> first) : snapshot_(std::move(first)) {}

  std::shared_ptr<const Snapshot> Get() const {
    return snapshot_.With([](const auto& snapshot) { return snapshot; });
  }
  void Set(std::shared_ptr<const Snapshot> next) {
    // The old one is freed here, outside the lock.
    snapshot_.With([&](auto& snapshot) { snapshot.swap(next); });
  }

 private:
  Guarded<std::shared_ptr<const Snapshot>> snapshot_;
};

// Loads anew. After a mistake `current` stays. Settings that only a restart can change (state, kafka,
// queue, control, log) are named in the message when they differ.
ReloadReport ReloadSnapshot(const std::string& config_path, CurrentSnapshot& current, WallTime now);

// Where the control socket's threads ask the main loop for a reload and wait for its report.
// Threads: any.
class ReloadDesk {
 public:
  // Asks for a reload that starts after this call; `wake` tells the main loop. Waits up to `patience`.
  std::optional<ReloadReport> Ask(const std::function<void()>& wake,
                                  std::chrono::milliseconds patience);
  // Main loop: is somebody waiting for a reload that has not begun?
  bool Asked();
  void Begin();
  void Done(ReloadReport report);
  ReloadReport Last() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable done_;
  // Guarded by mutex_: reloads asked for, begun and finished so far.
  int asked_ = 0;
  int begun_ = 0;
  int finished_ = 0;
  ReloadReport last_;
};

}  // namespace webcare

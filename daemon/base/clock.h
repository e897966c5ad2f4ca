// Clocks are held by loops only; logic takes `now` as a parameter.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "daemon/base/time.h"

namespace webcare {

// Threads: any thread may call any method.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual SteadyTime Now() const = 0;
  virtual WallTime WallNow() const = 0;
  // Returns true at `deadline`, false as soon as `stop` is requested.
  virtual bool SleepUntil(SteadyTime deadline, std::stop_token stop) = 0;
};

class SystemClock final : public Clock {
 public:
  SteadyTime Now() const override { return std::chrono::steady_clock::now(); }
  WallTime WallNow() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now());
  }
  bool SleepUntil(SteadyTime deadline, std::stop_token stop) override;

 private:
  std::mutex mutex_;
  std::condition_variable_any woken_;
};

}  // namespace webcare

// A clock that stands still until somebody waits: a day of polling takes microseconds.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <stop_token>
#include <utility>

#include "daemon/base/clock.h"

namespace webcare {

// One thread.
class FakeClock final : public Clock {
 public:
  SteadyTime Now() const override { return now_; }
  WallTime WallNow() const override {
    return start_ + std::chrono::duration_cast<std::chrono::milliseconds>(now_ - SteadyTime{}) +
           wall_jump_;
  }
  bool SleepUntil(SteadyTime deadline, std::stop_token stop) override {
    AdvanceTo(deadline);
    return !stop.stop_requested();
  }

  // Runs `what` when the clock comes to `when`, before whoever waits wakes.
  void At(SteadyTime when, std::function<void()> what) { events_.emplace(when, std::move(what)); }
  void After(std::chrono::milliseconds delay, std::function<void()> what) {
    At(now_ + delay, std::move(what));
  }
  SteadyTime NextEvent() const {
    return events_.empty() ? SteadyTime::max() : events_.begin()->first;
  }
  // Never goes back.
  void AdvanceTo(SteadyTime to) {
    while (!events_.empty() && events_.begin()->first <= to) {
      auto event = events_.extract(events_.begin());
      now_ = std::max(now_, event.key());
      event.mapped()();
    }
    now_ = std::max(now_, to);
  }
  void Advance(std::chrono::milliseconds by) { AdvanceTo(now_ + by); }
  // Somebody sets the wall clock.
  void JumpWall(std::chrono::milliseconds by) { wall_jump_ += by; }

 private:
  SteadyTime now_{std::chrono::hours(1)};
  WallTime start_ = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22));
  std::chrono::milliseconds wall_jump_{0};
  std::multimap<SteadyTime, std::function<void()>> events_;
};

}  // namespace webcare

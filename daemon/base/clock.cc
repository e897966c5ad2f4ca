#include "daemon/base/clock.h"

namespace webcare {

bool SystemClock::SleepUntil(SteadyTime deadline, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  woken_.wait_until(lock, stop, deadline, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace webcare

// The two kinds of time. Schedules run on SteadyTime, which never jumps; WallTime is what people
// and sites say and is used for display, retention and event times only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace webcare {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

inline std::int64_t ToMillis(WallTime time) { return time.time_since_epoch().count(); }
inline WallTime FromMillis(std::int64_t millis) {
  return WallTime(std::chrono::milliseconds(millis));
}

// RFC 3339 in UTC with milliseconds, "2026-11-22T08:00:00.000Z": the form of every time we write.
std::string FormatTime(WallTime time);

}  // namespace webcare

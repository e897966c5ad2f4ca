// How each source is doing, as a value that any thread may hold.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/time.h"

namespace webcare {

// "Nothing new" and "does not work" are different things and must look different.
enum class SourceCondition {
  kOk,
  kQuiet,    // Answers well, but has been silent for longer than its own rhythm explains.
  kFailing,  // The last request failed; it is asked again with back-off, for ever.
  kParked,   // Credentials refused or gone: needs a person. Asked once a day and after a reload.
};
std::string_view ToString(SourceCondition condition);  // "ok", "quiet", "failing", "parked".

struct SourceHealth {
  std::string id;
  SourceCondition condition = SourceCondition::kOk;
  WallTime since{};         // In this condition.
  std::string last_error;   // Stays after recovery; empty: never one since the start.
  WallTime last_success{};  // The epoch: never.
  WallTime last_new_post{};
  WallTime next_poll{};  // As planned; politeness may make it later.
  double posts_per_day = 0;
  // Since the start.
  std::int64_t requests = 0;
  std::int64_t unchanged = 0;
  std::int64_t failures = 0;
  int failures_in_a_row = 0;
  std::int64_t fresh = 0;
  std::int64_t duplicates = 0;
  std::int64_t rejected = 0;
};

struct PollerHealth {
  std::vector<SourceHealth> sources;  // By id.
  std::string paused;                 // Why no source is asked; empty: polling goes on.
  bool store_refuses = false;         // Pages wait for the store, nothing is asked meanwhile.
};

}  // namespace webcare

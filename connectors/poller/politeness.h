// Who may ask now: one request of a group at a time, with a gap between two. Pure: takes `now`.
//
// A turn is taken with Request and given back with Release; who comes while it is taken waits in
// line.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "connectors/connector.h"
#include "daemon/base/time.h"

namespace webcare {

class Politeness {
 public:
  struct Turn {
    std::string who;
    SteadyTime at;  // Not to start before.
  };

  // The turn is `who`'s, from the returned time on; or it waits in line and Release will name it.
  std::optional<SteadyTime> Request(const std::string& group, const std::string& who,
                                    SteadyTime now);
  // Gives the turn back after an exchange that ended at `now`; `gap` 0 if nothing was asked. The
  // turn passes to the returned one. REQUIRES: the turn of `group` is taken.
  std::optional<Turn> Release(const std::string& group, SteadyTime now,
                              std::chrono::milliseconds gap);
  // Leaves the line.
  void Leave(const std::string& group, const std::string& who);
  // The site's budget: nobody of the group asks before `at`. Call while the turn is taken.
  void NotBefore(const std::string& group, SteadyTime at);

 private:
  struct Group {
    bool taken = false;
    SteadyTime free_at{};
    std::deque<std::string> line;
  };
  std::map<std::string, Group> groups_;
};

// How long a group pauses after an answer with that budget: until the reset when nothing is left,
// else the rest of the window shared out over the calls left. Within [0, 24 h].
std::chrono::milliseconds BudgetPause(const RateLimit& limit, WallTime now);

}  // namespace webcare

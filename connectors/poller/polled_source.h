// One source while it is polled: the poller's own record, touched by the loop's thread only.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "connectors/http/transport.h"
#include "connectors/poller/exchange.h"
#include "connectors/poller/health.h"
#include "connectors/source.h"
#include "connectors/source_state.h"
#include "daemon/base/time.h"

namespace webcare {

struct PolledSource {
  enum class Phase {
    kIdle,      // Waits for `due`.
    kInLine,    // Due, but its group is busy: Politeness will name it.
    kHasTurn,   // Holds its group's turn and waits for `due`.
    kInFlight,  // Holds the turn; `transfer` will complete.
    kHeld,      // Has a page that the store did not take yet.
  };

  std::shared_ptr<const Source> source;
  SourceState state;  // As stored, but for the posting rate, which is one poll ahead.
  Phase phase = Phase::kIdle;
  SteadyTime due{};
  std::string group;
  std::optional<std::chrono::seconds> site_wish;
  int pages = 0;  // Taken in this poll.
  SteadyTime poll_began{};

  // Of the request in flight, then of the page held. A reload may replace `source` meanwhile.
  std::shared_ptr<const Source> asked_source;
  std::string turn_group;  // From kInLine on.
  Asked asked;
  TransferId transfer = 0;
  Reading reading;

  SourceHealth health;

  const std::string& id() const { return source->id; }
};

}  // namespace webcare

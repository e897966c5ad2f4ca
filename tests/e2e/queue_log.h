// The queue topic as agents see it, and what must be true of it whatever happened on the way.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/day_story.h"
#include "tests/kafka/real_kafka.h"

namespace webcare {

struct QueuedTurn {
  ToldTurn told;
  std::string case_id;
  std::string event_id;
  std::int64_t seq = 0;       // Of the outbox.
  std::int64_t place = 0;     // Of the queue topic.
  std::int64_t release = 0;   // Of all releases.
  std::int64_t arrived = 0;   // Tick.
  std::int64_t released = 0;  // The same.
};

// Of the records of webcare.queue, in their order. Throws std::runtime_error for what is no such record.
std::vector<QueuedTurn> ReadQueueLog(const std::vector<SeenRecord>& records);

// The author's first turn; null: there is none.
const QueuedTurn* TurnOf(const std::vector<QueuedTurn>& log, std::string_view author);

std::vector<ToldTurn> ToldOf(const std::vector<QueuedTurn>& log);

// Each turn once, under an event id of its own; places, releases and ticks without gap or step back.
void ExpectExactlyOnce(const std::vector<QueuedTurn>& log);

// How often, at most, somebody who stood in line for a turn was passed by this author of the same source.
int MostTimesPassed(const std::vector<QueuedTurn>& log, const std::string& by);

// The arrivals and releases of the log, once more through the reference. Ticks of no record are of turns that
// were taken back: `withdrawn`, by arrival.
std::vector<std::int64_t> ReplayTicks(const std::vector<QueuedTurn>& log,
                                      const std::vector<DayStory::Withdrawn>& withdrawn);

}  // namespace webcare

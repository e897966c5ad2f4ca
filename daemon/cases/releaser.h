// Turns leave the queue: in fair order, as far as there is credit, as records in the outbox.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/time.h"
#include "daemon/cases/books.h"

namespace webcare {

// Releases at most `credit` turns, at most `max` in one commit: queue records, voices of loud ones, cases
// marked released. Returns how many; 0 without touching the disk when there is nothing to do.
// Errors: those of Database::Atomically; then nothing was released.
Result<int> ReleaseTurns(Books& books, std::int64_t credit, int max, WallTime now);

// Kafka's retention deleted the newest turn of these cases before an agent read it: the same turn goes out
// again, with the same event id and order, as its next attempt. Cases that are gone by now are passed over.
Status ReleaseTurnsAgain(Books& books, const std::vector<std::string>& case_ids, WallTime now);

// A waiting turn as an operator may see it: no text, no name.
struct WaitingView {
  std::int64_t position = 0;  // 1: next.
  std::string case_id;
  int turn = 0;
  std::string source;
  WallTime asked_at{};       // The customer's clock.
  WallTime waiting_since{};  // Ours.
  std::vector<std::string> labels;
};
// The next `limit` turns in fair order.
std::vector<WaitingView> WaitingList(Books& books, std::size_t limit);

struct Backlog {
  std::size_t turns = 0;
  std::size_t sources = 0;  // With a waiting turn.
  WallTime oldest{};        // The first to arrive waits since. Zero: nobody waits.
};
// Costs the same however many wait: monitoring asks often.
Backlog WhoWaits(Books& books);

// A source's turns per round of the fair queue, before its first page or after a reload.
Status SetSourceWeight(Books& books, std::string_view source_id, std::string_view source_type,
                       int weight);

}  // namespace webcare

// Turns that wait for an agent, on disk and in fair order. One turn is one place of one case,
// cost 1.
//
// Order        Sources take turns (deficit round robin, quantum = the source's weight, 1 by
// default);
//              inside a source authors take turns in the order in which they became eligible
//              (delivery.md 1.2). Reach, kind of post and the 24 h promise never change the order:
//              there is no field for them here.
// Logical time `tick` counts arrivals and releases together: 1, 2, 3 ... for the life of the
// database.
//              All ties are broken by it, so the same history gives the same order, crash or not. A
//              turn's number is the tick of its arrival.
// Withdrawal   An author whose turn is withdrawn keeps the place until it comes up, and loses it
// then
//              without cost to others: deleting and posting again gains nothing and loses nothing
//              (MR8). The same holds for a source whose only author withdraws.
// Durability   All changes happen inside the caller's Database::Atomically() and are written with its
//              commit (Database::SetBeforeCommit); the order in memory is rebuilt from the disk at
//              start, and by Reload(), which the owner calls after a rollback before anything else.
// Complexity   O(log n) or better each; memory about 200 bytes a waiting turn.
// Threads      One at a time, together with its Database.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_set>
#include <vector>

#include "daemon/queue/fair_order.h"
#include "daemon/store/database.h"

namespace webcare {

class TurnQueue {
 public:
  explicit TurnQueue(Database& db);  // Loads what waits. The only queue of its database.
  ~TurnQueue();
  TurnQueue(const TurnQueue&) = delete;
  TurnQueue& operator=(const TurnQueue&) = delete;
  // Applies from the source's next visit in the ring. REQUIRES: weight >= 1.
  void SetWeight(std::int64_t source, int weight);
  // Adds a turn for the case behind its author's other turns. Returns its number.
  // REQUIRES: no turn of the case waits.
  std::int64_t Arrive(std::int64_t source, std::int64_t author, std::int64_t case_no);
  // Takes the case's waiting turn back; false when none waits.
  bool Withdraw(std::int64_t case_no);
  // The next turn in fair order; it no longer waits. Empty: nobody waits; places kept for authors
  // who withdrew have then come up too and are gone.
  struct Released {
    WaitingTurn turn;
    std::int64_t released = 0;  // Tick of the release.
  };
  std::optional<Released> TakeNext();

  // The order in which turns would be released if nothing else arrived: at most `limit` of them.
  // Costs a copy of the order: for operators.
  std::vector<WaitingTurn> Preview(std::size_t limit) const;
  std::size_t size() const { return order_.size(); }
  std::size_t WaitingSources() const { return order_.WaitingSources(); }
  // Whose turn arrived first. Absent: nobody waits.
  std::optional<std::int64_t> OldestCase() const;
  // Nobody waits and no place is kept: TakeNext() would change nothing.
  bool idle() const { return order_.idle(); }
  // After a rolled-back transaction: memory is built anew from the disk.
  void Reload();

 private:
  // Writes what changed since the last commit, each place once: a release batch moves the same few
  // sources again and again.
  void Store();
  void StoreSource(std::int64_t source);
  void StoreAuthor(std::int64_t author, std::int64_t source);
  void LoadAuthors(const std::vector<WaitingTurn>& by_arrival);

  Database& db_;
  FairOrder order_;
  std::map<std::int64_t, std::int64_t> by_age_;  // Waiting turns to their case.
  std::int64_t tick_ = 0;
  bool ticked_ = false;
  std::set<std::int64_t> moved_sources_;
  std::map<std::int64_t, std::int64_t> moved_authors_;  // To the source.
  std::unordered_set<std::int64_t> stored_authors_;     // With a row of their own, as last written.
};

}  // namespace webcare

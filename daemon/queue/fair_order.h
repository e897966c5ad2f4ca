// Whose turn is next: the pure order in memory, without disk, clock or randomness.
//
// Two levels, both first in first out by logical tick (delivery.md 1.2). A place is the tick at
// which its holder became eligible: the tick of the arrival for one that had nothing waiting, else
// the tick of its last release. Sources stand in a ring and give `weight` turns a visit (deficit
// round robin with unit cost); inside a source authors stand in a line and give one turn each.
// Since ticks only grow, a new place always goes to the end: both levels are plain lines, nothing
// is sorted.
//
// Ghosts       An author, and a source, whose turns were all withdrawn keeps the place until it
//              comes up and loses it then at no cost to others.
// Complexity   O(log n) for a turn found by its author, else amortised O(1).
// Threads      One at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace webcare {

// Sources and cases are numbered by their rows, authors by a hash (schema.md). Turns are numbered by the tick of
// arrival.
struct WaitingTurn {
  std::int64_t turn = 0;
  std::int64_t source = 0;
  std::int64_t author = 0;
  std::int64_t case_no = 0;
  bool operator==(const WaitingTurn&) const = default;
};

// What has to be remembered of a source to rebuild the ring.
struct SourcePlace {
  int weight = 1;
  std::optional<std::int64_t> place;  // Absent: not in the ring.
  int credit = 0;                     // Turns left in the visit that has begun; 0: none has.
};

class FairOrder {
 public:
  // Rebuilding from the disk: sources by place, then authors by place, then turns.
  void RestoreSource(std::int64_t source, const SourcePlace& place);
  void RestoreAuthor(std::int64_t source, std::int64_t author, std::int64_t place);
  void RestoreTurn(const WaitingTurn& turn);

  // From the source's next visit on. REQUIRES: weight >= 1.
  void SetWeight(std::int64_t source, int weight);
  // REQUIRES: turn.turn is greater than every tick before.
  void Arrive(const WaitingTurn& turn);
  // REQUIRES: the turn waits.
  void Withdraw(const WaitingTurn& turn);

  struct Taken {
    WaitingTurn turn;
    std::vector<std::int64_t> authors;  // Whose place changed or went, the turn's author included.
    std::vector<std::int64_t> sources;
  };
  // The next turn, released at `tick`. Without a waiting turn `turn.turn` is 0; ghosts may still
  // have gone.
  Taken TakeNext(std::int64_t tick);

  // Absent: no place.
  std::optional<std::int64_t> AuthorPlace(std::int64_t author) const;
  // Number of the author's oldest waiting turn. Absent: none waits.
  std::optional<std::int64_t> FirstTurnOf(std::int64_t author) const;
  SourcePlace PlaceOf(std::int64_t source) const;
  std::size_t size() const { return turns_.size(); }
  std::size_t WaitingSources() const;          // With a waiting turn.
  bool idle() const { return ring_.empty(); }  // No turns and no ghosts.

 private:
  struct Author {
    std::int64_t source = 0;
    std::int64_t place = 0;
  };
  struct Source {
    SourcePlace ring;
    std::deque<std::int64_t> line;  // Authors by place, ghosts included.
    std::size_t waiting = 0;        // Turns.
  };
  using TurnKey = std::pair<std::int64_t, std::int64_t>;  // Author, turn.

  void AddTurn(const WaitingTurn& turn);
  void RemoveTurn(const WaitingTurn& turn);
  std::map<TurnKey, std::int64_t>::const_iterator FirstTurn(std::int64_t author) const;
  void DropGhosts(Source& source, Taken& taken);
  void EndVisit(std::int64_t id, Source& source, std::int64_t tick);

  std::unordered_map<std::int64_t, Source> sources_;
  std::deque<std::int64_t> ring_;
  std::unordered_map<std::int64_t, Author> authors_;  // With a place only.
  std::map<TurnKey, std::int64_t> turns_;             // To the case.
};

}  // namespace webcare

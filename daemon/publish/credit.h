// How many turns may be released now (delivery.md 2). Pure: told what others saw, asked for a number.
//
// Outstanding = turns put into the outbox - turns that agents have consumed. Turns are counted by their
// `place` (1, 2, 3 ... of the outbox), not by offsets: transaction markers and aborted records take
// offsets too. What is not known holds: no answer, no credit.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace webcare {

enum class CreditState {
  kUnknown,    // No fresh answer about the agents, or our own backlog is not through: nothing.
  kReleasing,  // There is room.
  kHolding,  // The window is full: that is the queue. Or agents are faster than our own reader, for a moment.
  kWaitingForAgents,  // The group never committed: one window, then nothing.
  kOffsetsExpired,    // It had committed and Kafka forgot: the last known offset counts. Alarm.
  kOffsetsReset,      // It went back: what it reads again is outstanding again. Alarm.
  kOffsetsAhead,  // It stands behind the end of the queue, and from one answer to the next our reader finds
                  // nothing more: nothing until it is put right. Alarm.
};
std::string_view ToString(CreditState state);  // "unknown", "releasing", ...

// One look at the agents' consumer group.
struct GroupAnswer {
  bool ok = false;                        // False: failed or timed out.
  std::optional<std::int64_t> committed;  // Offset in the queue topic; nothing: none.
  std::optional<int> members;
};

struct SeenTurn {
  std::int64_t offset = 0;
  std::int64_t place = 0;
  std::string key;  // Case id.
};

struct Credit {
  CreditState state = CreditState::kUnknown;
  std::int64_t allowed = 0;
  std::int64_t outstanding = 0;  // As far as known.
};

// Threads: one.
class CreditKeeper {
 public:
  explicit CreditKeeper(std::int64_t window) : window_(window) {}

  // The shadow reader starts at `offset`; turns before it were `places` in number. Forgets what was seen.
  void StartReading(std::int64_t offset, std::int64_t places);
  // A turn of ours, in the order of the topic. Duplicates and gaps are counted, and do not disturb.
  void AddTurn(SeenTurn turn);
  // What was last known of the group before a restart; -1: nothing.
  void RestoreConsumed(std::int64_t offset);
  void Observe(const GroupAnswer& answer);
  // Ends of the queue topic as the shadow reader knows them. Unread turns before `low` are gone: they are
  // returned, to be released again, and no longer outstanding.
  std::vector<SeenTurn> SetEnds(std::int64_t low, std::int64_t end);

  // `released`: turns ever put into the outbox; nothing: not known yet. `caught_up`: the reader has seen
  // the end of the topic.
  Credit Decide(std::optional<std::int64_t> released, bool caught_up) const;

  std::int64_t consumed_offset() const { return committed_; }  // -1: never known.
  std::int64_t duplicates() const { return duplicates_; }
  std::int64_t gaps() const { return gaps_; }
  // Turns that the group passed while nobody was in it: somebody moved its offset.
  std::int64_t skipped() const { return skipped_; }

 private:
  std::int64_t Position() const;        // First offset that counts as not consumed.
  std::int64_t ConsumedPlaces() const;  // Place of the newest turn before it.
  std::int64_t TurnsBetween(std::int64_t from, std::int64_t to) const;
  void Trim();

  const std::int64_t window_;
  std::deque<SeenTurn> turns_;      // By offset; consumed ones stay a while, for resets.
  std::int64_t start_ = 0;          // First offset the reader saw.
  std::int64_t places_before_ = 0;  // Place of the newest turn before turns_.front().
  std::int64_t low_ = 0;
  std::int64_t end_ = 0;
  std::int64_t committed_ = -1;
  std::int64_t furthest_ = -1;  // Highest committed offset known.
  GroupAnswer answer_;
  std::int64_t end_when_beyond_ = -1;  // `end_` at the last answer, if that lay behind it.
  bool ahead_ = false;  // So did the last two answers, and nothing was read in between.
  std::int64_t duplicates_ = 0;
  std::int64_t gaps_ = 0;
  std::int64_t skipped_ = 0;
};

}  // namespace webcare

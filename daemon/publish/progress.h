// The progress record and what it decides (delivery.md 5). Pure: no Kafka, no disk, no clock.
//
// Topic `progress`, key = outbox id, one record at the end of every transaction. What it says and
// the rows it speaks of stand in Kafka together or not at all, so after init_transactions it is the
// truth about how far an outbox got. In at-least-once mode it is sent after the rows are
// acknowledged; there it only tells where the numbering stands and whether the database is the
// right one, and the local mark decides.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/digest.h"
#include "daemon/base/result.h"
#include "daemon/config/settings.h"
#include "daemon/store/outbox.h"

namespace webcare {

struct Progress {
  Id128 outbox;
  std::string name;           // KafkaSettings::name of the writer.
  Id128 boot;                 // Made anew at every start of a writer: tells two writers apart.
  std::string cluster;        // Where it was written.
  std::int64_t last_seq = 0;  // Rows up to here stand in Kafka.
  Id128 chain;                // Of that row.
  std::int64_t turns = 0;     // How many of them were turns: the `place` of the newest.
  // Offset in the queue topic up to which agents had consumed, as last seen; -1: never seen. Kept
  // so that an expired offset is not read as "nothing consumed" after a restart.
  std::int64_t consumed_offset = -1;
};

std::string EncodeProgress(const Progress& progress);
// kCorrupt: not a progress record of ours.
Result<Progress> DecodeProgress(std::string_view key, std::string_view value);

// What the queue topic itself shows of our turns.
struct QueueTail {
  std::int64_t low = 0;   // Oldest offset still there.
  std::int64_t high = 0;  // Where the next record goes. 0: the topic never held a record.
  std::optional<std::int64_t> last_place;  // Of our newest turn; nothing when none is left to see.
};

// What Kafka shows of the rows that are not settled, by seq.
struct RowFates {
  std::set<std::int64_t> seen;    // Committed.
  std::set<std::int64_t> undone;  // Written, and aborted in the end.
  std::vector<TopicEnd> ends;     // Up to where was looked.
};

// A row of ours whose records may still be in doubt.
struct KeptRow {
  std::int64_t seq = 0;
  bool is_turn = false;
  bool operator==(const KeptRow&) const = default;
};

struct StartFacts {
  DeliveryMode delivery = DeliveryMode::kExactlyOnce;
  std::string name;
  OutboxState local;
  std::string cluster;             // That answers now.
  std::vector<Progress> progress;  // The newest of each outbox in the topic.
  Id128 chain_at_progress;         // Our own chain at our progress' last_seq; zero: no such row.
  QueueTail queue;
  std::vector<KeptRow> kept;  // Behind local.settled_seq, up to where a lost send may have got.
  RowFates fates;             // Of these.
  std::set<Id128> own_boots;  // Boot ids our progress may carry if nobody else writes.
};

enum class StartAction { kPublish, kRefuse, kStepDown };

struct StartDecision {
  StartAction action = StartAction::kRefuse;
  std::string why;  // For the operator; empty with kPublish.
  // kPublish: rows behind `resume` are sent. In exactly-once mode it may lie beyond the local mark:
  // those rows were committed but not marked.
  std::int64_t resume = 0;
  // Exactly-once: rows up to `resume` that Kafka called committed and then undid in some partitions.
  // They are sent with the hello.
  std::vector<KeptRow> lost;
  std::int64_t turns = 0;  // Place of the newest turn that can be seen.
};

// First match wins: another writer -> kStepDown; the database and Kafka do not tell the same story
// -> kRefuse; else kPublish.
StartDecision DecideStart(const StartFacts& facts);

// The record of `outbox`, or null.
const Progress* FindProgress(const std::vector<Progress>& all, const Id128& outbox);

}  // namespace webcare

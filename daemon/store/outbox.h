// Records on their way to Kafka, in the order in which they will stand there (delivery.md 5).
//
// A row is final bytes: what is appended is what is published. seq counts 1, 2, 3 ... without gaps
// for the life of the outbox. Each row carries the hash chain up to itself, so a rolled-back or
// copied database is recognised against the progress record. Read() adds the header "seq".
//
// Confirmed  Kafka said that the rows are committed. They are kept.
// Settled    Readers can see them: Kafka has written what ends the transaction into every partition.
//            Only then they are deleted, because a broker that restarts may forget that last step and
//            undo what it called committed (publisher.h).
//
// Rows that are appended together are stored, and at last deleted, together: whoever has many appends them
// with one call. All functions work inside the caller's transaction where they write; errors are the
// Database's (sticky).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/digest.h"
#include "daemon/store/database.h"
#include "daemon/store/record_headers.h"

namespace webcare {

// Stored in the database: never renumber.
enum class Topic { kQueue = 1, kCases = 2, kVoices = 3, kSignals = 4, kRejected = 5 };
std::string_view ToString(Topic topic);  // "queue", "cases", ...: the part behind the prefix.

struct OutboxRow {
  std::int64_t seq = 0;  // Told by Read.
  Topic topic = Topic::kQueue;
  std::string key;
  RecordHeaders headers;  // CloudEvents 1.0 binary mode: ce_id, ce_source, ce_type, ce_time ...
  std::string value;      // JSON; empty with `tombstone`.
  bool tombstone = false;
  Id128 chain;  // Told by Read: HashParts(previous chain, topic, key, value).
};

struct OutboxState {
  Id128 id;                        // Made when the database was created.
  std::int64_t last_seq = 0;       // Of the newest row ever appended; 0: none.
  std::int64_t confirmed_seq = 0;  // Everything up to here was committed.
  Id128 confirmed_chain;           // Chain of that row.
  std::string cluster_id;          // Kafka cluster it publishes to; empty before the first publish.
  std::int64_t settled_seq = 0;  // Everything up to here can be seen and is deleted; <= confirmed.
  Id128 settled_chain;
};

// A place in a topic (name without prefix): the records of `partition` before `offset`.
struct TopicEnd {
  std::string topic;
  int partition = 0;
  std::int64_t offset = 0;
  auto operator<=>(const TopicEnd&) const = default;
};
// The one of that partition among a handful; added with offset 0 where there is none.
TopicEnd& EndOf(std::vector<TopicEnd>& ends, std::string_view topic, int partition);

class Outbox {
 public:
  static OutboxState Load(Database& db);
  // Returns the seq of the last one.
  static std::int64_t Append(Database& db, const std::vector<OutboxRow>& rows);
  // Rows with seq > `after` that are not settled, oldest first: at most `max_rows`, stopping before
  // `max_bytes` is passed (at least one row).
  static std::vector<OutboxRow> Read(Database& db, std::int64_t after, int max_rows,
                                     Bytes max_bytes);
  // Chain of the row `seq`; absent rows (settled or never written) give a zero id.
  static Id128 ChainAt(Database& db, std::int64_t seq);
  // Marks everything up to `seq` as committed. Again or lower: changes nothing.
  static void Confirm(Database& db, std::int64_t seq);
  // Deletes everything up to `seq`, which is confirmed, and keeps where its records end; what was appended
  // together is gone from the file when all of it is settled. Again or lower: changes nothing.
  static void Settle(Database& db, std::int64_t seq, const std::vector<TopicEnd>& ends);
  // Takes settled rows out of the run that waiting ones still hold in the file: for erasures.
  static void DropSettled(Database& db);
  // As settled last, by topic and partition; partitions that never got a record are missing.
  static std::vector<TopicEnd> SettledEnds(Database& db);
  static void SetClusterId(Database& db, std::string_view cluster_id);
  // After a person looked (`--adopt`): numbering goes on behind `seq` with `chain` as the start,
  // confirmed rows are deleted, rows that still wait are renumbered so, and the cluster id is forgotten.
  static void Adopt(Database& db, std::int64_t seq, const Id128& chain);
};

}  // namespace webcare

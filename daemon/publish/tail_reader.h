// Reads our topics as others do: for `webcarectl tail`, the demonstration agent and the daemon's own
// reading of outcomes.
//
// With a group   Partitions are shared with its other members; nothing is committed but by Commit(), after
//                the record was handled. A member that dies leaves its record to be read again.
// Without        Follows all partitions, from now or from the oldest record, and leaves no trace.
// Committed records only. Threads: one.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/log.h"
#include "daemon/base/result.h"
#include "daemon/base/time.h"
#include "daemon/config/settings.h"

namespace webcare {

struct TailRecord {
  std::string topic;  // Without prefix.
  int partition = 0;
  std::int64_t offset = 0;
  WallTime time{};
  std::string key;
  std::string value;
  bool tombstone = false;
};

struct TailOptions {
  std::vector<std::string> topics{};  // Without prefix.
  std::string group{};                // Empty: follow without one.
  std::string instance{};    // Static membership: a restart within 45 s moves no partition.
  bool from_oldest = false;  // Without a group. A group always begins at the oldest.
};

class TailReader {
 public:
  // Blocks up to 10 s without a group. kInvalid: a topic is missing or the configuration is not accepted.
  static Result<std::unique_ptr<TailReader>> Open(const KafkaSettings& settings,
                                                  const TailOptions& options, const Log& log);
  ~TailReader();  // Leaves the group.

  // The next record, or nothing when none came within `wait`. Lost connections are mended behind the
  // scenes. kDenied, kInvalid: it will not get better; kConflict: another took our instance name.
  Result<std::optional<TailRecord>> Next(std::chrono::milliseconds wait);
  // Group only: the record and those before it in its partition are handled. Waits for Kafka's answer.
  // kUnavailable: try again or read it again later.
  Status Commit(const TailRecord& record);

 private:
  struct Impl;
  explicit TailReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace webcare

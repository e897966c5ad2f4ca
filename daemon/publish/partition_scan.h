// Reads partitions up to their ends as they are now.
//
// The end is the high watermark as a read_uncommitted client sees it: a read_committed one is told
// the last stable offset and could miss a record that is about to become visible (delivery.md 5,
// step 2). The two differ while a transaction is open in the partition.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/publish/kafka_client.h"
#include "daemon/store/outbox.h"

namespace webcare {

struct PartitionEnds {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// Start offset for ends {low, high}; clamped to them.
using ScanStart = std::function<std::int64_t(const PartitionEnds&)>;
using ScanRecord = std::function<Status(const rd_kafka_message_t&)>;

// What a reader is shown; librdkafka's words.
constexpr const char* kCommittedOnly = "read_committed";
constexpr const char* kUncommittedToo = "read_uncommitted";

// Partition 0 of `topic`, committed records. kUnavailable when the end was not reached in 30 s; else the
// first error of `on_record`.
Result<PartitionEnds> ScanPartition(const KafkaSettings& settings, std::string_view topic,
                                    const Log& log, const std::stop_token& stop,
                                    const ScanStart& start, const ScanRecord& on_record);

// All of `starts` (topics without prefix), each from its offset. Errors as above.
Status ScanPartitions(const KafkaSettings& settings, const std::vector<TopicEnd>& starts,
                      const char* isolation, const Log& log, const std::stop_token& stop,
                      const ScanRecord& on_record);

// Blocks up to 10 s.
Result<PartitionEnds> QueryEnds(const KafkaSettings& settings, const std::string& topic,
                                ClientEvents& events);

// Fills in where `ends` (topics without prefix) end for readers of the client's isolation level. Blocks up
// to 5 s.
Status QueryTopicEnds(rd_kafka_t* client, const KafkaSettings& settings,
                      std::vector<TopicEnd>& ends);
// Every partition of the topic (without prefix), offsets 0. Blocks up to 5 s.
Result<std::vector<TopicEnd>> PartitionsOf(rd_kafka_t* client, const KafkaSettings& settings,
                                           std::string_view topic);

// A header's value, or empty. Valid while the message lives.
std::string_view HeaderOf(const rd_kafka_message_t& message, const char* name);
std::string_view KeyOf(const rd_kafka_message_t& message);
std::string_view ValueOf(const rd_kafka_message_t& message);

// Assigns partition 0 of `topic` at `offset`, without a group.
Status AssignOne(rd_kafka_t* consumer, const std::string& topic, std::int64_t offset);
// A consumer of committed records that commits nothing.
Result<KafkaHandle> NewReader(const KafkaSettings& settings, ClientEvents& events,
                              const char* isolation);

}  // namespace webcare

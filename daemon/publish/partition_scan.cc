#include "daemon/publish/partition_scan.h"

#include <algorithm>

namespace webcare {
namespace {

constexpr int kQueryMillis = 10'000;
constexpr int kPollMillis = 500;
constexpr int kMaxSilentPolls = 60;  // 30 s: longer than a transaction that somebody left open.

// True once the reader stands at or behind `end`.
Result<bool> Take(const rd_kafka_message_t& message, std::int64_t end,
                  const ScanRecord& on_record) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return message.offset >= end;
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    Error error = ToError(message.err, "read");
    // Lost connections are mended behind the scenes; the silence is counted.
    if (error.code == ErrorCode::kUnavailable) return false;
    return error;
  }
  if (Status status = on_record(message); !status.ok()) return status.error();
  return message.offset + 1 >= end;
}

}  // namespace

std::string_view KeyOf(const rd_kafka_message_t& message) {
  return {static_cast<const char*>(message.key), message.key_len};
}

std::string_view ValueOf(const rd_kafka_message_t& message) {
  return {static_cast<const char*>(message.payload), message.len};
}

std::string_view HeaderOf(const rd_kafka_message_t& message, const char* name) {
  rd_kafka_headers_t* headers = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  if (rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return {};
  return {static_cast<const char*>(value), size};
}

Status AssignOne(rd_kafka_t* consumer, const std::string& topic, std::int64_t offset) {
  if (auto known = LearnTopic(consumer, topic); !known.ok()) return known.error();
  const KafkaPartitions partitions(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(partitions.get(), topic.c_str(), 0)->offset = offset;
  const rd_kafka_resp_err_t code = rd_kafka_assign(consumer, partitions.get());
  return code == RD_KAFKA_RESP_ERR_NO_ERROR ? OkStatus() : Status(ToError(code, "assign " + topic));
}

Result<KafkaHandle> NewReader(const KafkaSettings& settings, ClientEvents& events,
                              const char* isolation) {
  auto client = NewKafkaClient(RD_KAFKA_CONSUMER, settings,
                               {{"group.id", "webcare-reader"},  // Demanded, never joined.
                                {"enable.auto.commit", "false"},
                                {"enable.auto.offset.store", "false"},
                                {"auto.offset.reset", "earliest"},
                                {"isolation.level", isolation},
                                {"enable.partition.eof", "true"},
                                {"fetch.wait.max.ms", "100"},
                                {"queued.max.messages.kbytes", "8192"}},
                               events);
  if (client.ok()) rd_kafka_poll_set_consumer(client->get());
  return client;
}

Result<PartitionEnds> QueryEnds(const KafkaSettings& settings, const std::string& topic,
                                ClientEvents& events) {
  auto client = NewReader(settings, events, "read_uncommitted");
  if (!client.ok()) return client.error();
  if (auto known = LearnTopic(client->get(), topic); !known.ok()) return known.error();
  PartitionEnds ends;
  const rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(
      client->get(), topic.c_str(), 0, &ends.low, &ends.high, kQueryMillis);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return ToError(code, "ends of topic " + topic);
  return ends;
}

Result<PartitionEnds> ScanPartition(const KafkaSettings& settings, std::string_view topic,
                                    const Log& log, const std::stop_token& stop,
                                    const ScanStart& start, const ScanRecord& on_record) {
  ClientEvents events;
  events.log = &log;
  const std::string name = KafkaTopicName(settings, topic);
  auto ends = QueryEnds(settings, name, events);
  if (!ends.ok()) return ends;
  const std::int64_t from = std::clamp(start(*ends), ends->low, ends->high);
  if (from == ends->high) return ends;
  auto reader = NewReader(settings, events, "read_committed");
  if (!reader.ok()) return reader.error();
  if (Status status = AssignOne(reader->get(), name, from); !status.ok()) return status.error();
  for (int silent = 0; silent < kMaxSilentPolls && !stop.stop_requested();) {
    const KafkaMessage message(rd_kafka_consumer_poll(reader->get(), kPollMillis));
    silent = message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? 0 : silent + 1;
    if (!message) continue;
    const auto done = Take(*message, ends->high, on_record);
    if (!done.ok()) return done.error();
    if (*done) return ends;
  }
  return Error{ErrorCode::kUnavailable, "the end of topic " + name + " was not reached", {}};
}

}  // namespace webcare

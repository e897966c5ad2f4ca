#include "daemon/publish/partition_scan.h"

#include <algorithm>

namespace webcare {
namespace {

constexpr int kQueryMillis = 10'000;
constexpr int kMetadataMillis = 5'000;
constexpr int kPollMillis = 500;
constexpr int kMaxSilentPolls = 60;  // 30 s: longer than a transaction that somebody left open.

// What is still to be read of a partition; its full topic name.
struct Range {
  TopicEnd from;
  std::int64_t end = 0;
};

// Takes the message's partition out of `ranges` once the reader stands at or behind its end.
Status Take(const rd_kafka_message_t& message, std::vector<Range>& ranges,
            const ScanRecord& on_record) {
  const bool at_end = message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
  if (!at_end && message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    Error error = ToError(message.err, "read");
    // Lost connections are mended behind the scenes; the silence is counted.
    return error.code == ErrorCode::kUnavailable ? OkStatus() : Status(error);
  }
  if (Status status = at_end ? OkStatus() : on_record(message); !status.ok()) return status;
  const std::int64_t next = at_end ? message.offset : message.offset + 1;
  const std::string_view topic = rd_kafka_topic_name(message.rkt);
  std::erase_if(ranges, [&](const Range& range) {
    return range.from.partition == message.partition && range.from.topic == topic &&
           next >= range.end;
  });
  return OkStatus();
}

Status Assign(rd_kafka_t* consumer, const std::vector<Range>& ranges) {
  const KafkaPartitions partitions(
      rd_kafka_topic_partition_list_new(static_cast<int>(ranges.size())));
  for (const auto& [from, end] : ranges) {
    if (auto known = LearnTopic(consumer, from.topic); !known.ok()) return known.error();
    rd_kafka_topic_partition_list_add(partitions.get(), from.topic.c_str(), from.partition)
        ->offset = from.offset;
  }
  const rd_kafka_resp_err_t code = rd_kafka_assign(consumer, partitions.get());
  return code == RD_KAFKA_RESP_ERR_NO_ERROR ? OkStatus() : Status(ToError(code, "assign"));
}

Status ReadRanges(const KafkaSettings& settings, std::vector<Range> ranges, const char* isolation,
                  ClientEvents& events, const std::stop_token& stop, const ScanRecord& on_record) {
  std::erase_if(ranges, [](const Range& range) { return range.from.offset >= range.end; });
  if (ranges.empty()) return OkStatus();
  auto reader = NewReader(settings, events, isolation);
  if (!reader.ok()) return reader.error();
  if (Status status = Assign(reader->get(), ranges); !status.ok()) return status;
  for (int silent = 0; silent < kMaxSilentPolls && !stop.stop_requested();) {
    const KafkaMessage message(rd_kafka_consumer_poll(reader->get(), kPollMillis));
    silent = message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? 0 : silent + 1;
    if (!message) continue;
    if (Status status = Take(*message, ranges, on_record); !status.ok()) return status;
    if (ranges.empty()) return OkStatus();
  }
  return Error{ErrorCode::kUnavailable,
               "the end of topic " + ranges.front().from.topic +
                   " was not reached: a transaction is open in it",
               {}};
}

Result<PartitionEnds> EndsOf(rd_kafka_t* client, const std::string& topic, int partition) {
  if (auto known = LearnTopic(client, topic); !known.ok()) return known.error();
  PartitionEnds ends;
  const rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(
      client, topic.c_str(), partition, &ends.low, &ends.high, kQueryMillis);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return ToError(code, "ends of topic " + topic);
  return ends;
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
  auto client = NewReader(settings, events, kUncommittedToo);
  if (!client.ok()) return client.error();
  return EndsOf(client->get(), topic, 0);
}

Result<std::vector<TopicEnd>> PartitionsOf(rd_kafka_t* client, const KafkaSettings& settings,
                                           std::string_view topic) {
  const std::string name = KafkaTopicName(settings, topic);
  const KafkaTopic handle(rd_kafka_topic_new(client, name.c_str(), nullptr));
  const rd_kafka_metadata_t* metadata = nullptr;
  const rd_kafka_resp_err_t code =
      rd_kafka_metadata(client, 0, handle.get(), &metadata, kMetadataMillis);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return ToError(code, "topic " + name);
  std::vector<TopicEnd> partitions;
  for (int i = 0; metadata->topic_cnt == 1 && i < metadata->topics[0].partition_cnt; ++i) {
    partitions.push_back({std::string(topic), metadata->topics[0].partitions[i].id, 0});
  }
  rd_kafka_metadata_destroy(metadata);
  return partitions;
}

Status QueryTopicEnds(rd_kafka_t* client, const KafkaSettings& settings,
                      std::vector<TopicEnd>& ends) {
  const KafkaPartitions asked(rd_kafka_topic_partition_list_new(static_cast<int>(ends.size())));
  for (const TopicEnd& end : ends) {
    rd_kafka_topic_partition_list_add(asked.get(), KafkaTopicName(settings, end.topic).c_str(),
                                      end.partition)
        ->offset = RD_KAFKA_OFFSET_END;
  }
  const rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(client, asked.get(), kMetadataMillis);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return ToError(code, "ends of topics");
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const rd_kafka_topic_partition_t& answer = asked->elems[i];
    if (answer.err != RD_KAFKA_RESP_ERR_NO_ERROR) return ToError(answer.err, "ends of topics");
    ends[i].offset = answer.offset;
  }
  return OkStatus();
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
  const Status read = ReadRanges(settings, {{{name, 0, from}, ends->high}}, kCommittedOnly, events,
                                 stop, on_record);
  if (!read.ok()) return read.error();
  return ends;
}

Status ScanPartitions(const KafkaSettings& settings, const std::vector<TopicEnd>& starts,
                      const char* isolation, const Log& log, const std::stop_token& stop,
                      const ScanRecord& on_record) {
  ClientEvents events;
  events.log = &log;
  auto client = NewReader(settings, events, kUncommittedToo);
  if (!client.ok()) return client.error();
  std::vector<Range> ranges;
  ranges.reserve(starts.size());
  for (const TopicEnd& start : starts) {
    const std::string name = KafkaTopicName(settings, start.topic);
    const auto ends = EndsOf(client->get(), name, start.partition);
    if (!ends.ok()) return ends.error();
    const std::int64_t from = std::clamp(start.offset, ends->low, ends->high);
    ranges.push_back({{name, start.partition, from}, ends->high});
  }
  return ReadRanges(settings, std::move(ranges), isolation, events, stop, on_record);
}

}  // namespace webcare

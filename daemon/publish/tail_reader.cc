#include "daemon/publish/tail_reader.h"

#include "daemon/publish/partition_scan.h"

namespace webcare {
namespace {

constexpr int kMetadataMillis = 10'000;

Result<KafkaHandle> NewGroupMember(const KafkaSettings& settings, const TailOptions& options,
                                   ClientEvents& events) {
  // Eager assignment: librdkafka's cooperative one loops and loses partitions (delivery.md 4.2). One
  // record in flight at a time is enough for people.
  auto client = NewKafkaClient(RD_KAFKA_CONSUMER, settings,
                               {{"group.id", options.group},
                                {"group.instance.id", options.instance},
                                {"partition.assignment.strategy", "roundrobin"},
                                {"enable.auto.commit", "false"},
                                {"enable.auto.offset.store", "false"},
                                {"auto.offset.reset", "earliest"},
                                {"isolation.level", "read_committed"},
                                {"max.poll.interval.ms", "86400000"},
                                {"queued.max.messages.kbytes", "8192"}},
                               events);
  if (client.ok()) rd_kafka_poll_set_consumer(client->get());
  return client;
}

Status AssignAll(rd_kafka_t* client, const std::vector<std::string>& topics, std::int64_t offset) {
  const KafkaPartitions partitions(rd_kafka_topic_partition_list_new(8));
  for (const std::string& topic : topics) {
    const KafkaTopic handle(rd_kafka_topic_new(client, topic.c_str(), nullptr));
    const rd_kafka_metadata_t* metadata = nullptr;
    auto code = rd_kafka_metadata(client, 0, handle.get(), &metadata, kMetadataMillis);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return ToError(code, "topic " + topic);
    code = metadata->topics[0].err;
    for (int i = 0; i < metadata->topics[0].partition_cnt; ++i) {
      rd_kafka_topic_partition_list_add(partitions.get(), topic.c_str(), i)->offset = offset;
    }
    rd_kafka_metadata_destroy(metadata);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return ToError(code, "topic " + topic);
  }
  const auto code = rd_kafka_assign(client, partitions.get());
  return code == RD_KAFKA_RESP_ERR_NO_ERROR ? OkStatus() : Status(ToError(code, "assign"));
}

Status Subscribe(rd_kafka_t* client, const std::vector<std::string>& topics) {
  const KafkaPartitions list(rd_kafka_topic_partition_list_new(8));
  for (const std::string& topic : topics) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  const auto code = rd_kafka_subscribe(client, list.get());
  return code == RD_KAFKA_RESP_ERR_NO_ERROR ? OkStatus() : Status(ToError(code, "subscribe"));
}

}  // namespace

struct TailReader::Impl {
  ~Impl() {
    if (client) rd_kafka_consumer_close(client.get());
  }
  ClientEvents events;
  KafkaHandle client;
  std::string prefix;
};

TailReader::TailReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TailReader::~TailReader() = default;

Result<std::unique_ptr<TailReader>> TailReader::Open(const KafkaSettings& settings,
                                                     const TailOptions& options, const Log& log) {
  auto impl = std::make_unique<Impl>();
  impl->events.log = &log;
  impl->prefix = KafkaTopicName(settings, "");
  std::vector<std::string> topics;
  for (const std::string& topic : options.topics) topics.push_back(impl->prefix + topic);
  const bool grouped = !options.group.empty();
  auto client = grouped ? NewGroupMember(settings, options, impl->events)
                        : NewReader(settings, impl->events, "read_committed");
  if (!client.ok()) return client.error();
  impl->client = std::move(*client);
  const std::int64_t from = options.from_oldest ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
  Status status =
      grouped ? Subscribe(impl->client.get(), topics) : AssignAll(impl->client.get(), topics, from);
  if (!status.ok()) return status.error();
  return std::unique_ptr<TailReader>(new TailReader(std::move(impl)));
}

Result<std::optional<TailRecord>> TailReader::Next(std::chrono::milliseconds wait) {
  const KafkaMessage message(
      rd_kafka_consumer_poll(impl_->client.get(), static_cast<int>(wait.count())));
  if (!message || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    return std::optional<TailRecord>();
  }
  if (message->err == RD_KAFKA_RESP_ERR__FATAL) {
    return Error{ErrorCode::kConflict, "another reader took the instance name", {}};
  }
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    Error error = ToError(message->err, "read");
    if (error.code == ErrorCode::kUnavailable) return std::optional<TailRecord>();
    return error;
  }
  TailRecord record;
  record.topic = std::string(rd_kafka_topic_name(message->rkt)).substr(impl_->prefix.size());
  record.partition = message->partition;
  record.offset = message->offset;
  record.time = FromMillis(rd_kafka_message_timestamp(message.get(), nullptr));
  record.key = KeyOf(*message);
  record.tombstone = message->payload == nullptr;
  record.value = ValueOf(*message);
  return std::optional<TailRecord>(std::move(record));
}

Status TailReader::Commit(const TailRecord& record) {
  const KafkaPartitions offsets(rd_kafka_topic_partition_list_new(1));
  const std::string topic = impl_->prefix + record.topic;
  rd_kafka_topic_partition_list_add(offsets.get(), topic.c_str(), record.partition)->offset =
      record.offset + 1;
  const auto code = rd_kafka_commit(impl_->client.get(), offsets.get(), 0);
  return code == RD_KAFKA_RESP_ERR_NO_ERROR ? OkStatus() : Status(ToError(code, "commit"));
}

}  // namespace webcare

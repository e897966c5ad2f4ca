#include "daemon/publish/kafka_producer.h"

#include <algorithm>
#include <array>
#include <vector>

#include "daemon/publish/partition_scan.h"

namespace webcare {
namespace {

constexpr int kCallMillis = 500;  // One blocking call; between two `stop` is looked at.
constexpr int kInitMillis = 20'000;
constexpr int kAcknowledgeMillis = 10'000;

// Rows are cut to 256 KiB when they are made; this is room for headers, never the first to notice.
constexpr const char* kMaxMessageBytes = "1000000";

// librdkafka's idempotent producer has one request on its way for each partition, and its broker thread
// polls without a pause for as long as more rows wait behind it (it allows five in flight, and counts
// rows): a twentieth of the daemon's time at full speed. So nothing leaves before a flush asks for it,
// and no flush has more to send than fits in one request. A batch of kBacklogRows is a backlog: then the
// clock counts, and rows are handed over while others are on their way.
constexpr const char* kLingerMillis = "1000";
constexpr std::size_t kRequestBytes = 900'000;  // Below kMaxMessageBytes and batch.size.
constexpr std::size_t kBacklogRows = 4000;
constexpr std::size_t kRowOverhead = 64;  // Lengths, time and numbers of a record (KIP-98).

bool IsFenced(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
         code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

Result<KafkaHandle> NewProducerClient(const KafkaSettings& settings, Bytes max_batch,
                                      ClientEvents& events) {
  const std::uint64_t queue_kib = std::max<std::uint64_t>(32 << 10, 2 * max_batch.count >> 10);
  const std::string queue = std::to_string(queue_kib);
  const bool exact = settings.delivery == DeliveryMode::kExactlyOnce;
  if (!exact) {
    return NewKafkaClient(RD_KAFKA_PRODUCER, settings,
                          {{"enable.idempotence", "true"},
                           {"message.timeout.ms", "0"},
                           {"linger.ms", kLingerMillis},
                           {"compression.codec", "lz4"},
                           {"partitioner", "murmur2_random"},
                           {"message.max.bytes", kMaxMessageBytes},
                           {"queue.buffering.max.kbytes", queue}},
                          events);
  }
  return NewKafkaClient(RD_KAFKA_PRODUCER, settings,
                        {{"enable.idempotence", "true"},
                         {"transactional.id", "webcare." + settings.name},
                         {"transaction.timeout.ms", "10000"},
                         {"message.timeout.ms", "8000"},
                         {"linger.ms", kLingerMillis},
                         {"compression.codec", "lz4"},
                         {"partitioner", "murmur2_random"},
                         {"message.max.bytes", kMaxMessageBytes},
                         {"queue.buffering.max.kbytes", queue}},
                        events);
}

// Order is promised in these two, so they have one partition and it is named.
std::int32_t PartitionOf(std::string_view topic) {
  return topic == "queue" || topic == "progress" ? 0 : RD_KAFKA_PARTITION_UA;
}

rd_kafka_vu_t Part(rd_kafka_vtype_t type) {
  rd_kafka_vu_t part{};
  part.vtype = type;
  return part;
}

rd_kafka_vu_t Memory(rd_kafka_vtype_t type, std::string_view bytes, bool present) {
  rd_kafka_vu_t part = Part(type);
  // librdkafka copies (MSG_F_COPY) and does not write.
  part.u.mem.ptr =
      present ? const_cast<char*>(bytes.data() == nullptr ? "" : bytes.data()) : nullptr;
  part.u.mem.size = bytes.size();
  return part;
}

std::size_t SizeOf(const KafkaRecord& record) {
  std::size_t size = kRowOverhead + record.key.size() + record.value.size() + record.place.size() +
                     record.outbox.size();
  if (record.headers == nullptr) return size;
  for (const auto& [name, value] : *record.headers) size += name.size() + value.size();
  return size;
}

KafkaHeaders MakeHeaders(const KafkaRecord& record) {
  KafkaHeaders headers(rd_kafka_headers_new(16));
  const auto add = [&](std::string_view name, std::string_view value) {
    rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  };
  if (record.headers != nullptr) {
    for (const auto& [name, value] : *record.headers) add(name, value);
  }
  if (!record.place.empty()) add("place", record.place);
  if (!record.outbox.empty()) add("outbox", record.outbox);
  return headers;
}

// A commit, or a record produced behind a failed one, only says that the transaction failed; the failed
// record's own report says why. It may be a moment away.
Error WithReason(rd_kafka_t* client, const ClientEvents& events, Error told, int wait_millis) {
  constexpr int kPollMillis = 50;
  if (told.code != ErrorCode::kUnavailable) return told;
  for (int waited = 0; waited < wait_millis && events.failure == 0; waited += kPollMillis) {
    rd_kafka_poll(client, kPollMillis);
  }
  const auto failure = static_cast<rd_kafka_resp_err_t>(events.failure.load());
  return failure == RD_KAFKA_RESP_ERR_NO_ERROR ? told : ToError(failure, "produce");
}

}  // namespace

Result<std::unique_ptr<Producer>> KafkaProducer::Make(const KafkaSettings& settings,
                                                      Bytes max_batch, const Log& log,
                                                      RequestProbe probe) {
  std::unique_ptr<KafkaProducer> producer(new KafkaProducer(settings));
  producer->events_.log = &log;
  producer->events_.probe = std::move(probe);
  auto client = NewProducerClient(settings, max_batch, producer->events_);
  if (!client.ok()) return client.error();
  producer->client_ = std::move(*client);
  return std::unique_ptr<Producer>(std::move(producer));
}

Status KafkaProducer::Init(const std::stop_token& stop) {
  if (settings_.delivery == DeliveryMode::kExactlyOnce) {
    for (int waited = 0;; waited += kCallMillis) {
      const KafkaError error(rd_kafka_init_transactions(client_.get(), kCallMillis));
      if (!error) break;
      Error told = ToError(error.get(), "init_transactions");
      const bool again = rd_kafka_error_is_retriable(error.get()) != 0;
      if (!again || stop.stop_requested() || waited >= kInitMillis) return told;
    }
  }
  // Every transaction or nearly every one needs these.
  for (const char* topic : {"queue", "progress"}) {
    if (Status status = PrepareTopic(topic); !status.ok()) return status;
  }
  return OkStatus();
}

Status KafkaProducer::PrepareTopic(std::string_view topic) {
  if (topics_.contains(topic)) return OkStatus();
  auto handle = LearnTopic(client_.get(), KafkaTopicName(settings_, topic));
  if (!handle.ok()) return handle.error();
  topics_.emplace(topic, std::move(*handle));
  return OkStatus();
}

Status KafkaProducer::Produce(const KafkaRecord& record, std::int32_t partition) {
  KafkaHeaders headers = MakeHeaders(record);
  std::array parts = {Part(RD_KAFKA_VTYPE_RKT),
                      Part(RD_KAFKA_VTYPE_PARTITION),
                      Part(RD_KAFKA_VTYPE_MSGFLAGS),
                      Memory(RD_KAFKA_VTYPE_KEY, record.key, true),
                      Memory(RD_KAFKA_VTYPE_VALUE, record.value, !record.tombstone),
                      Part(RD_KAFKA_VTYPE_HEADERS)};
  parts[0].u.rkt = topics_.find(record.topic)->second.get();
  parts[1].u.i32 = partition;
  parts[2].u.i = RD_KAFKA_MSG_F_COPY;
  parts[5].u.headers = headers.get();
  const KafkaError error(rd_kafka_produceva(client_.get(), parts.data(), parts.size()));
  if (error) return ToError(error.get(), "produce to " + std::string(record.topic));
  headers.release();  // Owned by the record now.
  return OkStatus();
}

Status KafkaProducer::ProduceAll(std::span<const KafkaRecord> rows) {
  const bool piecewise = rows.size() < kBacklogRows;
  std::size_t waiting = 0;
  for (const KafkaRecord& row : rows) {
    const std::size_t size = SizeOf(row);
    if (piecewise && waiting > 0 && waiting + size > kRequestBytes) {
      const rd_kafka_resp_err_t flushed = rd_kafka_flush(client_.get(), kAcknowledgeMillis);
      if (flushed != RD_KAFKA_RESP_ERR_NO_ERROR) return ToError(flushed, "produce");
      waiting = 0;
    }
    waiting += size;
    if (Status status = Produce(row, PartitionOf(row.topic)); !status.ok()) return status;
  }
  return OkStatus();
}

SendResult KafkaProducer::Send(std::span<const KafkaRecord> rows, const KafkaRecord& progress) {
  for (const KafkaRecord& row : rows) {
    if (Status status = PrepareTopic(row.topic); !status.ok()) return Failure(status.error());
  }
  if (settings_.delivery == DeliveryMode::kExactlyOnce) return SendTransaction(rows, progress);
  if (SendResult sent = SendAcknowledged(rows); sent.outcome != SendOutcome::kCommitted)
    return sent;
  return SendAcknowledged({&progress, 1});
}

SendResult KafkaProducer::SendTransaction(std::span<const KafkaRecord> rows,
                                          const KafkaRecord& progress) {
  rd_kafka_poll(client_.get(), 0);  // Errors from before the transaction do not count against it.
  events_.Reset();
  if (const KafkaError error(rd_kafka_begin_transaction(client_.get())); error) {
    return Failure(error.get(), "begin");
  }
  Status produced = ProduceAll(rows);
  if (produced.ok()) produced = Produce(progress, PartitionOf(progress.topic));
  if (!produced.ok()) {
    return Failure(WithReason(client_.get(), events_, produced.error(), kCallMillis));
  }
  // -1, the rest of the transaction's time: other limits risk librdkafka's state (rdkafka.h).
  if (const KafkaError error(rd_kafka_commit_transaction(client_.get(), -1)); error) {
    return Failure(error.get(), "commit");
  }
  rd_kafka_poll(client_.get(), 0);
  return JudgeCommit(static_cast<int>(rows.size()) + 1);
}

SendResult KafkaProducer::JudgeCommit(int records) const {
  if (events_.end_txns != 1) {
    return {SendOutcome::kIndefinite,
            "EndTxn was sent " + std::to_string(events_.end_txns) + " times",
            {}};
  }
  if (events_.errors != 0) return {SendOutcome::kIndefinite, "a connection was lost", {}};
  if (events_.delivered != records) {
    return {SendOutcome::kIndefinite, "not every record was acknowledged", {}};
  }
  return {SendOutcome::kCommitted, "", Ends()};
}

SendResult KafkaProducer::SendAcknowledged(std::span<const KafkaRecord> rows) {
  rd_kafka_poll(client_.get(), 0);
  events_.Reset();
  if (Status status = ProduceAll(rows); !status.ok()) return Failure(status.error());
  const int wanted = static_cast<int>(rows.size());
  for (int waited = 0; waited < kAcknowledgeMillis && events_.delivered != wanted;
       waited += kCallMillis) {
    rd_kafka_flush(client_.get(), kCallMillis);
    if (events_.failed > 0) {
      return Failure(ToError(static_cast<rd_kafka_resp_err_t>(events_.failure.load()), "produce"));
    }
  }
  if (events_.delivered == wanted) return {SendOutcome::kCommitted, "", Ends()};
  return {SendOutcome::kIndefinite, "not every record was acknowledged", {}};
}

SendResult KafkaProducer::Failure(const rd_kafka_error_t* error, std::string_view doing) const {
  if (IsFenced(rd_kafka_error_code(error))) {
    return {SendOutcome::kFenced, ToError(error, doing).message, {}};
  }
  return Failure(WithReason(client_.get(), events_, ToError(error, doing), 0));
}

SendResult KafkaProducer::Failure(const Error& error) const {
  std::array<char, 256> text{};
  if (IsFenced(rd_kafka_fatal_error(client_.get(), text.data(), text.size()))) {
    return {SendOutcome::kFenced, error.message, {}};
  }
  const bool lasting = error.code != ErrorCode::kUnavailable;
  return {lasting ? SendOutcome::kRefused : SendOutcome::kIndefinite, error.message, {}};
}

std::vector<TopicEnd> KafkaProducer::Ends() const {
  std::vector<TopicEnd> ends = events_.ends;
  for (TopicEnd& end : ends) end.topic.erase(0, settings_.topic_prefix.size() + 1);
  return ends;
}

bool KafkaProducer::CanBeSeen(const std::vector<TopicEnd>& ends) {
  if (!reader_) {
    auto reader = NewReader(settings_, reader_events_, kCommittedOnly);
    if (!reader.ok()) return false;
    reader_ = std::move(*reader);
  }
  std::vector<TopicEnd> stable = ends;
  if (!QueryTopicEnds(reader_.get(), settings_, stable).ok()) return false;
  return std::equal(
      stable.begin(), stable.end(), ends.begin(),
      [](const TopicEnd& is, const TopicEnd& due) { return is.offset >= due.offset; });
}

Status KafkaProducer::Abandon(const std::vector<TopicEnd>& partitions) {
  for (const TopicEnd& partition : partitions) {
    if (Status status = PrepareTopic(partition.topic); !status.ok()) return status;
  }
  rd_kafka_poll(client_.get(), 0);
  events_.Reset();
  if (const KafkaError error(rd_kafka_begin_transaction(client_.get())); error) {
    return ToError(error.get(), "begin");
  }
  for (const TopicEnd& partition : partitions) {
    const KafkaRecord record{.topic = partition.topic, .key = "abandoned", .tombstone = true};
    if (Status status = Produce(record, partition.partition); !status.ok()) return status;
  }
  rd_kafka_flush(client_.get(), kAcknowledgeMillis);
  const bool written = events_.delivered == static_cast<int>(partitions.size());
  if (const KafkaError error(rd_kafka_abort_transaction(client_.get(), -1)); error) {
    return ToError(error.get(), "abort");
  }
  if (written && events_.end_txns == 1 && events_.errors == 0) return OkStatus();
  return Error{ErrorCode::kUnavailable, "ending an open transaction: no certain answer", {}};
}

void KafkaProducer::Poll() { rd_kafka_poll(client_.get(), 0); }

}  // namespace webcare

#include "daemon/publish/kafka_broker.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <thread>

#include "daemon/publish/kafka_client.h"
#include "daemon/publish/kafka_producer.h"
#include "daemon/publish/partition_scan.h"

namespace webcare {
namespace {

constexpr std::chrono::seconds kClusterIdWait{5};
// How far back the newest of our turns is looked for. Aborted records and transaction markers take
// offsets too.
constexpr std::int64_t kTailOffsets = 2'000;
constexpr int kOpenLooks = 20;
constexpr std::chrono::milliseconds kOpenPause{100};

constexpr std::array kRowTopics = {Topic::kQueue, Topic::kCases, Topic::kVoices, Topic::kSignals,
                                   Topic::kRejected};

std::int64_t NumberIn(const rd_kafka_message_t& message, const char* header) {
  const std::string_view text = HeaderOf(message, header);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Of the topics that rows go to.
Result<std::vector<TopicEnd>> RowPartitions(rd_kafka_t* client, const KafkaSettings& settings) {
  std::vector<TopicEnd> all;
  for (const Topic topic : kRowTopics) {
    auto partitions = PartitionsOf(client, settings, ToString(topic));
    if (!partitions.ok()) return partitions;
    all.insert(all.end(), partitions->begin(), partitions->end());
  }
  return all;
}

}  // namespace

KafkaBroker::KafkaBroker(const KafkaSettings& settings, Bytes max_batch, const Log& log,
                         RequestProbe probe)
    : settings_(settings), max_batch_(max_batch), log_(log), probe_(std::move(probe)) {}

Result<std::unique_ptr<Producer>> KafkaBroker::NewProducer() {
  return KafkaProducer::Make(settings_, max_batch_, log_, probe_);
}

Result<std::string> KafkaBroker::ClusterId() {
  ClientEvents events;
  events.log = &log_;
  auto client = NewReader(settings_, events, "read_committed");
  if (!client.ok()) return client.error();
  std::string id = ClusterIdOf(client->get(), kClusterIdWait);
  if (id.empty()) return Error{ErrorCode::kUnavailable, "Kafka does not answer", {}};
  return id;
}

Result<std::vector<Progress>> KafkaBroker::ReadProgress(const std::stop_token& stop) {
  std::map<std::string, Progress, std::less<>> newest;
  const auto ends = ScanPartition(
      settings_, "progress", log_, stop, [](const PartitionEnds& e) { return e.low; },
      [&](const rd_kafka_message_t& message) -> Status {
        if (message.payload == nullptr) {
          newest.erase(std::string(KeyOf(message)));
          return OkStatus();
        }
        auto progress = DecodeProgress(KeyOf(message), ValueOf(message));
        if (!progress.ok()) return progress.error();
        newest.insert_or_assign(std::string(KeyOf(message)), std::move(*progress));
        return OkStatus();
      });
  if (!ends.ok()) return ends.error();
  std::vector<Progress> all;
  all.reserve(newest.size());
  for (auto& [key, progress] : newest) all.push_back(std::move(progress));
  return all;
}

Result<QueueTail> KafkaBroker::ReadQueueTail(const Id128& outbox, const std::stop_token& stop) {
  QueueTail tail;
  const auto ends = ScanPartition(
      settings_, "queue", log_, stop, [](const PartitionEnds& e) { return e.high - kTailOffsets; },
      [&](const rd_kafka_message_t& message) {
        const std::int64_t place = NumberIn(message, "place");
        if (place > 0 && HeaderOf(message, "outbox") == outbox.Hex()) {
          tail.last_place = std::max(tail.last_place.value_or(0), place);
        }
        return OkStatus();
      });
  if (!ends.ok()) return ends.error();
  tail.low = ends->low;
  tail.high = ends->high;
  return tail;
}

Result<std::vector<TopicEnd>> KafkaBroker::OpenPartitions(const std::stop_token& stop) {
  ClientEvents events;
  events.log = &log_;
  auto committed = NewReader(settings_, events, kCommittedOnly);
  auto all = NewReader(settings_, events, kUncommittedToo);
  if (!committed.ok()) return committed.error();
  if (!all.ok()) return all.error();
  auto ends = RowPartitions(all->get(), settings_);
  if (!ends.ok()) return ends;
  ends->push_back({"progress", 0, 0});
  if (Status status = QueryTopicEnds(all->get(), settings_, *ends); !status.ok()) {
    return status.error();
  }
  for (int look = 0; look < kOpenLooks && !stop.stop_requested(); ++look) {
    if (look > 0) std::this_thread::sleep_for(kOpenPause);
    std::vector<TopicEnd> stable = *ends;
    if (Status status = QueryTopicEnds(committed->get(), settings_, stable); !status.ok()) {
      return status.error();
    }
    std::vector<TopicEnd> open;
    for (std::size_t i = 0; i < stable.size(); ++i) {
      if (stable[i].offset < (*ends)[i].offset) open.push_back((*ends)[i]);
    }
    *ends = std::move(open);
    if (ends->empty()) break;
  }
  return ends;
}

Result<RowFates> KafkaBroker::ReadBack(const Id128& outbox, const std::vector<TopicEnd>& starts,
                                       const std::stop_token& stop) {
  ClientEvents events;
  events.log = &log_;
  auto client = NewReader(settings_, events, kUncommittedToo);
  if (!client.ok()) return client.error();
  auto from = RowPartitions(client->get(), settings_);
  if (!from.ok()) return from.error();
  RowFates fates;
  fates.ends = *from;
  if (Status status = QueryTopicEnds(client->get(), settings_, fates.ends); !status.ok()) {
    return status.error();
  }
  for (const TopicEnd& start : starts) {
    if (start.topic != "progress") EndOf(*from, start.topic, start.partition).offset = start.offset;
  }
  const std::string ours = outbox.Hex();
  const auto collect = [&](std::set<std::int64_t>& seqs) {
    return [&](const rd_kafka_message_t& message) {
      if (HeaderOf(message, "outbox") == ours) seqs.insert(NumberIn(message, "seq"));
      return OkStatus();
    };
  };
  Status read = ScanPartitions(settings_, *from, kCommittedOnly, log_, stop, collect(fates.seen));
  if (read.ok()) {
    read = ScanPartitions(settings_, *from, kUncommittedToo, log_, stop, collect(fates.undone));
  }
  if (!read.ok()) return read.error();
  for (const std::int64_t seq : fates.seen) fates.undone.erase(seq);
  return fates;
}

}  // namespace webcare

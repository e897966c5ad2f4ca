#include "daemon/publish/kafka_broker.h"

#include <charconv>
#include <map>

#include "daemon/publish/kafka_client.h"
#include "daemon/publish/kafka_producer.h"
#include "daemon/publish/partition_scan.h"

namespace webcare {
namespace {

constexpr int kClusterIdMillis = 5'000;
// How far back the newest of our turns is looked for. Aborted records and transaction markers take
// offsets too.
constexpr std::int64_t kTailOffsets = 2'000;

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
  char* id = rd_kafka_clusterid(client->get(), kClusterIdMillis);
  if (id == nullptr) return Error{ErrorCode::kUnavailable, "Kafka does not answer", {}};
  std::string copy(id);
  rd_kafka_mem_free(client->get(), id);
  return copy;
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
        const std::string_view place = HeaderOf(message, "place");
        std::int64_t number = 0;
        const auto [end, code] = std::from_chars(place.data(), place.data() + place.size(), number);
        if (code == std::errc() && HeaderOf(message, "outbox") == outbox.Hex()) {
          tail.last_place = std::max(tail.last_place.value_or(0), number);
        }
        return OkStatus();
      });
  if (!ends.ok()) return ends.error();
  tail.low = ends->low;
  tail.high = ends->high;
  return tail;
}

}  // namespace webcare

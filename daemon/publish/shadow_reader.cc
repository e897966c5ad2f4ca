#include "daemon/publish/shadow_reader.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "daemon/publish/partition_scan.h"

namespace webcare {
namespace {

constexpr int kRefreshMillis = 1'000;
constexpr int kPollRecords = 1'000;
// Aborted records and transaction markers take offsets too.
constexpr std::int64_t kTailOffsets = 5'000;
constexpr std::chrono::minutes kRefreshEvery{1};

}  // namespace

struct ShadowReader::Impl {
  ClientEvents events;
  KafkaHandle client;
  std::string topic;
  std::string outbox;
  std::int64_t start = 0;
  std::int64_t low = 0;
  std::int64_t end = 0;
  std::int64_t end_at_open = 0;
  SteadyTime refreshed{};
};

ShadowReader::ShadowReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ShadowReader::~ShadowReader() = default;

Result<std::unique_ptr<ShadowReader>> ShadowReader::Open(const KafkaSettings& settings,
                                                         const Id128& outbox, const Log& log) {
  auto impl = std::make_unique<Impl>();
  impl->events.log = &log;
  impl->topic = KafkaTopicName(settings, "queue");
  impl->outbox = outbox.Hex();
  auto ends = QueryEnds(settings, impl->topic, impl->events);
  if (!ends.ok()) return ends.error();
  auto client = NewReader(settings, impl->events, "read_committed");
  if (!client.ok()) return client.error();
  impl->client = std::move(*client);
  impl->low = ends->low;
  impl->end_at_open = ends->high;
  impl->start = std::max(ends->low, ends->high - kTailOffsets);
  impl->end = impl->start;
  if (Status status = AssignOne(impl->client.get(), impl->topic, impl->start); !status.ok()) {
    return status.error();
  }
  return std::unique_ptr<ShadowReader>(new ShadowReader(std::move(impl)));
}

void ShadowReader::Poll(const std::function<void(SeenTurn)>& on_turn) {
  for (int i = 0; i < kPollRecords; ++i) {
    const KafkaMessage message(rd_kafka_consumer_poll(impl_->client.get(), 0));
    if (!message) return;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      impl_->end = std::max(impl_->end, message->offset);
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    impl_->end = std::max(impl_->end, message->offset + 1);
    if (HeaderOf(*message, "outbox") != impl_->outbox) continue;
    const std::string_view place = HeaderOf(*message, "place");
    std::int64_t number = 0;
    std::from_chars(place.data(), place.data() + place.size(), number);
    if (number > 0) on_turn({message->offset, number, std::string(KeyOf(*message))});
  }
}

void ShadowReader::RefreshLow(SteadyTime now) {
  if (now - impl_->refreshed < kRefreshEvery) return;
  impl_->refreshed = now;
  std::int64_t low = 0;
  std::int64_t high = 0;
  const auto code = rd_kafka_query_watermark_offsets(impl_->client.get(), impl_->topic.c_str(), 0,
                                                     &low, &high, kRefreshMillis);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) impl_->low = low;
}

std::int64_t ShadowReader::start() const { return impl_->start; }
std::int64_t ShadowReader::low() const { return impl_->low; }
std::int64_t ShadowReader::end() const { return impl_->end; }
bool ShadowReader::caught_up() const { return impl_->end >= impl_->end_at_open; }

}  // namespace webcare

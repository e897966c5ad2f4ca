// Broker on librdkafka.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/base/log.h"
#include "daemon/config/settings.h"
#include "daemon/publish/producer.h"

namespace webcare {

class KafkaBroker final : public Broker {
 public:
  // Called on librdkafka's threads around every request of a producer (kafka_client.h); for tests
  // that kill the process at a chosen request.
  using RequestProbe = std::function<void(int api_key, bool answered)>;

  // `log` must outlive this and the producers.
  KafkaBroker(const KafkaSettings& settings, Bytes max_batch, const Log& log,
              RequestProbe probe = nullptr);

  Result<std::unique_ptr<Producer>> NewProducer() override;
  Result<std::string> ClusterId() override;
  Result<std::vector<Progress>> ReadProgress(const std::stop_token& stop) override;
  Result<QueueTail> ReadQueueTail(const Id128& outbox, const std::stop_token& stop) override;
  Result<std::vector<TopicEnd>> OpenPartitions(const std::stop_token& stop) override;
  Result<RowFates> ReadBack(const Id128& outbox, const std::vector<TopicEnd>& starts,
                            const std::stop_token& stop) override;

 private:
  KafkaSettings settings_;
  Bytes max_batch_;
  const Log& log_;
  RequestProbe probe_;
};

}  // namespace webcare

// Producer on librdkafka, set up as delivery.md 4.1 and 5 (exactly-once) or operations.md 2
// (at-least-once) say.
//
// librdkafka retries EndTxn by itself after a disconnect and then reports success; a late first
// request could then commit half of the next transaction (KAFKA-14053, KIP-890). So a transaction
// counts as committed only if exactly one EndTxn reached a socket and no connection was lost since
// it began.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "daemon/publish/kafka_client.h"
#include "daemon/publish/producer.h"

namespace webcare {

class KafkaProducer final : public Producer {
 public:
  // `max_batch` bounds librdkafka's queue. kInvalid: the configuration is not accepted.
  static Result<std::unique_ptr<Producer>> Make(const KafkaSettings& settings, Bytes max_batch,
                                                const Log& log, RequestProbe probe);

  Status Init(const std::stop_token& stop) override;
  SendResult Send(std::span<const KafkaRecord> rows, const KafkaRecord& progress) override;
  bool CanBeSeen(const std::vector<TopicEnd>& ends) override;
  Status Abandon(const std::vector<TopicEnd>& partitions) override;
  void Poll() override;

 private:
  explicit KafkaProducer(const KafkaSettings& settings) : settings_(settings) {}

  SendResult SendTransaction(std::span<const KafkaRecord> rows, const KafkaRecord& progress);
  SendResult SendAcknowledged(std::span<const KafkaRecord> rows);
  SendResult JudgeCommit(int records) const;
  SendResult Failure(const rd_kafka_error_t* error, std::string_view doing) const;
  SendResult Failure(const Error& error) const;
  Status PrepareTopic(std::string_view topic);
  Status Produce(const KafkaRecord& record, std::int32_t partition);
  Status ProduceAll(std::span<const KafkaRecord> rows);  // What fits in one request goes together.
  std::vector<TopicEnd> Ends() const;

  KafkaSettings settings_;
  // Destroyed from the bottom up: topics, client, then what the client's threads write to.
  ClientEvents events_;
  KafkaHandle client_;
  std::map<std::string, KafkaTopic, std::less<>> topics_;
  ClientEvents reader_events_;
  KafkaHandle reader_;  // Of committed records; made when it is first needed.
};

}  // namespace webcare

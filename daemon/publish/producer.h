// The cluster as the publisher sees it: producers that live until the first doubt, and what stands
// in the topics. KafkaBroker is the one implementation; tests bring scripted ones.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/publish/progress.h"
#include "daemon/store/outbox.h"

namespace webcare {

// One record as it goes out. Borrowed for the length of the call.
struct KafkaRecord {
  std::string_view topic{};  // Without prefix: "queue", "progress".
  std::string_view key{};
  std::string_view value{};
  bool tombstone = false;
  const RecordHeaders* headers = nullptr;  // May be null.
  std::string_view place{};   // Turns only, header "place": which turn of its outbox, 1, 2, 3 ...
  std::string_view outbox{};  // Header "outbox": tells our rows from those of others.
};

enum class SendOutcome {
  kCommitted,   // Stands in Kafka for certain, once.
  kIndefinite,  // May stand there or not. The producer must not be used again.
  kFenced,  // As kIndefinite; another producer took our name, or our transaction outlived its time.
  kRefused,  // As kIndefinite; Kafka says no for a reason that will not pass by itself.
};
struct SendResult {
  SendOutcome outcome = SendOutcome::kIndefinite;
  std::string why;             // Empty with kCommitted.
  std::vector<TopicEnd> ends;  // With kCommitted: behind the newest record in each partition.
};

// One generation of a producer. After anything but kCommitted: destroy it, make a new one, read
// progress. Threads: one.
class Producer {
 public:
  virtual ~Producer() = default;
  // Takes the name over: fences earlier producers and settles what they left open. Blocks up to 20
  // s, less once `stop` is requested. kUnavailable: try again later; kDenied, kInvalid: tell the
  // operator.
  virtual Status Init(const std::stop_token& stop) = 0;
  // `rows`, then `progress`: one transaction, or (at-least-once) rows, their acknowledgements,
  // progress. Blocks up to 10 s, the time Kafka gives a transaction.
  virtual SendResult Send(std::span<const KafkaRecord> rows, const KafkaRecord& progress) = 0;
  // Whether committed readers see everything before `ends`. False also when Kafka does not answer.
  // Blocks up to 5 s.
  virtual bool CanBeSeen(const std::vector<TopicEnd>& ends) = 0;
  // Writes a record into each of the partitions and aborts them, which also ends what an earlier
  // transaction of this name left open there. Only kUnavailable: use it no more, as after Send().
  virtual Status Abandon(const std::vector<TopicEnd>& partitions) = 0;
  // Serves librdkafka while nothing is sent. Does not block.
  virtual void Poll() = 0;
};

// Blocks up to 40 s each, less once `stop` is requested. Errors as for Producer::Init.
class Broker {
 public:
  virtual ~Broker() = default;
  virtual Result<std::unique_ptr<Producer>> NewProducer() = 0;
  virtual Result<std::string> ClusterId() = 0;
  // The newest record of every outbox. Call it after Init(): only then nothing is in the air.
  // kCorrupt: the topic holds what is not ours.
  virtual Result<std::vector<Progress>> ReadProgress(const std::stop_token& stop) = 0;
  virtual Result<QueueTail> ReadQueueTail(const Id128& outbox, const std::stop_token& stop) = 0;
  // Partitions of our topics in which a transaction is open and stays so for two seconds.
  virtual Result<std::vector<TopicEnd>> OpenPartitions(const std::stop_token& stop) = 0;
  // What became of the rows of `outbox` behind `starts`; in partitions of our topics that are not named
  // there, from their beginning. Call it when no partition is open any more.
  virtual Result<RowFates> ReadBack(const Id128& outbox, const std::vector<TopicEnd>& starts,
                                    const std::stop_token& stop) = 0;
};

}  // namespace webcare

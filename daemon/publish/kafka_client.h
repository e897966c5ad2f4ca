// librdkafka behind a fence, for the files of this folder: handles that free themselves, errors as
// Error, logs as ours, and the counters on which the exactly-once protocol decides.
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/log.h"
#include "daemon/base/result.h"
#include "daemon/config/settings.h"
#include "daemon/store/outbox.h"

namespace webcare {

template <auto Destroy>
struct Destroyer {
  template <typename T>
  void operator()(T* raw) const {
    Destroy(raw);
  }
};
using KafkaHandle = std::unique_ptr<rd_kafka_t, Destroyer<rd_kafka_destroy>>;
using KafkaTopic = std::unique_ptr<rd_kafka_topic_t, Destroyer<rd_kafka_topic_destroy>>;
using KafkaQueue = std::unique_ptr<rd_kafka_queue_t, Destroyer<rd_kafka_queue_destroy>>;
using KafkaEvent = std::unique_ptr<rd_kafka_event_t, Destroyer<rd_kafka_event_destroy>>;
using KafkaMessage = std::unique_ptr<rd_kafka_message_t, Destroyer<rd_kafka_message_destroy>>;
using KafkaHeaders = std::unique_ptr<rd_kafka_headers_t, Destroyer<rd_kafka_headers_destroy>>;
using KafkaError = std::unique_ptr<rd_kafka_error_t, Destroyer<rd_kafka_error_destroy>>;
using KafkaPartitions = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                        Destroyer<rd_kafka_topic_partition_list_destroy>>;
using KafkaOptions =
    std::unique_ptr<rd_kafka_AdminOptions_t, Destroyer<rd_kafka_AdminOptions_destroy>>;

// Request types of the Kafka protocol that we count or that tests wait for.
enum class ApiKey : int { kProduce = 0, kInitProducerId = 22, kAddPartitions = 24, kEndTxn = 26 };

// Called on librdkafka's threads: a request was written to the socket, or its answer came back.
// Tests kill the process here.
using RequestProbe = std::function<void(int api_key, bool answered)>;

// What librdkafka tells while it works. Written by its threads and by rd_kafka_poll(); lives as
// long as the client.
struct ClientEvents {
  std::atomic<int> errors{0};     // Connections lost and worse, by error_cb.
  std::atomic<int> end_txns{0};   // EndTxn requests that reached a socket.
  std::atomic<int> delivered{0};  // Records acknowledged.
  std::atomic<int> failed{0};     // Records given up.
  std::atomic<int> failure{0};    // rd_kafka_resp_err_t of the newest failed record.
  // Behind the newest acknowledged record of each partition, full topic names. Not atomic: only touched
  // inside the caller's rd_kafka_poll() and the like.
  std::vector<TopicEnd> ends;
  RequestProbe probe;
  const Log* log = nullptr;

  void Reset();
  void NoteEnd(const rd_kafka_message_t& message);
};

using KafkaProperties = std::initializer_list<std::pair<const char*, std::string>>;

// A client with the configured properties and ours on top. `events` must outlive it. kInvalid:
// librdkafka refuses the configuration; try nothing again.
Result<KafkaHandle> NewKafkaClient(rd_kafka_type_t type, const KafkaSettings& settings,
                                   KafkaProperties fixed, ClientEvents& events);

// kDenied (authentication, authorization), kInvalid (topic missing, record too large), else
// kUnavailable.
Error ToError(rd_kafka_resp_err_t code, std::string_view doing);
// The text of `error`, with what was being done.
Error ToError(const rd_kafka_error_t* error, std::string_view doing);

// A handle of a topic whose leaders `client` has learnt. Without that, the first request about a topic is a
// second late (delivery.md 4.1). Blocks up to 5 s. Errors as ToError.
Result<KafkaTopic> LearnTopic(rd_kafka_t* client, const std::string& name);

// The name that the cluster gives itself; empty: not told within `wait` (0: not told yet).
std::string ClusterIdOf(rd_kafka_t* client, std::chrono::milliseconds wait);

std::string KafkaTopicName(const KafkaSettings& settings, std::string_view topic);

}  // namespace webcare

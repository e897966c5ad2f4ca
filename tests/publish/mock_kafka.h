// librdkafka's mock broker: one node, silent. It knows neither fencing nor isolation, so nothing that is tested
// with it proves exactly-once: exactly_once_test.cc does.
#pragma once

#include <librdkafka/rdkafka.h>
// After it:
#include <librdkafka/rdkafka_mock.h>

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "daemon/config/settings.h"
#include "daemon/publish/kafka_client.h"

namespace webcare {

class MockKafka {
 public:
  explicit MockKafka(std::initializer_list<const char*> topics) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", nullptr, 0);
    host_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0));
    cluster_ = rd_kafka_mock_cluster_new(host_.get(), 1);
    for (const char* topic : topics) rd_kafka_mock_topic_create(cluster_, topic, 1, 1);
    settings.bootstrap = rd_kafka_mock_cluster_bootstraps(cluster_);
  }
  ~MockKafka() { rd_kafka_mock_cluster_destroy(cluster_); }
  MockKafka(const MockKafka&) = delete;
  MockKafka& operator=(const MockKafka&) = delete;

  // The next requests of that kind are answered so, one after the other.
  void FailNext(int api_key, const std::vector<rd_kafka_resp_err_t>& errors) {
    rd_kafka_mock_push_request_errors_array(cluster_, static_cast<std::int16_t>(api_key),
                                            errors.size(), errors.data());
  }

  rd_kafka_mock_cluster_t* cluster() { return cluster_; }

  KafkaSettings settings;

 private:
  KafkaHandle host_;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

}  // namespace webcare

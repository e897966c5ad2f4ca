#include "daemon/publish/topics.h"

#include <algorithm>
#include <array>

#include "daemon/publish/kafka_client.h"

namespace webcare {
namespace {

constexpr int kMetadataMillis = 10'000;
constexpr int kAdminMillis = 20'000;

using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Destroyer<rd_kafka_NewTopic_destroy>>;
using ConfigResource =
    std::unique_ptr<rd_kafka_ConfigResource_t, Destroyer<rd_kafka_ConfigResource_destroy>>;
using FactsByTopic = std::map<std::string, TopicFacts, std::less<>>;

Result<FactsByTopic> ReadTopics(rd_kafka_t* client) {
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto code = rd_kafka_metadata(client, 1, nullptr, &metadata, kMetadataMillis);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return ToError(code, "list topics");
  FactsByTopic facts;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const rd_kafka_metadata_topic& topic = metadata->topics[i];
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR || topic.partition_cnt == 0) continue;
    facts[topic.topic] = {topic.partition_cnt, topic.partitions[0].replica_cnt, {}};
  }
  rd_kafka_metadata_destroy(metadata);
  return facts;
}

// A topic is made some moments before every broker tells of it.
Status AwaitTopics(rd_kafka_t* client, const std::vector<std::string>& names) {
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    auto facts = ReadTopics(client);
    if (!facts.ok()) return facts.error();
    if (std::all_of(names.begin(), names.end(),
                    [&](const std::string& name) { return facts->contains(name); })) {
      return OkStatus();
    }
    rd_kafka_poll(client, 100);
  }
  return Error{ErrorCode::kUnavailable, "the topics were made but do not show up", {}};
}

// Sends an admin request and waits for its answer.
template <typename Send>
Result<KafkaEvent> AskAdmin(rd_kafka_t* client, rd_kafka_admin_op_t op, std::string_view doing,
                            const Send& send) {
  const KafkaQueue queue(rd_kafka_queue_new(client));
  const KafkaOptions options(rd_kafka_AdminOptions_new(client, op));
  std::array<char, 128> why{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), kAdminMillis, why.data(), why.size());
  send(options.get(), queue.get());
  KafkaEvent event(rd_kafka_queue_poll(queue.get(), kAdminMillis + 5'000));
  if (!event) return Error{ErrorCode::kUnavailable, std::string(doing) + ": no answer", {}};
  if (const auto code = rd_kafka_event_error(event.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return ToError(code, doing);
  }
  return event;
}

Result<NewTopic> MakeNewTopic(const TopicPlan& plan) {
  std::array<char, 256> why{};
  NewTopic topic(rd_kafka_NewTopic_new(plan.name.c_str(), plan.partitions, plan.replication,
                                       why.data(), why.size()));
  if (!topic) return Error{ErrorCode::kInvalid, plan.name + ": " + why.data(), {}};
  for (const TopicSetting& setting : plan.settings) {
    rd_kafka_NewTopic_set_config(topic.get(), std::string(setting.name).c_str(),
                                 setting.value.c_str());
  }
  return topic;
}

Status CreateTopics(rd_kafka_t* client, std::vector<rd_kafka_NewTopic_t*> topics) {
  auto event =
      AskAdmin(client, RD_KAFKA_ADMIN_OP_CREATETOPICS, "make topics",
               [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                 rd_kafka_CreateTopics(client, topics.data(), topics.size(), options, queue);
               });
  if (!event.ok()) return event.error();
  std::size_t count = 0;
  const auto* result = rd_kafka_event_CreateTopics_result(event->get());
  const rd_kafka_topic_result_t** results = rd_kafka_CreateTopics_result_topics(result, &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto code = rd_kafka_topic_result_error(results[i]);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      continue;
    }
    Error error =
        ToError(code, std::string("make topic ") + rd_kafka_topic_result_name(results[i]));
    if (error.code != ErrorCode::kDenied) error.code = ErrorCode::kInvalid;
    if (const char* text = rd_kafka_topic_result_error_string(results[i])) {
      error.message += std::string(" (") + text + ")";
    }
    return error;
  }
  return OkStatus();
}

// Kafka fences a broker that was silent for a while, as on a machine that stood still, until its next sign
// of life. That Kafka says in words only: the code is that of a wrong replication factor.
Status CreateTopicsWhenUnfenced(rd_kafka_t* client,
                                const std::vector<rd_kafka_NewTopic_t*>& topics) {
  constexpr int kTries = 60;
  for (int tries = 1;; ++tries) {
    Status status = CreateTopics(client, topics);
    const bool fenced = !status.ok() && status.error().message.find("fenced") != std::string::npos;
    if (!fenced || tries == kTries) return status;
    rd_kafka_poll(client, 500);
  }
}

Status ReadSettings(rd_kafka_t* client, const std::vector<TopicPlan>& plans, FactsByTopic& facts) {
  std::vector<ConfigResource> owned;
  std::vector<rd_kafka_ConfigResource_t*> wanted;
  for (const TopicPlan& plan : plans) {
    if (!facts.contains(plan.name)) continue;
    owned.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, plan.name.c_str()));
    wanted.push_back(owned.back().get());
  }
  if (wanted.empty()) return OkStatus();
  auto event =
      AskAdmin(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, "read topic settings",
               [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                 rd_kafka_DescribeConfigs(client, wanted.data(), wanted.size(), options, queue);
               });
  if (!event.ok()) return event.error();
  std::size_t count = 0;
  const rd_kafka_ConfigResource_t** resources = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    if (const auto code = rd_kafka_ConfigResource_error(resources[i])) {
      return ToError(code, "read topic settings");
    }
    auto& settings = facts[rd_kafka_ConfigResource_name(resources[i])].settings;
    std::size_t entries = 0;
    const auto** entry = rd_kafka_ConfigResource_configs(resources[i], &entries);
    for (std::size_t e = 0; e < entries; ++e) {
      const char* value = rd_kafka_ConfigEntry_value(entry[e]);
      settings[rd_kafka_ConfigEntry_name(entry[e])] = value == nullptr ? "" : value;
    }
  }
  return OkStatus();
}

}  // namespace

Result<std::vector<std::string>> InitTopics(const KafkaSettings& settings, const Log& log) {
  ClientEvents events;
  events.log = &log;
  auto client = NewKafkaClient(RD_KAFKA_PRODUCER, settings, {}, events);
  if (!client.ok()) return client.error();
  auto facts = ReadTopics(client->get());
  if (!facts.ok()) return facts.error();
  std::vector<std::string> made;
  std::vector<NewTopic> owned;
  std::vector<rd_kafka_NewTopic_t*> wanted;
  for (const TopicPlan& plan : PlanTopics(settings)) {
    if (facts->contains(plan.name)) continue;
    auto topic = MakeNewTopic(plan);
    if (!topic.ok()) return topic.error();
    owned.push_back(std::move(*topic));
    wanted.push_back(owned.back().get());
    made.push_back(plan.name);
  }
  if (wanted.empty()) return made;
  if (Status status = CreateTopicsWhenUnfenced(client->get(), wanted); !status.ok())
    return status.error();
  if (Status status = AwaitTopics(client->get(), made); !status.ok()) return status.error();
  return made;
}

Result<std::vector<TopicFinding>> CheckTopics(const KafkaSettings& settings, const Log& log) {
  ClientEvents events;
  events.log = &log;
  auto client = NewKafkaClient(RD_KAFKA_PRODUCER, settings, {}, events);
  if (!client.ok()) return client.error();
  auto facts = ReadTopics(client->get());
  if (!facts.ok()) return facts.error();
  const std::vector<TopicPlan> plans = PlanTopics(settings);
  if (Status status = ReadSettings(client->get(), plans, *facts); !status.ok()) {
    return status.error();
  }
  std::vector<TopicFinding> findings;
  for (const TopicPlan& plan : plans) {
    auto found = CompareTopic(plan, (*facts)[plan.name]);
    findings.insert(findings.end(), found.begin(), found.end());
  }
  return findings;
}

}  // namespace webcare

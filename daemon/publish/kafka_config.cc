#include "daemon/publish/kafka_config.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <memory>

namespace webcare {
namespace {

struct Refusal {
  std::string_view key;
  std::string_view why;
};

constexpr std::string_view kDelivery = "it is part of the delivery promise (see `delivery:`)";
constexpr std::string_view kServers = "the servers are set by `bootstrap:`";
constexpr std::string_view kName = "it is made from `name:`";
constexpr std::string_view kGroups = "which records are read, and by whom, is fixed";
constexpr std::string_view kBatch = "batches are set by `batch:`";
constexpr std::string_view kTopics = "topics are made by `webcarectl topics init` only";
constexpr std::string_view kCode = "it loads foreign code or replaces the broker";

// Both names where librdkafka has an alias. Sorted by key.
constexpr std::array kRefused = {
    Refusal{"acks", kDelivery},
    Refusal{"allow.auto.create.topics", kTopics},
    Refusal{"auto.commit.enable", kGroups},
    Refusal{"auto.commit.interval.ms", kGroups},
    Refusal{"auto.offset.reset", kGroups},
    Refusal{"batch.num.messages", kBatch},
    Refusal{"batch.size", kBatch},
    Refusal{"bootstrap.servers", kServers},
    Refusal{"delivery.report.only.error", kDelivery},
    Refusal{"delivery.timeout.ms", kDelivery},
    Refusal{"enable.auto.commit", kGroups},
    Refusal{"enable.auto.offset.store", kGroups},
    Refusal{"enable.gapless.guarantee", kDelivery},
    Refusal{"enable.idempotence", kDelivery},
    Refusal{"enable.partition.eof", kGroups},
    Refusal{"group.id", kGroups},
    Refusal{"group.instance.id", kGroups},
    Refusal{"isolation.level", kDelivery},
    Refusal{"linger.ms", kBatch},
    Refusal{"max.in.flight", kDelivery},
    Refusal{"max.in.flight.requests.per.connection", kDelivery},
    Refusal{"message.max.bytes", kBatch},
    Refusal{"message.send.max.retries", kDelivery},
    Refusal{"message.timeout.ms", kDelivery},
    Refusal{"metadata.broker.list", kServers},
    Refusal{"partition.assignment.strategy", kGroups},
    Refusal{"partitioner", kDelivery},
    Refusal{"plugin.library.paths", kCode},
    Refusal{"queue.buffering.max.kbytes", kBatch},
    Refusal{"queue.buffering.max.messages", kBatch},
    Refusal{"queue.buffering.max.ms", kBatch},
    Refusal{"queuing.strategy", kDelivery},
    Refusal{"request.required.acks", kDelivery},
    Refusal{"retries", kDelivery},
    Refusal{"test.mock.num.brokers", kCode},
    Refusal{"transaction.timeout.ms", kDelivery},
    Refusal{"transactional.id", kName},
};

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool IsSecret(std::string_view key) {
  constexpr std::array kWords = {"password",           "secret", "token", "pem",
                                 "oauthbearer.config", "jaas"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [key](const char* word) { return Contains(key, word); });
}

std::string_view HostOf(std::string_view server) {
  if (const auto scheme = server.find("://"); scheme != std::string_view::npos) {
    server.remove_prefix(scheme + 3);
  }
  if (server.starts_with('[')) return server.substr(1, server.find(']') - 1);
  return server.substr(0, server.rfind(':'));
}

bool IsLoopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace

std::optional<std::string> RefusedKafkaProperty(std::string_view key) {
  const auto found =
      std::lower_bound(kRefused.begin(), kRefused.end(), key,
                       [](const Refusal& r, std::string_view k) { return r.key < k; });
  if (found == kRefused.end() || found->key != key) return std::nullopt;
  return "'" + std::string(key) + "' cannot be set: " + std::string(found->why);
}

std::vector<PropertyMistake> CheckKafkaProperties(
    const std::map<std::string, std::string>& properties) {
  const std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)> conf(
      rd_kafka_conf_new(), &rd_kafka_conf_destroy);
  std::vector<PropertyMistake> mistakes;
  for (const auto& [key, value] : properties) {
    if (auto why = RefusedKafkaProperty(key)) {
      mistakes.push_back({key, std::move(*why)});
      continue;
    }
    std::array<char, 512> text{};
    if (rd_kafka_conf_set(conf.get(), key.c_str(), value.c_str(), text.data(), text.size()) ==
        RD_KAFKA_CONF_OK) {
      continue;
    }
    mistakes.push_back({key, IsSecret(key) ? "librdkafka refuses the value of '" + key + "'"
                                           : "librdkafka: " + std::string(text.data())});
  }
  return mistakes;
}

std::optional<std::string> PlaintextWarning(const KafkaSettings& settings) {
  const auto protocol = settings.properties.find("security.protocol");
  if (protocol != settings.properties.end() && Contains(protocol->second, "ssl"))
    return std::nullopt;
  if (protocol != settings.properties.end() && Contains(protocol->second, "SSL"))
    return std::nullopt;
  std::string_view rest = settings.bootstrap;
  while (!rest.empty()) {
    const std::string_view server = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), server.size() + 1));
    if (IsLoopback(HostOf(server))) continue;
    return "records go to Kafka unencrypted: set security.protocol to ssl or sasl_ssl";
  }
  return std::nullopt;
}

std::map<std::string, std::string> RedactedProperties(
    const std::map<std::string, std::string>& properties) {
  std::map<std::string, std::string> shown = properties;
  for (auto& [key, value] : shown) {
    if (IsSecret(key)) value = "***";
  }
  return shown;
}

}  // namespace webcare

#include "tests/kafka/real_kafka.h"

#include <librdkafka/rdkafka.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>

namespace webcare {
namespace {

struct CommandResult {
  int code = 0;
  std::string out;
};

CommandResult Run(const std::string& command) {
  CommandResult result;
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {127, "popen failed"};
  std::array<char, 512> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) result.out += line.data();
  const int status = pclose(pipe);
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  while (!result.out.empty() && result.out.back() == '\n') result.out.pop_back();
  return result;
}

std::string Script(const char* name) {
  return std::string(WEBCARE_SOURCE_DIR "/deploy/kafka/") + name;
}

}  // namespace

RealKafka* RealKafka::Get(std::string* why, int nodes) {
  static std::map<int, std::unique_ptr<RealKafka>> clusters;
  auto& cluster = clusters[nodes];
  if (!cluster) cluster.reset(new RealKafka(nodes));
  *why = cluster->why_;
  return cluster->bootstrap_.empty() ? nullptr : cluster.get();
}

RealKafka::RealKafka(int nodes) : nodes_(nodes) {
  std::string pattern = (std::filesystem::temp_directory_path() / "webcare-kafka.XXXXXX").string();
  directory_ = mkdtemp(pattern.data());
  Start();
}

RealKafka::~RealKafka() {
  Stop(true);
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void RealKafka::Start() {
  const char* version = std::getenv("WEBCARE_KAFKA_VERSION");
  const auto result =
      Run(Script("start") + " --port 0 --dir " + directory_ + " --nodes " + std::to_string(nodes_) +
          (version == nullptr ? std::string() : std::string(" --version ") + version));
  if (result.code == 0) {
    bootstrap_ = result.out.substr(result.out.rfind('\n') + 1);
  } else {
    why_ = result.out;
  }
}

void RealKafka::Stop(bool kill) {
  Run(Script("stop") + " --dir " + directory_ + (kill ? " --kill" : ""));
}

std::string SeenRecord::Header(const std::string& name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& h) { return h.first == name; });
  return found == headers.end() ? "" : found->second;
}

namespace {

using Client = std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)>;

Client NewReadCommitted(const std::string& bootstrap) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  const std::array<std::pair<const char*, const char*>, 7> settings = {
      {{"bootstrap.servers", bootstrap.c_str()},
       {"group.id", "webcare-verifier"},
       {"enable.auto.commit", "false"},
       {"auto.offset.reset", "earliest"},
       {"isolation.level", "read_committed"},
       {"enable.partition.eof", "true"},
       {"log_level", "0"}}};
  std::array<char, 256> why{};
  for (const auto& [key, value] : settings) {
    if (rd_kafka_conf_set(conf, key, value, why.data(), why.size()) != RD_KAFKA_CONF_OK) {
      throw std::runtime_error(why.data());
    }
  }
  Client client(rd_kafka_new(RD_KAFKA_CONSUMER, conf, why.data(), why.size()), &rd_kafka_destroy);
  if (!client) throw std::runtime_error(why.data());
  rd_kafka_poll_set_consumer(client.get());
  return client;
}

int CountPartitions(rd_kafka_t* client, const std::string& topic) {
  const std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)> handle(
      rd_kafka_topic_new(client, topic.c_str(), nullptr), &rd_kafka_topic_destroy);
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(client, 0, handle.get(), &metadata, 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error("no metadata of " + topic);
  }
  const int count = metadata->topics[0].partition_cnt;
  rd_kafka_metadata_destroy(metadata);
  return count;
}

SeenRecord Copy(const rd_kafka_message_t& message) {
  SeenRecord record;
  record.offset = message.offset;
  record.partition = message.partition;
  record.key.assign(static_cast<const char*>(message.key), message.key_len);
  record.tombstone = message.payload == nullptr;
  if (!record.tombstone) {
    record.value.assign(static_cast<const char*>(message.payload), message.len);
  }
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i) {
      record.headers.emplace_back(name, std::string(static_cast<const char*>(value), size));
    }
  }
  return record;
}

void ReadPartition(rd_kafka_t* client, const std::string& topic, int partition, std::int64_t end,
                   std::vector<SeenRecord>& out) {
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset =
      RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(client, list);
  rd_kafka_topic_partition_list_destroy(list);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (std::chrono::steady_clock::now() < deadline) {
    const std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)> message(
        rd_kafka_consumer_poll(client, 200), &rd_kafka_message_destroy);
    if (!message) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && message->offset >= end) return;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) out.push_back(Copy(*message));
  }
  throw std::runtime_error("end of " + topic + " not reached");
}

}  // namespace

std::vector<SeenRecord> ReadTopic(const std::string& bootstrap, const std::string& topic) {
  const Client client = NewReadCommitted(bootstrap);
  std::vector<SeenRecord> records;
  const int partitions = CountPartitions(client.get(), topic);
  for (int partition = 0; partition < partitions; ++partition) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    if (rd_kafka_query_watermark_offsets(client.get(), topic.c_str(), partition, &low, &high,
                                         60'000) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      throw std::runtime_error("no end of " + topic);
    }
    ReadPartition(client.get(), topic, partition, high, records);
  }
  return records;
}

}  // namespace webcare

// What the outbox and the progress protocol cost: the publisher (SQLite, exactly once) against bare
// librdkafka sending the same records in transactions of the same size to the same real Kafka.
// publish_bench [ROUNDS]; prints rows a second and their ratio (goal: at least 0.8), medians of rounds in which
// the two take turns: Kafka gets faster while it runs, and a shared machine slower at times.
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/publish/kafka_broker.h"
#include "daemon/publish/kafka_client.h"
#include "daemon/publish/publisher.h"
#include "daemon/publish/topics.h"
#include "tests/kafka/real_kafka.h"
#include "tests/store/temp_dir.h"

namespace webcare {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr int kTransactions = 20;
constexpr std::size_t kRowsOfARelease = 500;  // As daemon/app releases them.

void Check(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(what);
}

OutboxRow MakeRow(int number) {
  OutboxRow row;
  row.topic = Topic::kCases;
  row.key = "case-" + std::to_string(number);
  row.headers = {{"ce_id", "0123456789abcdef0123456789abcdef"},
                 {"ce_type", "webcare.case.changed"}};
  row.value = "{\"number\":" + std::to_string(number) + ",\"text\":\"";
  // About 1 KB that compresses like text, not like zeros.
  unsigned state = static_cast<unsigned>(number) * 2654435761u + 1;
  while (row.value.size() < 1020) {
    state = state * 1664525u + 1013904223u;
    row.value += static_cast<char>('a' + (state >> 28));
  }
  row.value += "\"}";
  return row;
}

double RunPublisher(KafkaSettings settings, int rows, int batch) {
  settings.name = RandomId().Hex();  // A database of its own wants its own name.
  const TempDir directory;
  const Log log;
  auto db = std::move(*Database::Open(directory.File("state.db")));
  Check(db->Atomically([&] {
            for (int i = 0; i < rows;) {
              std::vector<OutboxRow> together;
              while (together.size() < kRowsOfARelease && i < rows)
                together.push_back(MakeRow(i++));
              Outbox::Append(*db, together);
            }
            return OkStatus();
          }).ok(),
        "fill the outbox");
  LockedOutbox outbox([&](const std::function<void(Database&)>& fn) { fn(*db); });
  KafkaBroker broker(settings, MiB(8), log);
  Publisher publisher(settings, {batch, MiB(8), std::chrono::milliseconds(0)}, broker, outbox, log);
  const auto now = [] { return std::chrono::steady_clock::now(); };
  publisher.Step(now(), {});
  Check(publisher.status().state == PublisherState::kPublishing, "connect");
  const auto start = now();
  while (publisher.status().rows < rows) publisher.Step(now(), {});
  return rows / Seconds(now() - start).count();
}

void ProduceBare(rd_kafka_t* client, rd_kafka_topic_t* topic, const OutboxRow& row) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(4);
  for (const auto& [name, value] : row.headers) {
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  const auto code =
      rd_kafka_producev(client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                        RD_KAFKA_V_KEY(row.key.data(), row.key.size()),
                        RD_KAFKA_V_VALUE(const_cast<char*>(row.value.data()), row.value.size()),
                        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
  Check(code == RD_KAFKA_RESP_ERR_NO_ERROR, "produce");
}

double RunBare(const KafkaSettings& settings, int rows, int batch) {
  ClientEvents events;
  auto client = NewKafkaClient(RD_KAFKA_PRODUCER, settings,
                               {{"transactional.id", "bare"},
                                {"linger.ms", "0"},
                                {"compression.codec", "lz4"},
                                {"partitioner", "murmur2_random"}},
                               events);
  Check(client.ok(), "client");
  Check(rd_kafka_init_transactions(client->get(), 30'000) == nullptr, "init");
  auto topic = LearnTopic(client->get(), KafkaTopicName(settings, "cases"));
  Check(topic.ok(), "topic");
  std::vector<OutboxRow> all;
  for (int i = 0; i < rows; ++i) all.push_back(MakeRow(i));
  const auto start = std::chrono::steady_clock::now();
  for (int done = 0; done < rows;) {
    Check(rd_kafka_begin_transaction(client->get()) == nullptr, "begin");
    for (int i = 0; i < batch && done < rows; ++i) {
      ProduceBare(client->get(), topic->get(), all[static_cast<std::size_t>(done++)]);
    }
    Check(rd_kafka_commit_transaction(client->get(), -1) == nullptr, "commit");
  }
  return rows / Seconds(std::chrono::steady_clock::now() - start).count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void Compare(const KafkaSettings& settings, int batch, int rounds) {
  const int rows = batch * kTransactions;
  std::vector<double> bare;
  std::vector<double> ours;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    bare.push_back(RunBare(settings, rows, batch));
    ours.push_back(RunPublisher(settings, rows, batch));
    ratios.push_back(ours.back() / bare.back());
  }
  std::printf("%8d %14.0f %14.0f %6.2f  (", batch, Median(bare), Median(ours), Median(ratios));
  for (const double ratio : ratios) std::printf(" %.2f", ratio);
  std::printf(" )\n");
}

int Run(int rounds) {
  std::string why;
  RealKafka* kafka = RealKafka::Get(&why);
  if (kafka == nullptr) {
    std::fprintf(stderr, "publish_bench: real Kafka not available: %s\n", why.c_str());
    return EXIT_FAILURE;
  }
  KafkaSettings settings;
  settings.bootstrap = kafka->bootstrap();
  const Log log;
  Check(InitTopics(settings, log).ok(), "topics");
  RunBare(settings, 10'000, 1'000);  // Warms the JVM.
  std::printf("%8s %14s %14s %6s\n", "batch", "bare rows/s", "webcare rows/s", "ratio");
  for (const int batch : {100, 1'000, 5'000}) Compare(settings, batch, rounds);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace webcare

int main(int argc, char** argv) {
  try {
    return webcare::Run(argc > 1 ? std::max(1, std::atoi(argv[1])) : 5);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "publish_bench: %s failed\n", error.what());
    return EXIT_FAILURE;
  }
}

// webcare-mock-broker [PREFIX]: the broker inside librdkafka, for trying webcared where the jars of
// a real one cannot be had. Prints its bootstrap servers and stays until SIGTERM or SIGINT. Knows
// no transactions (delivery.md 0, item 2) and keeps nothing on disk.
#include <librdkafka/rdkafka.h>
// Wants the one above first.
#include <librdkafka/rdkafka_mock.h>
#include <signal.h>
#include <sysexits.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/publish/topic_plan.h"

namespace {

using Client = std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)>;
using Cluster = std::unique_ptr<rd_kafka_mock_cluster_t, decltype(&rd_kafka_mock_cluster_destroy)>;

int Serve(const std::string& prefix, const sigset_t& stop) {
  std::array<char, 512> why{};
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, nullptr);
  const Client client(rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size()),
                      &rd_kafka_destroy);
  const Cluster cluster(client ? rd_kafka_mock_cluster_new(client.get(), 1) : nullptr,
                        &rd_kafka_mock_cluster_destroy);
  if (!cluster) {
    std::fprintf(stderr, "webcare-mock-broker: cannot start: %s\n", why.data());
    return EX_UNAVAILABLE;
  }
  webcare::KafkaSettings settings;
  settings.topic_prefix = prefix;
  for (const webcare::TopicPlan& topic : webcare::PlanTopics(settings)) {
    rd_kafka_mock_topic_create(cluster.get(), topic.name.c_str(), topic.partitions, 1);
  }
  std::printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster.get()));
  std::fflush(stdout);
  int signal = 0;
  sigwait(&stop, &signal);
  return EX_OK;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "webcare";
  if (argc > 2 || first.empty() || first.front() == '-') {
    std::fprintf(first == "--help" ? stdout : stderr,
                 "Usage: webcare-mock-broker [PREFIX]\n\n"
                 "Runs the broker inside librdkafka on a free loopback port, makes the topics\n"
                 "PREFIX.queue, PREFIX.cases ... (default: webcare), prints its bootstrap servers\n"
                 "and stays until SIGTERM. No transactions, nothing on disk, 5 MB a partition.\n");
    return first == "--help" ? EX_OK : EX_USAGE;
  }
  // Blocked before librdkafka starts its threads, so that only sigwait sees them.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  sigprocmask(SIG_BLOCK, &stop, nullptr);
  return Serve(std::string(first), stop);
}

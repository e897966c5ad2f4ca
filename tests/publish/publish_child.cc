// A publisher in a process of its own, to be killed: publish_child DATABASE BOOTSTRAP PREFIX MODE
// [API_KEY sent|answered N]. Publishes what waits in the outbox, then exits with 0; 3: refused, 4: stepped
// down, 5: database. With the last three arguments it kills itself (SIGKILL) on a librdkafka thread when
// the Nth request of that type was sent or answered.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>

#include "daemon/publish/kafka_broker.h"
#include "daemon/publish/publisher.h"

namespace webcare {
namespace {

KafkaBroker::RequestProbe DieAt(int api_key, bool answered, int nth) {
  auto left = std::make_shared<std::atomic<int>>(nth);
  return [=](int seen_key, bool seen_answered) {
    if (seen_key == api_key && seen_answered == answered && --*left == 0) {
      kill(getpid(), SIGKILL);
    }
  };
}

int Publish(Database& db, const KafkaSettings& kafka, const KafkaBroker::RequestProbe& probe) {
  const BatchSettings batch{7, MiB(1), std::chrono::milliseconds(0)};
  const Log silent;
  LockedOutbox outbox([&](const std::function<void(Database&)>& fn) { fn(db); });
  KafkaBroker broker(kafka, batch.max_bytes, silent, probe);
  Publisher publisher(kafka, batch, broker, outbox, silent);
  for (;;) {
    const SteadyTime next = publisher.Step(std::chrono::steady_clock::now(), {});
    const PublisherStatus status = publisher.status();
    if (status.state == PublisherState::kRefused) return 3;
    if (status.state == PublisherState::kSteppedDown) return 4;
    if (status.state == PublisherState::kPublishing && publisher.turns_released().has_value() &&
        status.lag == 0) {
      return 0;
    }
    std::this_thread::sleep_until(next);
  }
}

}  // namespace
}  // namespace webcare

int main(int argc, char** argv) {
  using namespace webcare;
  if (argc != 5 && argc != 8) return 64;
  KafkaSettings kafka;
  kafka.bootstrap = argv[2];
  kafka.topic_prefix = argv[3];
  kafka.delivery = argv[4] == std::string("at-least-once") ? DeliveryMode::kAtLeastOnce
                                                           : DeliveryMode::kExactlyOnce;
  auto db = Database::Open(argv[1]);
  if (!db.ok()) return 5;
  KafkaBroker::RequestProbe probe;
  if (argc == 8) {
    probe = DieAt(std::atoi(argv[5]), argv[6] == std::string("answered"), std::atoi(argv[7]));
  }
  return Publish(**db, kafka, probe);
}

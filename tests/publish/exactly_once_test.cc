// Against a real Kafka: whatever is killed, readers of committed records see every row once and in order
// (invariant 2 of ARCHITECTURE.md).
#include <chrono>
#include <random>
#include <thread>

#include "daemon/publish/kafka_broker.h"
#include "daemon/publish/publisher.h"
#include "tests/publish/publish_world.h"

namespace webcare {
namespace {

using std::chrono::milliseconds;

// Request types where the child dies: InitProducerId, AddPartitionsToTxn, Produce, EndTxn.
constexpr const char* kApiKeys[] = {"22", "24", "0", "26"};

TEST(ExactlyOnce, SurvivesKillAtEveryRequest) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  int killed = 0;
  for (const char* api_key : kApiKeys) {
    for (const char* moment : {"sent", "answered"}) {
      // 1: in the hello transaction (or init); 2: in the first that carries rows; 3: in a later one.
      for (const char* nth : {"1", "2", "3"}) {
        world.Append(*world.Open(), 12);
        const int code = PublishWorld::Wait(world.Spawn({api_key, moment, nth}));
        ASSERT_TRUE(code == -SIGKILL || code == 0) << code;
        killed += code == -SIGKILL ? 1 : 0;
      }
    }
  }
  ASSERT_EQ(PublishWorld::Wait(world.Spawn()), 0);
  EXPECT_GE(killed, 20);
  world.ExpectEverythingOnceInOrder();
}

TEST(ExactlyOnce, SurvivesKillAtRandomMoments) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 40; ++round) {
    world.Append(*world.Open(), static_cast<int>(random() % 40));
    const pid_t child = world.Spawn();
    std::this_thread::sleep_for(milliseconds(20 + random() % 300));
    kill(child, SIGKILL);
    PublishWorld::Wait(child);
  }
  ASSERT_EQ(PublishWorld::Wait(world.Spawn()), 0);
  world.ExpectEverythingOnceInOrder();
}

}  // namespace
}  // namespace webcare

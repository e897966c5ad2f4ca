// The publisher against a real Kafka: fencing, restarts of the broker, databases that do not belong.
#include <atomic>
#include <filesystem>
#include <thread>

#include "daemon/publish/kafka_broker.h"
#include "daemon/publish/publisher.h"
#include "gmock/gmock.h"
#include "tests/publish/publish_world.h"

namespace webcare {
namespace {

using ::testing::HasSubstr;

// A publisher in this process on a database of its own file.
class LocalPublisher {
 public:
  LocalPublisher(const KafkaSettings& settings, const std::string& database)
      : broker_(settings, MiB(8), log_),
        db_(std::move(*Database::Open(database))),
        publisher_(settings, {20, MiB(8), std::chrono::milliseconds(0)}, broker_, outbox_, log_) {}

  void Step() { publisher_.Step(std::chrono::steady_clock::now(), {}); }
  // Until everything is published or nothing will be, at most a minute.
  PublisherStatus Run() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::chrono::steady_clock::now() < deadline) {
      const SteadyTime next = publisher_.Step(std::chrono::steady_clock::now(), {});
      const PublisherStatus status = publisher_.status();
      const bool through = status.state == PublisherState::kPublishing && status.lag == 0 &&
                           publisher_.turns_released().has_value();
      if (through || status.state == PublisherState::kRefused ||
          status.state == PublisherState::kSteppedDown) {
        break;
      }
      std::this_thread::sleep_until(next);
    }
    return publisher_.status();
  }
  Database& db() { return *db_; }
  Publisher& publisher() { return publisher_; }

 private:
  const Log log_;
  KafkaBroker broker_;
  std::unique_ptr<Database> db_;
  LockedOutbox outbox_{[this](const std::function<void(Database&)>& fn) { fn(*db_); }};
  Publisher publisher_;
};

TEST(PublisherOnKafka, OlderOfTwoWithOneNameStepsDown) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  LocalPublisher older(world.settings, world.DatabasePath());
  world.Append(older.db(), 30);
  ASSERT_EQ(older.Run().state, PublisherState::kPublishing);
  // A copied machine: same database, same name.
  const std::string copy = world.directory.File("copy.db");
  ASSERT_TRUE(older.db().Atomically([&] { return OkStatus(); }).ok());
  older.db().Query("VACUUM INTO ?1").Bind(1, std::string_view(copy)).Run();
  LocalPublisher newer(world.settings, copy);
  ASSERT_EQ(newer.Run().state, PublisherState::kPublishing);

  world.Append(older.db(), 5);
  EXPECT_EQ(older.Run().state, PublisherState::kSteppedDown);
  world.appended -= 5;
  world.Append(newer.db(), 10);
  EXPECT_EQ(newer.Run().state, PublisherState::kPublishing);
  world.ExpectEverythingOnceInOrder();
}

TEST(PublisherOnKafka, ReadersNeverSeeWhatTheFencedOneHadOpen) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  world.Append(*world.Open(), 12);
  // Dies with its second transaction open; the next one settles it at init.
  ASSERT_EQ(PublishWorld::Wait(world.Spawn({"26", "sent", "1"})), -SIGKILL);
  ASSERT_EQ(PublishWorld::Wait(world.Spawn({"0", "answered", "2"})), -SIGKILL);
  LocalPublisher publisher(world.settings, world.DatabasePath());
  EXPECT_EQ(publisher.Run().state, PublisherState::kPublishing);
  world.ExpectEverythingOnceInOrder();
}

TEST(PublisherOnKafka, RolledBackDatabaseIsRefusedAndAdoptedOnRequest) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  const std::string backup = world.directory.File("backup.db");
  {
    LocalPublisher publisher(world.settings, world.DatabasePath());
    world.Append(publisher.db(), 10);
    ASSERT_EQ(publisher.Run().state, PublisherState::kPublishing);
    publisher.db().Query("VACUUM INTO ?1").Bind(1, std::string_view(backup)).Run();
    world.Append(publisher.db(), 10);
    ASSERT_EQ(publisher.Run().state, PublisherState::kPublishing);
  }
  LocalPublisher restored(world.settings, backup);
  PublisherStatus status = restored.Run();
  EXPECT_EQ(status.state, PublisherState::kRefused);
  EXPECT_THAT(status.why, HasSubstr("backup"));

  world.Append(restored.db(), 4);  // Accepted meanwhile; waits for the decision.
  restored.publisher().Adopt();
  restored.Step();
  EXPECT_EQ(restored.Run().state, PublisherState::kPublishing);
  world.ExpectEverythingOnceInOrder();
}

TEST(PublisherOnKafka, CopyThatWentItsOwnWayIsRefused) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  const std::string copy = world.directory.File("copy.db");
  {
    LocalPublisher publisher(world.settings, world.DatabasePath());
    world.Append(publisher.db(), 6);
    ASSERT_EQ(publisher.Run().state, PublisherState::kPublishing);
    publisher.db().Query("VACUUM INTO ?1").Bind(1, std::string_view(copy)).Run();
    world.Append(publisher.db(), 3);
    ASSERT_EQ(publisher.Run().state, PublisherState::kPublishing);
  }
  LocalPublisher other(world.settings, copy);
  world.Append(other.db(), 3);  // Rows 7 to 9 again, with other contents.
  const PublisherStatus status = other.Run();
  EXPECT_EQ(status.state, PublisherState::kRefused);
  EXPECT_THAT(status.why, HasSubstr("went its own way"));
}

TEST(PublisherOnKafka, NewDatabaseUnderAnOldNameIsRefused) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  {
    LocalPublisher publisher(world.settings, world.DatabasePath());
    world.Append(publisher.db(), 3);
    ASSERT_EQ(publisher.Run().state, PublisherState::kPublishing);
  }
  LocalPublisher fresh(world.settings, world.directory.File("fresh.db"));
  const PublisherStatus status = fresh.Run();
  EXPECT_EQ(status.state, PublisherState::kRefused);
  EXPECT_THAT(status.why, HasSubstr("another database"));
}

TEST(PublisherOnKafka, MissingTopicsAreTriedAgainNotRefusedForGood) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  KafkaSettings elsewhere = world.settings;
  elsewhere.topic_prefix = world.settings.topic_prefix + "-later";
  LocalPublisher publisher(elsewhere, world.DatabasePath());
  publisher.Step();
  EXPECT_EQ(publisher.publisher().status().state, PublisherState::kConnecting);
  EXPECT_THAT(publisher.publisher().status().why, HasSubstr(elsewhere.topic_prefix + ".queue"));
  ASSERT_TRUE(InitTopics(elsewhere, world.silent).ok());
  EXPECT_EQ(publisher.Run().state, PublisherState::kPublishing);
}

TEST(PublisherOnKafka, AtLeastOnceLosesNothingWhenKilled) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  world.settings.delivery = DeliveryMode::kAtLeastOnce;
  for (const char* moment : {"sent", "answered"}) {
    for (const char* nth : {"1", "2", "3", "5"}) {
      world.Append(*world.Open(), 10);
      PublishWorld::Wait(world.Spawn({"0", moment, nth}));
    }
  }
  ASSERT_EQ(PublishWorld::Wait(world.Spawn()), 0);
  // Each turn at least once; a second copy has the same place and id.
  std::map<std::string, std::string> value_of_place;
  for (const SeenRecord& record : world.Read("queue")) {
    const auto [at, fresh] = value_of_place.emplace(record.Header("place"), record.value);
    EXPECT_EQ(at->second, record.value);
  }
  EXPECT_EQ(static_cast<int>(value_of_place.size()), world.appended - world.appended / 3);
}

// Publishes while `disturb` does its worst, then checks every record.
void PublishThrough(RealKafka& kafka, const std::function<void()>& disturb) {
  PublishWorld world(kafka);
  {
    LocalPublisher publisher(world.settings, world.DatabasePath());
    ASSERT_EQ(publisher.Run().state, PublisherState::kPublishing);
    std::atomic<bool> over = false;
    std::thread fault([&] {
      disturb();
      over = true;
    });
    while (!over) {
      world.Append(publisher.db(), 5);
      publisher.Step();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    fault.join();
    world.Append(publisher.db(), 5);
    const PublisherStatus status = publisher.Run();
    EXPECT_EQ(status.state, PublisherState::kPublishing) << status.why;
  }
  world.ExpectEverythingOnceInOrder();
}

TEST(PublisherOnKafka, SurvivesAnOrderlyRestartOfTheBroker) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishThrough(*kafka, [kafka] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    kafka->Stop(false);
    kafka->Start();
  });
}

TEST(PublisherOnKafka, SurvivesABrokerThatIsKilled) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishThrough(*kafka, [kafka] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    kafka->Stop(true);
    kafka->Start();
  });
}

}  // namespace
}  // namespace webcare

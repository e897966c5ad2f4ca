// Credit with a real consumer group: what is released follows what agents commit (invariant I6 of
// delivery.md: outstanding never exceeds the window).
#include <atomic>
#include <functional>
#include <optional>
#include <thread>

#include "daemon/publish/dispatcher.h"
#include "daemon/publish/kafka_client.h"
#include "daemon/publish/tail_reader.h"
#include "gmock/gmock.h"
#include "tests/publish/publish_world.h"

namespace webcare {
namespace {

using std::chrono::milliseconds;

// As many turns as anyone asks for, or `left`.
class EndlessTurns final : public TurnSource {
 public:
  EndlessTurns(PublishWorld& world, Guarded<Database*>& db) : world_(world), db_(db) {}
  Result<std::int64_t> Release(std::int64_t credit) override {
    credit = std::min({credit, left.load(), per_commit});
    if (credit > 0 && before_release) before_release();
    left -= credit;
    return db_.With([&](Database* db) -> Result<std::int64_t> {
      const Status status = db->Atomically([&] {
        std::vector<OutboxRow> together;
        for (std::int64_t i = 0; i < credit; ++i) {
          OutboxRow row;
          row.key = "case-" + std::to_string(++world_.appended);
          row.value = row.key;
          together.push_back(std::move(row));
        }
        Outbox::Append(*db, together);
        return OkStatus();
      });
      if (!status.ok()) return status.error();
      return credit;
    });
  }
  Status ReleaseAgain(const std::vector<std::string>& cases) override {
    again.insert(again.end(), cases.begin(), cases.end());
    return OkStatus();
  }
  std::vector<std::string> again;
  std::atomic<std::int64_t> left = 1'000'000;
  // Set before the dispatcher starts.
  std::int64_t per_commit = 1'000'000;
  std::function<void()> before_release;

 private:
  PublishWorld& world_;
  Guarded<Database*>& db_;
};

class DispatcherOnKafka : public ::testing::Test {
 protected:
  struct Turns {
    std::int64_t left = 1'000'000;
    std::int64_t per_commit = 1'000'000;
    int window = 3;
    std::function<void()> before_release{};
  };
  void Start(PublishWorld& world) { Start(world, {}); }
  void Start(PublishWorld& world, const Turns& turns) {
    owned_ = world.Open();
    db_.With([&](Database*& db) { db = owned_.get(); });
    turns_ = std::make_unique<EndlessTurns>(world, db_);
    turns_->left = turns.left;
    turns_->per_commit = turns.per_commit;
    turns_->before_release = turns.before_release;
    dispatcher_ = std::make_unique<Dispatcher>(
        world.settings,
        QueueSettings{.window = turns.window, .agents_group = world.settings.topic_prefix},
        BatchSettings{}, outbox_, *turns_, clock_, log_);
    thread_ = std::jthread([this](const std::stop_token& stop) { dispatcher_->Run(stop); });
  }
  void Stop() {
    thread_ = {};
    dispatcher_.reset();
    owned_.reset();
  }
  // Waits for a state of the dispatcher, at most a minute.
  bool Await(const std::function<bool(const DispatcherStatus&)>& wanted) {
    for (int i = 0; i < 1200; ++i) {
      if (wanted(dispatcher_->status())) return true;
      std::this_thread::sleep_for(milliseconds(50));
    }
    const DispatcherStatus status = dispatcher_->status();
    ADD_FAILURE() << ToString(status.publisher.state) << " " << status.publisher.why << ", credit "
                  << ToString(status.credit.state) << " outstanding " << status.credit.outstanding;
    return false;
  }
  bool AwaitHolding(CreditState state, std::int64_t outstanding) {
    return Await([=](const DispatcherStatus& s) {
      return s.credit.state == state && s.credit.outstanding == outstanding &&
             s.credit.allowed == 0 && s.publisher.lag == 0;
    });
  }

  const Log log_;
  SystemClock clock_;
  std::unique_ptr<Database> owned_;
  Guarded<Database*> db_{nullptr};
  LockedOutbox outbox_{[this](const std::function<void(Database&)>& fn) {
    db_.With([&](Database* db) { fn(*db); });
  }};
  std::unique_ptr<EndlessTurns> turns_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::jthread thread_;
};

// Takes records one by one and commits each; stops the test at a missing one.
std::vector<std::string> TakeTurns(TailReader& agent, int count) {
  std::vector<std::string> keys;
  for (int tries = 0; tries < 600 && static_cast<int>(keys.size()) < count; ++tries) {
    const auto record = agent.Next(milliseconds(100));
    if (!record.ok() || !record->has_value()) continue;
    keys.push_back((*record)->key);
    EXPECT_TRUE(agent.Commit(**record).ok());
  }
  return keys;
}

TEST_F(DispatcherOnKafka, ReleasesAWindowAndThenWhatAgentsConsume) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  Start(world);
  // Nobody ever consumed: one window.
  ASSERT_TRUE(AwaitHolding(CreditState::kWaitingForAgents, 3));
  EXPECT_EQ(world.Read("queue").size(), 3u);

  TailOptions options{.topics = {"queue"}, .group = world.settings.topic_prefix, .instance = "a"};
  auto agent = TailReader::Open(world.settings, options, log_);
  ASSERT_TRUE(agent.ok());
  EXPECT_THAT(TakeTurns(**agent, 2), ::testing::ElementsAre("case-1", "case-2"));
  ASSERT_TRUE(Await([](const DispatcherStatus& s) { return s.released == 5; }));
  ASSERT_TRUE(AwaitHolding(CreditState::kHolding, 3));
  EXPECT_EQ(world.Read("queue").size(), 5u);

  // A restart of the daemon neither forgets nor repeats what is outstanding.
  Stop();
  Start(world);
  ASSERT_TRUE(AwaitHolding(CreditState::kHolding, 3));
  EXPECT_EQ(dispatcher_->status().released, 0);
  EXPECT_THAT(TakeTurns(**agent, 3), ::testing::ElementsAre("case-3", "case-4", "case-5"));
  ASSERT_TRUE(Await([](const DispatcherStatus& s) { return s.released == 3; }));
  ASSERT_TRUE(AwaitHolding(CreditState::kHolding, 3));
  EXPECT_EQ(world.Read("queue").size(), 8u);
  EXPECT_EQ(dispatcher_->status().gaps, 0);
  EXPECT_EQ(dispatcher_->status().duplicates, 0);
  Stop();
}

TEST_F(DispatcherOnKafka, IsNotIdleBeforeTheLastTurnIsHandled) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  Start(world, {.left = 8});
  const TailOptions options{.topics = {"queue"}, .group = world.settings.topic_prefix};
  auto agent = TailReader::Open(world.settings, options, log_);
  ASSERT_TRUE(agent.ok());
  // Without a pause, so that no moment is missed.
  std::atomic<bool> over = false;
  std::atomic<std::int64_t> too_early = 0;
  std::jthread watch([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (!over && dispatcher_->status().idle) ++too_early;
    }
  });
  EXPECT_EQ(TakeTurns(**agent, 7).size(), 7u);
  std::optional<TailRecord> last;
  while (!last) last = (*agent)->Next(milliseconds(100)).value();
  std::this_thread::sleep_for(milliseconds(500));
  over = true;
  EXPECT_EQ(too_early, 0);
  ASSERT_TRUE((*agent)->Commit(*last).ok());
  EXPECT_TRUE(Await([](const DispatcherStatus& s) { return s.idle; }));
  watch = {};
  Stop();
}

TEST_F(DispatcherOnKafka, WhatWaitsGoesOutInOneTransaction) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  Start(world, {.left = 0, .per_commit = 10, .window = 70});
  ASSERT_TRUE(Await([](const DispatcherStatus& s) { return s.idle; }));
  const std::int64_t before = dispatcher_->status().publisher.transactions;
  turns_->left = 100;
  ASSERT_TRUE(AwaitHolding(CreditState::kWaitingForAgents, 70));
  EXPECT_EQ(dispatcher_->status().publisher.transactions, before + 1);
  EXPECT_EQ(dispatcher_->status().publisher.rows, 70);
  Stop();
}

TEST_F(DispatcherOnKafka, IsNotIdleWhileTurnsLeaveTheQueue) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  std::atomic<int> releases = 0;
  std::atomic<int> idle_at_release = 0;
  Start(world, {.left = 0, .before_release = [&] {
                  ++releases;
                  if (dispatcher_->status().idle) ++idle_at_release;
                }});
  ASSERT_TRUE(Await([](const DispatcherStatus& s) { return s.idle; }));
  turns_->left = 2;
  ASSERT_TRUE(Await([](const DispatcherStatus& s) { return s.released == 2; }));
  EXPECT_EQ(releases, 1);
  EXPECT_EQ(idle_at_release, 0);
  Stop();
}

TEST_F(DispatcherOnKafka, ReadButNotCommittedIsNotConsumed) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  Start(world);
  ASSERT_TRUE(AwaitHolding(CreditState::kWaitingForAgents, 3));
  auto follower =
      TailReader::Open(world.settings, {.topics = {"queue"}, .from_oldest = true}, log_);
  ASSERT_TRUE(follower.ok());
  int seen = 0;
  for (int tries = 0; tries < 300 && seen < 3; ++tries) {
    const auto record = (*follower)->Next(milliseconds(100));
    ASSERT_TRUE(record.ok());
    seen += record->has_value() ? 1 : 0;
  }
  EXPECT_EQ(seen, 3);
  const SteadyTime beat = dispatcher_->status().beat;
  ASSERT_TRUE(Await([&](const DispatcherStatus& s) { return s.beat > beat + milliseconds(2500); }));
  EXPECT_EQ(dispatcher_->status().released, 3);
  Stop();
}

TEST_F(DispatcherOnKafka, TurnsThatKafkaDeletedUnreadAreNotOutstanding) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  Start(world);
  ASSERT_TRUE(AwaitHolding(CreditState::kWaitingForAgents, 3));
  Stop();
  // As retention would, the two oldest are deleted; a restart finds one turn of three.
  const std::int64_t third = world.Read("queue").at(2).offset;
  ClientEvents events;
  auto admin = NewKafkaClient(RD_KAFKA_PRODUCER, world.settings, {}, events);
  ASSERT_TRUE(admin.ok());
  const KafkaPartitions before(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(before.get(), (world.settings.topic_prefix + ".queue").c_str(),
                                    0)
      ->offset = third;
  rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(before.get());
  const KafkaQueue queue(rd_kafka_queue_new(admin->get()));
  rd_kafka_DeleteRecords(admin->get(), &request, 1, nullptr, queue.get());
  const KafkaEvent deleted(rd_kafka_queue_poll(queue.get(), 10'000));
  rd_kafka_DeleteRecords_destroy(request);
  ASSERT_TRUE(deleted);
  Start(world);
  ASSERT_TRUE(AwaitHolding(CreditState::kWaitingForAgents, 3));
  EXPECT_EQ(dispatcher_->status().released, 2);
  EXPECT_EQ(world.Read("queue").size(), 3u);
  Stop();
}

}  // namespace
}  // namespace webcare

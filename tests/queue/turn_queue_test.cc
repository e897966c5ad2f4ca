#include "daemon/queue/turn_queue.h"

#include <gmock/gmock.h>

#include <memory>

#include "tests/queue/script.h"
#include "tests/store/temp_dir.h"

namespace webcare {
namespace {

using testing::ElementsAre;

// A queue that may be closed and built anew from its file at any time.
class StoredQueue {
 public:
  explicit StoredQueue(std::string path) : path_(std::move(path)) { Reopen(); }

  void Reopen() {
    queue.reset();
    db.reset();
    db = Database::Open(path_).value();
    queue = std::make_unique<TurnQueue>(*db);
  }

  void Do(const std::function<void()>& work) {
    const Status done = db->Atomically([&]() -> Status {
      work();
      return {};
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  // Case and tick of the release, or zeros.
  std::pair<std::int64_t, std::int64_t> Apply(const Op& op) {
    std::pair<std::int64_t, std::int64_t> out;
    Do([&] {
      if (op.kind == Op::kArrive) queue->Arrive(op.source, op.author, op.case_no);
      if (op.kind == Op::kWithdraw) queue->Withdraw(op.case_no);
      if (op.kind != Op::kRelease) return;
      if (const auto released = queue->TakeNext()) {
        out = {released->turn.case_no, released->released};
      }
    });
    return out;
  }

  std::vector<std::int64_t> Preview(std::size_t limit) const {
    std::vector<std::int64_t> cases;
    for (const auto& turn : queue->Preview(limit)) cases.push_back(turn.case_no);
    return cases;
  }

  std::unique_ptr<Database> db;
  std::unique_ptr<TurnQueue> queue;

 private:
  std::string path_;
};

// I3: rebuilt after every single step, the queue gives the same turns at the same ticks as the one
// that was never closed.
TEST(TurnQueue, RebuiltAfterEveryStepItGivesTheSameOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 6; ++round) {
    const TempDir dir;
    StoredQueue steady(dir.File("steady.db"));
    StoredQueue shaken(dir.File("shaken.db"));
    for (int source = 1; source <= 3; ++source) {
      const int weight = 1 + (round * source) % 3;
      steady.Do([&] { steady.queue->SetWeight(source, weight); });
      shaken.Do([&] { shaken.queue->SetWeight(source, weight); });
    }
    Shape shape;
    shape.ops = 90;
    for (const Op& op : RandomScript(random, shape)) {
      const auto expected = steady.Apply(op);
      shaken.Reopen();
      ASSERT_EQ(shaken.Apply(op), expected) << "round " << round;
      ASSERT_EQ(shaken.Preview(1000), steady.Preview(1000));
    }
  }
}

TEST(TurnQueue, OnlyPlacesThatNoTurnTellsAreStored) {
  const TempDir dir;
  StoredQueue stored(dir.File("state.db"));
  const auto rows = [&] {
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    auto row = stored.db->Query("SELECT author, place FROM queue_authors ORDER BY author");
    while (row.Step()) out.emplace_back(row.Int(0), row.Int(1));
    return out;
  };
  using Rows = std::vector<std::pair<std::int64_t, std::int64_t>>;
  stored.Do([&] {
    stored.queue->Arrive(1, 10, 1);
    stored.queue->Arrive(1, 10, 2);
    stored.queue->Arrive(1, 11, 3);
  });
  EXPECT_EQ(rows(), Rows());
  stored.Do([&] { stored.queue->TakeNext(); });  // Author 10 stands behind 11 now.
  EXPECT_EQ(rows(), (Rows{{10, 4}}));
  stored.Do([&] { stored.queue->Withdraw(3); });  // 11 keeps the place.
  EXPECT_EQ(rows(), (Rows{{10, 4}, {11, 3}}));
  stored.Do([&] { stored.queue->TakeNext(); });
  EXPECT_EQ(rows(), Rows());
  stored.Do([&] {
    stored.queue->Arrive(1, 10, 4);
    stored.queue->Arrive(1, 10, 5);
    stored.queue->Withdraw(5);
  });
  EXPECT_EQ(rows(), Rows());
}

TEST(TurnQueue, ReloadAfterARollbackForgetsWhatWasNotCommitted) {
  const TempDir dir;
  StoredQueue stored(dir.File("state.db"));
  stored.Do([&] {
    stored.queue->Arrive(1, 10, 1);
    stored.queue->Arrive(1, 11, 2);
  });
  const Status failed = stored.db->Atomically([&]() -> Status {
    stored.queue->TakeNext();
    stored.queue->Arrive(2, 20, 3);
    stored.queue->Withdraw(2);
    return Error{ErrorCode::kUnavailable, "disk full"};
  });
  ASSERT_FALSE(failed.ok());
  stored.queue->Reload();
  EXPECT_THAT(stored.Preview(10), ElementsAre(1, 2));
  EXPECT_EQ(stored.queue->size(), 2u);
}

TEST(TurnQueue, PlacesOfACommitThatFailedAreForgotten) {
  const TempDir dir;
  StoredQueue stored(dir.File("state.db"));
  stored.Do([&] {
    stored.queue->Arrive(1, 10, 1);
    stored.queue->Arrive(1, 10, 2);
  });
  stored.db->Query("PRAGMA max_page_count = 100").Step();
  stored.db
      ->Query(
          "CREATE TEMP TRIGGER too_much AFTER UPDATE ON queue_clock BEGIN "
          "INSERT INTO sources (name, cursor) VALUES ('large', zeroblob(1000000)); END")
      .Run();
  const Status failed = stored.db->Atomically([&]() -> Status {
    EXPECT_TRUE(stored.queue->TakeNext().has_value());  // 10 moves behind; the commit fails.
    return {};
  });
  ASSERT_FALSE(failed.ok());
  ASSERT_EQ(failed.error().code, ErrorCode::kUnavailable);
  stored.queue->Reload();
  EXPECT_THAT(stored.Preview(10), ElementsAre(1, 2));
}

TEST(TurnQueue, PreviewChangesNothingAndStopsAtItsLimit) {
  const TempDir dir;
  StoredQueue stored(dir.File("state.db"));
  stored.Do([&] {
    for (int i = 1; i <= 4; ++i) stored.queue->Arrive(1, 10, i);
    stored.queue->Arrive(1, 11, 5);
  });
  EXPECT_THAT(stored.Preview(3), ElementsAre(1, 5, 2));
  EXPECT_THAT(stored.Preview(99), ElementsAre(1, 5, 2, 3, 4));
  EXPECT_THAT(stored.Preview(0), ElementsAre());
  EXPECT_EQ(stored.queue->size(), 5u);
}

TEST(TurnQueue, AskingAnEmptyQueueIsNotAnEvent) {
  const TempDir dir;
  StoredQueue stored(dir.File("state.db"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(stored.Apply({}).first, 0);
  std::int64_t turn = 0;
  stored.Do([&] { turn = stored.queue->Arrive(1, 10, 1); });
  EXPECT_EQ(turn, 1);
  EXPECT_EQ(stored.Apply({}), std::make_pair(std::int64_t{1}, std::int64_t{2}));
}

TEST(TurnQueue, WithdrawTellsWhetherATurnWaited) {
  const TempDir dir;
  StoredQueue stored(dir.File("state.db"));
  stored.Do([&] {
    stored.queue->Arrive(1, 10, 1);
    EXPECT_TRUE(stored.queue->Withdraw(1));
    EXPECT_FALSE(stored.queue->Withdraw(1));
    EXPECT_FALSE(stored.queue->Withdraw(2));
    EXPECT_FALSE(stored.queue->idle());
    EXPECT_FALSE(stored.queue->TakeNext().has_value());
    EXPECT_TRUE(stored.queue->idle());
  });
  stored.Reopen();
  EXPECT_TRUE(stored.queue->idle());
}

}  // namespace
}  // namespace webcare

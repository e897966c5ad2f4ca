// The protocol against a scripted Kafka: what is done after which answer.
#include "daemon/publish/publisher.h"

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/store/temp_dir.h"

namespace webcare {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A Kafka in memory that keeps what was committed and answers as told.
class ScriptedKafka final : public Broker {
 public:
  Result<std::unique_ptr<Producer>> NewProducer() override {
    calls.push_back("new");
    return std::unique_ptr<Producer>(std::make_unique<ScriptedProducer>(*this));
  }
  Result<std::string> ClusterId() override { return cluster; }
  Result<std::vector<Progress>> ReadProgress(const std::stop_token&) override {
    calls.push_back("read");
    return progress;
  }
  Result<QueueTail> ReadQueueTail(const Id128&, const std::stop_token&) override { return queue; }
  Result<std::vector<TopicEnd>> OpenPartitions(const std::stop_token&) override {
    std::vector<TopicEnd> partitions;
    for (const auto& [topic, records] : open) partitions.push_back({topic, 0, 1});
    return partitions;
  }
  Result<RowFates> ReadBack(const Id128&, const std::vector<TopicEnd>&,
                            const std::stop_token&) override {
    calls.push_back("read back");
    return fates;
  }

  // What stands in the partitions of `left_open` waits there for the next marker.
  void Commit(std::span<const KafkaRecord> rows, const KafkaRecord& record,
              const std::set<std::string>& left_open) {
    std::vector<KafkaRecord> all(rows.begin(), rows.end());
    all.push_back(record);
    for (const KafkaRecord& one : all) {
      const std::string topic(one.topic);
      if (left_open.contains(topic)) continue;
      for (const auto& show : open[topic]) show(true);
      open.erase(topic);
    }
    for (const KafkaRecord& one : all) {
      const std::string topic(one.topic);
      if (left_open.contains(topic)) {
        open[topic].push_back(Shower(one));
      } else {
        Shower(one)(true);
      }
    }
  }
  std::function<void(bool)> Shower(const KafkaRecord& record) {
    const std::string key(record.key);
    const std::string value(record.value);
    if (record.topic == "progress") {
      return [this, key, value, gone = record.tombstone](bool committed) {
        if (committed) ShowProgress(key, value, gone);
      };
    }
    const std::int64_t place = record.place.empty() ? 0 : std::stoll(std::string(record.place));
    const std::int64_t seq = std::stoll(std::string(record.headers->Get("seq")));
    return [this, value, place, seq](bool committed) {
      (committed ? fates.seen : fates.undone).insert(seq);
      if (committed) fates.undone.erase(seq);
      if (place > 0) queue.high++;
      if (!committed) return;
      log.push_back(value);
      if (place > 0) queue.last_place = place;
    };
  }
  void ShowProgress(const std::string& key, const std::string& value, bool gone) {
    std::erase_if(progress, [&](const Progress& p) { return p.outbox.Hex() == key; });
    if (!gone) progress.push_back(DecodeProgress(key, value).value());
  }

  // The outcome of the next sends and whether the records nevertheless get in; then all is well.
  struct Answer {
    SendOutcome outcome;
    bool committed;
    std::set<std::string> left_open{};  // Topics that get no marker.
  };
  std::deque<Answer> answers;
  Status init;
  std::string cluster = "c1";
  std::vector<Progress> progress;
  QueueTail queue;
  std::vector<std::string> log;
  std::vector<std::string> calls;
  RowFates fates;
  std::map<std::string, std::vector<std::function<void(bool)>>> open;  // By topic.

 private:
  class ScriptedProducer final : public Producer {
   public:
    explicit ScriptedProducer(ScriptedKafka& kafka) : kafka_(kafka) {}
    Status Init(const std::stop_token&) override {
      kafka_.calls.push_back("init");
      return kafka_.init;
    }
    SendResult Send(std::span<const KafkaRecord> rows, const KafkaRecord& record) override {
      kafka_.calls.push_back(rows.empty() ? "hello" : "send");
      Answer answer{SendOutcome::kCommitted, true};
      if (!kafka_.answers.empty()) {
        answer = kafka_.answers.front();
        kafka_.answers.pop_front();
      }
      if (answer.committed) kafka_.Commit(rows, record, answer.left_open);
      SendResult result{answer.outcome, "", {{std::string(record.topic), 0, 1}}};
      for (const KafkaRecord& row : rows) result.ends.push_back({std::string(row.topic), 0, 1});
      if (answer.outcome != SendOutcome::kCommitted) result.why = "scripted";
      return result;
    }
    bool CanBeSeen(const std::vector<TopicEnd>& ends) override {
      return std::none_of(ends.begin(), ends.end(),
                          [&](const TopicEnd& end) { return kafka_.open.contains(end.topic); });
    }
    Status Abandon(const std::vector<TopicEnd>& partitions) override {
      kafka_.calls.push_back("abandon");
      for (const TopicEnd& partition : partitions) {
        for (const auto& show : kafka_.open[partition.topic]) show(false);
        kafka_.open.erase(partition.topic);
      }
      return OkStatus();
    }
    void Poll() override {}

   private:
    ScriptedKafka& kafka_;
  };
};

class PublisherTest : public ::testing::Test {
 protected:
  PublisherTest() {
    auto db = Database::Open(directory_.File("state.db"));
    EXPECT_TRUE(db.ok());
    db_ = std::move(*db);
    Restart();
  }

  // A new process on the same database.
  void Restart() {
    publisher_ = std::make_unique<Publisher>(settings_, batch_, kafka_, outbox_, log_);
  }
  void Append(const std::vector<std::string>& values, Topic topic = Topic::kQueue) {
    const Status status = db_->Atomically([&] {
      std::vector<OutboxRow> together;
      for (const std::string& value : values) {
        OutboxRow row;
        row.topic = topic;
        row.key = "k";
        row.value = value;
        together.push_back(std::move(row));
      }
      Outbox::Append(*db_, together);
      return OkStatus();
    });
    ASSERT_TRUE(status.ok());
  }
  // Steps as the loop would, in logical time.
  void Run(int steps) {
    for (int i = 0; i < steps; ++i) now_ = std::max(now_, publisher_->Step(now_, {}));
  }
  OutboxState Local() { return Outbox::Load(*db_); }
  std::size_t KeptRows() { return Outbox::Read(*db_, 0, 1000, MiB(1)).size(); }
  PublisherState State() const { return publisher_->status().state; }

  TempDir directory_;
  const Log log_;
  KafkaSettings settings_;
  BatchSettings batch_{2, MiB(1), std::chrono::milliseconds(200)};
  ScriptedKafka kafka_;
  std::unique_ptr<Database> db_;
  LockedOutbox outbox_{[this](const std::function<void(Database&)>& fn) { fn(*db_); }};
  std::unique_ptr<Publisher> publisher_;
  SteadyTime now_{};
};

TEST_F(PublisherTest, InitsBeforeItReadsAndSaysHelloBeforeItSends) {
  Append({"a"});
  Run(2);
  EXPECT_THAT(kafka_.calls, ElementsAre("new", "init", "read", "hello", "send"));
  EXPECT_THAT(kafka_.log, ElementsAre("a"));
  EXPECT_EQ(Local().confirmed_seq, 1);
  EXPECT_EQ(Local().cluster_id, "c1");
}

TEST_F(PublisherTest, SendsInBatchesAndOrder) {
  Append({"a", "b", "c", "d", "e"});
  Run(6);
  EXPECT_THAT(kafka_.log, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_EQ(publisher_->status().rows, 5);
  EXPECT_EQ(publisher_->status().transactions, 4);  // The hello and 2 + 2 + 1 rows.
  EXPECT_EQ(publisher_->status().lag, 0);
}

TEST_F(PublisherTest, AnyDoubtMeansANewProducerAndAnotherLook) {
  for (const SendOutcome outcome :
       {SendOutcome::kIndefinite, SendOutcome::kFenced, SendOutcome::kRefused}) {
    for (const bool committed : {true, false}) {
      Run(3);
      kafka_.calls.clear();
      kafka_.log.clear();
      kafka_.answers = {{outcome, committed}};
      Append({"a"});
      Run(5);
      ASSERT_THAT(kafka_.log, ElementsAre("a")) << static_cast<int>(outcome) << committed;
      if (committed) {
        EXPECT_THAT(kafka_.calls, ElementsAre("send", "new", "init", "read", "read back", "hello"));
      } else {
        EXPECT_THAT(kafka_.calls,
                    ElementsAre("send", "new", "init", "read", "read back", "hello", "send"));
      }
    }
  }
}

TEST_F(PublisherTest, HelloOfUnknownFateIsNotTakenForAnotherDaemon) {
  kafka_.answers = {{SendOutcome::kIndefinite, true}, {SendOutcome::kIndefinite, false}};
  Append({"a"});
  Run(8);
  EXPECT_THAT(kafka_.log, ElementsAre("a"));
}

TEST_F(PublisherTest, FencedByAnotherDaemonStepsDownForGood) {
  Append({"a"});
  Run(3);
  kafka_.progress[0].boot = HashParts({"the other one"});
  kafka_.answers = {{SendOutcome::kFenced, false}};
  Append({"b"});
  Run(20);
  EXPECT_EQ(State(), PublisherState::kSteppedDown);
  EXPECT_THAT(publisher_->status().why, HasSubstr("another webcared"));
  EXPECT_THAT(kafka_.log, ElementsAre("a"));
}

TEST_F(PublisherTest, RestartAfterACommitThatWasNotMarkedSendsNothingTwice) {
  Append({"a", "b"});
  Run(2);
  kafka_.answers = {{SendOutcome::kIndefinite, true}};
  Append({"c"});
  Run(1);
  Restart();
  Append({"d"});
  Run(5);
  EXPECT_THAT(kafka_.log, ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(kafka_.queue.last_place, 4);
}

TEST_F(PublisherTest, RefusalSendsNothingUntilAdopted) {
  Append({"a"});
  Run(3);
  kafka_.cluster = "c2";
  kafka_.progress.clear();
  kafka_.queue = {};
  Restart();
  Append({"b"});
  Run(5);
  EXPECT_EQ(State(), PublisherState::kRefused);
  EXPECT_THAT(publisher_->status().why, HasSubstr("cluster"));
  EXPECT_THAT(kafka_.log, ElementsAre("a"));

  publisher_->Adopt();
  Run(6);
  EXPECT_EQ(State(), PublisherState::kPublishing);
  EXPECT_THAT(kafka_.log, ElementsAre("a", "b"));
  EXPECT_EQ(kafka_.queue.last_place, 1);  // Counted anew in the new cluster.
  EXPECT_EQ(Local().cluster_id, "c2");
}

TEST_F(PublisherTest, AdoptingARolledBackDatabaseGoesOnBehindKafka) {
  Append({"a", "b"});
  Run(3);
  Progress& progress = kafka_.progress[0];
  progress.last_seq = 10;
  progress.chain = HashParts({"row 10"});
  progress.turns = 7;
  kafka_.queue = {0, 30, 7};
  Restart();
  Append({"c"});
  Run(2);
  ASSERT_EQ(State(), PublisherState::kRefused);
  publisher_->Adopt();
  Run(6);
  EXPECT_THAT(kafka_.log, ElementsAre("a", "b", "c"));
  EXPECT_EQ(Local().confirmed_seq, 11);
  EXPECT_EQ(kafka_.queue.last_place, 8);
}

TEST_F(PublisherTest, AdoptingANewDatabaseForgetsTheOneBefore) {
  kafka_.progress = {{.outbox = HashParts({"lost"}),
                      .name = "webcare",
                      .boot = HashParts({"b"}),
                      .cluster = "c1",
                      .last_seq = 5,
                      .chain = {},
                      .turns = 3}};
  kafka_.queue = {0, 9, std::nullopt};
  Append({"a"});
  Run(3);
  ASSERT_EQ(State(), PublisherState::kRefused);
  publisher_->Adopt();
  Run(6);
  EXPECT_THAT(kafka_.log, ElementsAre("a"));
  ASSERT_EQ(kafka_.progress.size(), 1u);
  EXPECT_EQ(kafka_.progress[0].outbox, Local().id);
}

TEST_F(PublisherTest, TurnsReleasedIsUnknownUntilTheBacklogIsThrough) {
  Append({"a", "b", "c"});
  EXPECT_FALSE(publisher_->turns_released().has_value());
  Run(2);
  EXPECT_FALSE(publisher_->turns_released().has_value());
  Run(3);
  EXPECT_EQ(publisher_->turns_released(), 3);
  publisher_->NoteReleased(2);
  EXPECT_EQ(publisher_->turns_released(), 5);
}

TEST_F(PublisherTest, OnlyTurnsHaveAPlace) {
  Append({"a"}, Topic::kCases);
  Append({"b"}, Topic::kQueue);
  Run(3);
  EXPECT_EQ(kafka_.queue.last_place, 1);
}

TEST_F(PublisherTest, ConsumedOffsetSurvivesARestart) {
  Run(2);
  kafka_.queue.high = 40;
  publisher_->set_consumed_offset(33);
  Append({"a"}, Topic::kCases);
  Run(2);
  Restart();
  Run(1);
  EXPECT_EQ(publisher_->consumed_offset(), 33);
}

TEST_F(PublisherTest, UnreachableKafkaIsNotARefusalAndIsTriedEverLessOften) {
  kafka_.init = Error{ErrorCode::kUnavailable, "no answer", {}};
  Run(30);
  EXPECT_EQ(State(), PublisherState::kConnecting);
  EXPECT_EQ(publisher_->status().why, "no answer");
  EXPECT_GT(now_.time_since_epoch(), std::chrono::seconds(200));
  kafka_.init = OkStatus();
  Append({"a"});
  Run(3);
  EXPECT_THAT(kafka_.log, ElementsAre("a"));
}

TEST_F(PublisherTest, AtLeastOnceSendsUnmarkedRowsAgainInTheirOldPlaces) {
  settings_.delivery = DeliveryMode::kAtLeastOnce;
  Restart();
  Append({"a"});
  Run(3);
  kafka_.answers = {{SendOutcome::kIndefinite, true}};
  Append({"b"});
  Run(8);
  EXPECT_THAT(kafka_.log, ElementsAre("a", "b", "b"));
  EXPECT_EQ(kafka_.queue.last_place, 2);
}

TEST_F(PublisherTest, MarksABatchWhileTheNextIsSentAndNoneLater) {
  Append({"1", "2", "3", "4", "5", "6", "7"});
  std::vector<std::int64_t> marks;
  for (int i = 0; i < 5; ++i) {
    Run(1);
    marks.push_back(Local().confirmed_seq);
  }
  // After the hello: two batches with a full one behind them, one with half of one, the rest.
  EXPECT_THAT(marks, ElementsAre(0, 0, 2, 6, 7));
  EXPECT_THAT(kafka_.log, ElementsAre("1", "2", "3", "4", "5", "6", "7"));
}

TEST_F(PublisherTest, SendsNothingTwiceWhenItEndsBeforeTheMark) {
  Append({"1", "2", "3", "4", "5", "6"});
  Run(2);
  ASSERT_EQ(Local().confirmed_seq, 0);
  Restart();
  Run(5);
  EXPECT_THAT(kafka_.log, ElementsAre("1", "2", "3", "4", "5", "6"));
  EXPECT_EQ(Local().confirmed_seq, 6);
}

TEST_F(PublisherTest, ForgetsTheRowsReadAheadWhenInDoubt) {
  Append({"1", "2", "3", "4", "5", "6", "7", "8"});
  Run(2);
  kafka_.answers = {{SendOutcome::kIndefinite, true}};
  Run(8);
  EXPECT_THAT(kafka_.log, ElementsAre("1", "2", "3", "4", "5", "6", "7", "8"));
  EXPECT_EQ(Local().confirmed_seq, 8);
}

TEST_F(PublisherTest, AtLeastOnceMarksEachBatchBeforeTheNext) {
  settings_.delivery = DeliveryMode::kAtLeastOnce;
  Restart();
  Append({"1", "2", "3", "4", "5", "6"});
  Run(2);
  EXPECT_EQ(Local().confirmed_seq, 2);
}

TEST_F(PublisherTest, RowsAreKeptUntilReadersSeeThem) {
  Append({"a", "b", "c"});
  Run(2);  // The hello and a, b.
  EXPECT_EQ(Local().confirmed_seq, 2);
  EXPECT_EQ(KeptRows(), 3u);
  Run(1);  // c; a and b can be seen.
  EXPECT_EQ(Local().confirmed_seq, 3);
  EXPECT_EQ(Local().settled_seq, 2);
  EXPECT_EQ(KeptRows(), 1u);
  Run(1);  // Idle.
  EXPECT_EQ(Local().settled_seq, 3);
  EXPECT_EQ(KeptRows(), 0u);
}

TEST_F(PublisherTest, WhatReadersNeverGetToSeeIsADoubt) {
  Append({"a"});
  kafka_.answers = {{SendOutcome::kCommitted, true},
                    {SendOutcome::kCommitted, true, {"queue", "progress"}}};
  Run(2);
  EXPECT_THAT(kafka_.log, IsEmpty());
  EXPECT_EQ(KeptRows(), 1u);
  Run(120);
  EXPECT_THAT(kafka_.log, ElementsAre("a"));
  EXPECT_EQ(KeptRows(), 0u);
}

TEST_F(PublisherTest, ALaterBatchElsewhereSettlesNothing) {
  Append({"a"}, Topic::kCases);
  kafka_.answers = {{SendOutcome::kCommitted, true}, {SendOutcome::kCommitted, true, {"cases"}}};
  Run(2);
  Append({"b"});
  Run(1);
  EXPECT_THAT(kafka_.log, ElementsAre("b"));
  EXPECT_EQ(Local().confirmed_seq, 2);
  EXPECT_EQ(KeptRows(), 2u);
  Run(120);
  EXPECT_THAT(kafka_.log, ElementsAre("b", "a"));
  EXPECT_EQ(KeptRows(), 0u);
}

// The broker says "committed", restarts, and forgets so in some partitions.
class LostMarkers : public PublisherTest,
                    public ::testing::WithParamInterface<std::tuple<int, bool, bool>> {};

TEST_P(LostMarkers, LoseNothingAndRepeatNothing) {
  const auto [lost, restart, confirmed] = GetParam();
  std::set<std::string> left_open;
  if (lost & 1) left_open.insert("queue");
  if (lost & 2) left_open.insert("cases");
  if (lost & 4) left_open.insert("progress");
  batch_.max_rows = 4;
  Restart();
  Append({"turn 1"});
  Append({"case 2"}, Topic::kCases);
  Run(4);
  Append({"turn 3"});
  Append({"case 4"}, Topic::kCases);
  Append({"turn 5"});
  kafka_.answers = {
      {confirmed ? SendOutcome::kCommitted : SendOutcome::kIndefinite, true, left_open}};
  Run(1);
  if (confirmed) kafka_.answers = {{SendOutcome::kIndefinite, false}};
  Append({"case 6"}, Topic::kCases);
  Run(1);
  if (restart) Restart();
  Append({"turn 7"});
  Run(8);
  EXPECT_EQ(State(), PublisherState::kPublishing) << publisher_->status().why;
  std::vector<std::string> turns;
  std::vector<std::string> cases;
  for (const std::string& value : kafka_.log) (value[0] == 't' ? turns : cases).push_back(value);
  EXPECT_THAT(turns, ElementsAre("turn 1", "turn 3", "turn 5", "turn 7"));
  EXPECT_THAT(cases, ElementsAre("case 2", "case 4", "case 6"));
  EXPECT_EQ(kafka_.queue.last_place, 4);
  EXPECT_EQ(kafka_.progress[0].turns, 4);
  EXPECT_EQ(Local().settled_seq, 7);
  EXPECT_EQ(KeptRows(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Publisher, LostMarkers,
                         ::testing::Combine(::testing::Range(0, 8), ::testing::Bool(),
                                            ::testing::Bool()));

TEST(PublisherBackoff, DoublesUpToTenSeconds) {
  EXPECT_EQ(PublisherBackoff(0), std::chrono::milliseconds(100));
  EXPECT_EQ(PublisherBackoff(3), std::chrono::milliseconds(800));
  EXPECT_EQ(PublisherBackoff(1'000'000), std::chrono::seconds(10));
}

}  // namespace
}  // namespace webcare

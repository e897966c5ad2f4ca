// An outbox on disk, its topics in a real Kafka under a prefix of their own, and what readers see there.
#pragma once

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <map>
#include <string>
#include <vector>

#include "daemon/base/log.h"
#include "daemon/publish/topics.h"
#include "daemon/store/outbox.h"
#include "gtest/gtest.h"
#include "tests/kafka/real_kafka.h"
#include "tests/store/temp_dir.h"

namespace webcare {

class PublishWorld {
 public:
  explicit PublishWorld(const RealKafka& kafka) {
    static int count = 0;
    settings.bootstrap = kafka.bootstrap();
    settings.topic_prefix = "t" + std::to_string(++count);
    const auto made = InitTopics(settings, silent);
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
  }

  std::string DatabasePath() const { return directory.File("state.db"); }
  std::unique_ptr<Database> Open() const {
    auto db = Database::Open(DatabasePath());
    EXPECT_TRUE(db.ok());
    return std::move(*db);
  }

  // Every third row is an event of a case, the others are turns. Values count on for the whole world.
  void Append(Database& db, int rows) {
    const Status status = db.Atomically([&] {
      std::vector<OutboxRow> together;
      for (int i = 0; i < rows; ++i) {
        const std::string number = std::to_string(++appended);
        const Topic topic = appended % 3 == 0 ? Topic::kCases : Topic::kQueue;
        OutboxRow row;
        row.topic = topic;
        row.key = "case-" + number;
        row.headers = {{"ce_id", "id-" + number}};
        row.value = "{\"number\":" + number + "}";
        together.push_back(std::move(row));
      }
      Outbox::Append(db, together);
      return OkStatus();
    });
    EXPECT_TRUE(status.ok());
  }

  std::vector<SeenRecord> Read(const std::string& topic) const {
    return ReadTopic(settings.bootstrap, settings.topic_prefix + "." + topic);
  }

  // Starts a publisher process; with `kill_at` ("26 sent 1") it kills itself there.
  pid_t Spawn(const std::vector<std::string>& kill_at = {}) const {
    const bool exact = settings.delivery == DeliveryMode::kExactlyOnce;
    std::vector<std::string> words = {PUBLISH_CHILD, DatabasePath(), settings.bootstrap,
                                      settings.topic_prefix,
                                      exact ? "exactly-once" : "at-least-once"};
    words.insert(words.end(), kill_at.begin(), kill_at.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t pid = 0;
    EXPECT_EQ(posix_spawn(&pid, argv[0], nullptr, nullptr, argv.data(), environ), 0);
    return pid;
  }
  // Its exit code, or minus the signal that ended it.
  static int Wait(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  // Every row once, turns in order with places 1..n, events of cases each once.
  void ExpectEverythingOnceInOrder() const {
    std::vector<std::string> turns;
    std::vector<std::string> places;
    std::multimap<std::string, int> events;
    std::int64_t last_seq = 0;
    for (const SeenRecord& record : Read("queue")) {
      turns.push_back(record.value);
      places.push_back(record.Header("place"));
      EXPECT_GT(std::stoll(record.Header("seq")), last_seq);
      last_seq = std::stoll(record.Header("seq"));
    }
    std::vector<std::string> cases;
    for (const SeenRecord& record : Read("cases")) cases.push_back(record.key);
    std::sort(cases.begin(), cases.end());
    std::vector<std::string> want_turns;
    std::vector<std::string> want_places;
    std::vector<std::string> want_cases;
    for (int i = 1; i <= appended; ++i) {
      const std::string number = std::to_string(i);
      if (i % 3 == 0) {
        want_cases.push_back("case-" + number);
      } else {
        want_turns.push_back("{\"number\":" + number + "}");
        want_places.push_back(std::to_string(want_turns.size()));
      }
    }
    std::sort(want_cases.begin(), want_cases.end());
    EXPECT_EQ(turns, want_turns);
    EXPECT_EQ(places, want_places);
    EXPECT_EQ(cases, want_cases);
  }

  const Log silent;
  KafkaSettings settings;
  TempDir directory;
  int appended = 0;
};

}  // namespace webcare

// The whole house, running: a feed server with a day, the daemon with its state, topics of its own in Kafka,
// and an agent that takes turns. Steered step by step; every step waits until the daemon is through with it.
//
// Wall clock   Of the daemon: stands still at 2026-06-03T21:00:00Z but for Recheck() (shifted_clock.cc).
// Errors       Whatever does not come in time throws std::runtime_error with the end of the daemon's log.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/json.h"
#include "daemon/base/log.h"
#include "daemon/base/time.h"
#include "daemon/config/settings.h"
#include "daemon/publish/tail_reader.h"
#include "tests/fakes/process.h"
#include "tests/kafka/real_kafka.h"
#include "tests/store/temp_dir.h"

namespace webcare {

struct HousePlan {
  std::string name;       // Topic prefix.
  std::string bootstrap;  // Of a Kafka that may have no topics yet.
  std::string day;        // Directory of the feed server's data.
  int window = 8;
};

class House {
 public:
  explicit House(const HousePlan& plan);

  // Day time jumps to `now`; all that can be seen then is taken in. `disturb` runs while it is.
  void Look(WallTime now, const std::function<void()>& disturb = {});
  // The daemon's clock goes on by minutes until all watched posts were asked for again.
  void Recheck();

  // webcarectl; throws what it says unless it ends well.
  void Ctl(const std::vector<std::string>& arguments);
  void MakeTopics() { Ctl({"topics", "init"}); }
  // Takes and commits turns one by one until there were `count`.
  void Take(std::int64_t count);
  // Until all that may be released is released and in Kafka. For a daemon that was never restarted.
  void AwaitFullWindow();
  // Takes and commits whatever comes until nothing waits anywhere. Patient: daemon and broker may fall.
  void TakeUntilIdle();
  // While another thread takes: until it took one more.
  void AwaitMoreTaken();
  std::int64_t taken() const { return taken_; }

  void StartDaemon();
  void KillDaemon();
  // Its exit code.
  int StopDaemon();

  const KafkaSettings& kafka() const { return settings_; }
  std::vector<SeenRecord> Read(const std::string& topic) const {
    return ReadTopic(settings_.bootstrap, settings_.topic_prefix + "." + topic);
  }
  std::optional<JsonDocument> Status() const;

 private:
  void Steer(const std::string& command);
  bool TakeOne();
  bool Idle() const;
  struct Polls {
    std::int64_t requests = 0;  // Answered so far.
    bool over = false;          // Not between the pages of one poll.
  };
  using Polling = std::map<std::string, Polls>;  // By source.
  Polling LookAtPolls() const;
  // Until each source whose name starts so was polled once more, all pages.
  void AwaitPolls(const Polling& before, std::string_view sources = "");
  void Await(const char* what, const std::function<bool()>& reached,
             std::chrono::seconds patience = std::chrono::seconds(120));
  void SetClock(WallTime now);

  HousePlan plan_;
  KafkaSettings settings_;
  const Log silent_;
  TempDir directory_;
  WallTime clock_{};
  Process feeds_;
  int feeds_port_ = 0;
  Process daemon_;
  std::unique_ptr<TailReader> agent_;
  std::set<std::int64_t> offsets_;  // Of turns taken.
  std::atomic<std::int64_t> taken_ = 0;
};

}  // namespace webcare

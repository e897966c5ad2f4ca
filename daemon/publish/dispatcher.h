// The publisher thread: looks how much agents have consumed, has turns released for the room there is,
// and publishes what the outbox holds.
//
// Stop       Run() returns after the step in progress: at most the 10 s that Kafka gives a transaction,
//            or a lookup that is cut short. What is unsent stays in the outbox.
// Threads    Run() on one thread of its own; everything else from any.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/base/guarded.h"
#include "daemon/base/log.h"
#include "daemon/config/settings.h"
#include "daemon/publish/credit.h"
#include "daemon/publish/kafka_broker.h"
#include "daemon/publish/outbox_access.h"
#include "daemon/publish/publisher.h"

namespace webcare {

class GroupWatch;
class ShadowReader;

// Where turns come from; implemented over cases and the fair queue. Called on the publisher thread.
class TurnSource {
 public:
  virtual ~TurnSource() = default;
  // Puts at most `credit` turns into the outbox, in fair order, in one commit. Returns how many: the
  // number of rows for the queue topic; fewer where one commit does not take more, 0 only when nobody
  // waits. On error none.
  virtual Result<std::int64_t> Release(std::int64_t credit) = 0;
  // Turns of these cases were deleted by Kafka's retention before an agent read them. They wait again,
  // and come out of Release() as their next attempt.
  virtual Status ReleaseAgain(const std::vector<std::string>& case_ids) = 0;
};

struct DispatcherStatus {
  PublisherStatus publisher;
  Credit credit;
  std::int64_t released = 0;    // Turns released since start.
  std::int64_t expired = 0;     // Turns that retention deleted unread, since start.
  std::int64_t duplicates = 0;  // Turns seen twice in the queue topic: alarm in exactly-once mode.
  std::int64_t gaps = 0;        // Places missing in it: alarm.
  std::int64_t skipped = 0;     // Turns the agents' group passed while nobody was in it.
  // Nobody waited, nothing was on its way and everything was handled, all seen in one turn of the loop. Never
  // while a release is under way: who looks at the queue first and here second knows that all is done.
  bool idle = false;
  SteadyTime beat{};  // Of the newest turn of the loop, for the watchdog.
};

class Dispatcher {
 public:
  // Borrows all but the settings.
  Dispatcher(const KafkaSettings& kafka, const QueueSettings& queue, const BatchSettings& batch,
             OutboxAccess& outbox, TurnSource& turns, Clock& clock, const Log& log);
  ~Dispatcher();

  void Run(const std::stop_token& stop);
  // See Publisher::Adopt.
  void Adopt() { publisher_.Adopt(); }
  DispatcherStatus status() const;

 private:
  SteadyTime Turn(SteadyTime now, const std::stop_token& stop);
  std::optional<std::int64_t> Release(std::int64_t credit);
  bool OpenReaders(SteadyTime now);
  void Watch(SteadyTime now);
  void ReleaseExpired(const std::vector<SeenTurn>& gone);
  void Report(SteadyTime now, const Credit& credit);

  // Constant after construction.
  const KafkaSettings kafka_;
  const QueueSettings queue_;
  const std::int64_t max_rows_;  // Of a transaction.
  TurnSource& turns_;
  Clock& clock_;
  const Log& log_;

  // Used by Run() only.
  KafkaBroker broker_;
  Publisher publisher_;
  CreditKeeper keeper_;
  std::unique_ptr<ShadowReader> shadow_;
  std::unique_ptr<GroupWatch> group_;
  SteadyTime next_open_{};
  std::vector<std::string> owed_;  // Cases whose expired turn is not yet released again.
  DispatcherStatus now_;

  Guarded<DispatcherStatus> status_;
};

}  // namespace webcare

// Outbox to Kafka, exactly once (delivery.md 5), as a state machine that is stepped by the
// dispatcher.
//
// Connect      New producer, init (fences others), then read progress, compare (DecideStart), hello
//              record.
// Publish      Rows behind the position and, last, a progress record in one transaction; then
//              confirmed in the database. Confirming may fail or be lost: progress wins at the next
//              start.
// Beside       While Kafka commits, a helper thread marks the batch before and, if a full one waits,
//              reads the next. Exactly-once only: otherwise the mark decides what is sent again.
// Settle       One batch later: readers see the rows, so they are deleted. Kafka 4.3.0 can lose what
//              ends a committed transaction in partitions that have no leader for a moment, as all of
//              a lone broker's have while it restarts. A connect finds such a transaction open, aborts
//              what is left of it, reads back which rows can be seen, and sends the others again with
//              the hello.
// Any doubt    The producer is destroyed and everything starts over, with back-off. Nothing is
//              reused.
// Refused      The database and Kafka do not tell the same story: nothing is sent until Adopt() or
//              restart.
// Stepped down Another webcared publishes under our name: nothing is sent any more; the process
//              should exit.
// Threads      Step() from one thread; status() and Adopt() from any.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/base/guarded.h"
#include "daemon/base/log.h"
#include "daemon/base/time.h"
#include "daemon/config/settings.h"
#include "daemon/publish/outbox_access.h"
#include "daemon/publish/producer.h"

namespace webcare {

enum class PublisherState { kConnecting, kPublishing, kRefused, kSteppedDown };
std::string_view ToString(PublisherState state);  // "connecting", ...

struct PublisherStatus {
  PublisherState state = PublisherState::kConnecting;
  std::string why;                // What stands in the way; empty while publishing.
  std::int64_t position = 0;      // Rows up to here stand in Kafka.
  std::int64_t lag = 0;           // Rows that wait.
  std::int64_t rows = 0;          // Published since start.
  std::int64_t transactions = 0;  // Committed since start, hello records included.
  std::int64_t connects = 0;      // Producers made since start.
};

// Delay before the next try after `failures` in a row: 100 ms, 200 ms, ... up to 10 s. The first is
// short: a doubtful outcome is cheap to clear up.
std::chrono::milliseconds PublisherBackoff(int failures);

class Publisher {
 public:
  // Borrows `broker`, `outbox`, `log`.
  Publisher(const KafkaSettings& kafka, const BatchSettings& batch, Broker& broker,
            OutboxAccess& outbox, const Log& log);

  // Does what is due: a connect or one batch, each at most about a minute, or nothing. Returns when
  // to call again at the latest.
  SteadyTime Step(SteadyTime now, const std::stop_token& stop);

  // A person has looked at the refusal and wants publishing to go on from what Kafka has
  // (`--adopt`): waiting rows are numbered behind it. Takes effect at the next Step(); without a
  // refusal, nothing.
  void Adopt() { adopt_ = true; }

  PublisherStatus status() const;

  // Turns that were ever put into the outbox, once the rows found at the last connect are
  // published; nothing before that: then no new turn may be released. The caller tells what it
  // releases.
  std::optional<std::int64_t> turns_released() const;
  void NoteReleased(std::int64_t turns) { released_ += turns; }
  // Place of the newest turn that stood in Kafka at the last connect.
  std::int64_t turns_at_connect() const { return turns_at_connect_; }
  const Id128& outbox() const { return outbox_id_; }
  // Kept in the next progress record (Progress::consumed_offset); after a connect: what was kept.
  void set_consumed_offset(std::int64_t offset) { consumed_offset_ = offset; }
  std::int64_t consumed_offset() const { return consumed_offset_; }

 private:
  Status Connect(const std::stop_token& stop);
  Result<StartFacts> Gather(const std::stop_token& stop);
  Status Begin(const StartFacts& facts, const StartDecision& decision);
  Status EndOpenTransactions(const std::stop_token& stop);
  Status ReadKeptRows(StartFacts& facts, const std::stop_token& stop);
  Result<Id128> ChainOf(const StartFacts& facts, std::int64_t seq);
  Result<std::vector<OutboxRow>> ReadRows(const std::vector<KeptRow>& wanted);
  Status AdoptKafka(const StartFacts& facts);
  Status RecountTurns(const StartFacts& facts, std::int64_t resume);
  // Sends `rows` and the progress record behind them; on success the position is theirs.
  Status Publish(const std::vector<OutboxRow>& rows);
  Progress NextProgress(const std::vector<OutboxRow>& rows) const;
  Status PublishBatch(SteadyTime now);
  Result<std::vector<OutboxRow>> TakeRows();
  // What is to be done in the database while Kafka commits.
  struct Mark {
    std::int64_t confirmed = 0;
    std::int64_t settled = 0;
    std::vector<TopicEnd> ends;
  };
  struct Errand {
    std::optional<Mark> mark;
    std::optional<std::int64_t> read_after;  // The batch behind this row.
  };
  struct Done {
    Status marked;
    std::vector<OutboxRow> rows;
  };
  Errand NextErrand(const std::vector<OutboxRow>& rows, std::int64_t last_seq);
  Done Do(const Errand& errand);
  void Committed(const std::vector<TopicEnd>& ends);
  Status SettleWhenIdle(SteadyTime now);
  void Confirm();
  void ReportMark(const Status& marked);
  void Fail(const Error& error, SteadyTime now);
  void Report(PublisherState state, std::string why);

  // Constant after construction.
  const KafkaSettings kafka_;
  const BatchSettings batch_;
  Broker& broker_;
  OutboxAccess& database_;
  const Log& log_;
  const Id128 boot_ = RandomId();

  // Used by Step() only.
  std::unique_ptr<Producer> producer_;
  std::optional<Id128> predecessor_;  // Boot id found at our first connect.
  bool hello_done_ = false;           // A record with our boot id stands in Kafka for certain.
  Id128 outbox_id_;
  std::string cluster_;
  std::int64_t position_ = 0;
  std::vector<OutboxRow> ahead_;  // Rows behind it, read already.
  bool unmarked_ = false;         // The batch up to it is not yet confirmed in the database.
  Id128 chain_;
  // Everything up to `seq`, whose records end there.
  struct SettledRows {
    std::int64_t seq = 0;
    std::vector<TopicEnd> ends;
  };
  SettledRows settled_;  // Readers see it; goes into the database with the next mark.
  std::optional<SettledRows> unsettled_;  // Committed since.
  std::optional<SteadyTime> unseen_since_;
  std::int64_t turns_ = 0;  // Place of the newest published turn.
  std::int64_t turns_at_connect_ = 0;
  std::int64_t released_ = 0;     // Turns noted since the backlog was through.
  std::int64_t backlog_end_ = 0;  // Last row at the time of the connect.
  bool backlog_done_ = false;
  std::int64_t consumed_offset_ = -1;
  int failures_ = 0;
  SteadyTime next_step_{};

  std::atomic<bool> adopt_ = false;
  Guarded<PublisherStatus> status_;
};

}  // namespace webcare

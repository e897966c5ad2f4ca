#include "daemon/publish/dispatcher.h"

#include <algorithm>

#include "daemon/publish/group_watch.h"
#include "daemon/publish/shadow_reader.h"

namespace webcare {
namespace {

// Rows written by the poller wait this long at most before they are noticed.
constexpr std::chrono::milliseconds kTick{50};
constexpr std::chrono::seconds kOpenAgain{5};

bool IsAlarm(CreditState state) {
  return state == CreditState::kOffsetsExpired || state == CreditState::kOffsetsReset ||
         state == CreditState::kOffsetsAhead;
}

}  // namespace

Dispatcher::Dispatcher(const KafkaSettings& kafka, const QueueSettings& queue,
                       const BatchSettings& batch, OutboxAccess& outbox, TurnSource& turns,
                       Clock& clock, const Log& log)
    : kafka_(kafka),
      queue_(queue),
      max_rows_(batch.max_rows),
      turns_(turns),
      clock_(clock),
      log_(log),
      broker_(kafka, batch.max_bytes, log),
      publisher_(kafka, batch, broker_, outbox, log),
      keeper_(queue.window) {}

Dispatcher::~Dispatcher() = default;

void Dispatcher::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    clock_.SleepUntil(Turn(clock_.Now(), stop), stop);
  }
}

SteadyTime Dispatcher::Turn(SteadyTime now, const std::stop_token& stop) {
  const SteadyTime due = publisher_.Step(now, stop);
  if (publisher_.status().state == PublisherState::kPublishing && OpenReaders(now)) Watch(now);
  const Credit credit =
      keeper_.Decide(publisher_.turns_released(), shadow_ && shadow_->caught_up());
  now_.idle = false;
  // Before turns leave the queue: who sees it empty must not see that all is done.
  status_.With([](DispatcherStatus& status) { status.idle = false; });
  if (credit.allowed > 0) {
    const std::optional<std::int64_t> released = Release(credit.allowed);
    now_.idle = released == 0 && credit.outstanding == 0 && publisher_.status().lag == 0;
  }
  Report(now, credit);
  const bool behind = publisher_.status().lag > 0;
  return behind ? due : std::max(due, now + kTick);
}

// As many as the next transaction takes: it costs the same whatever its size. In several commits, so that
// nobody waits long for the store. Nothing: they cannot be released now.
std::optional<std::int64_t> Dispatcher::Release(std::int64_t credit) {
  const std::int64_t most = std::min<std::int64_t>(credit, max_rows_);
  std::int64_t total = 0;
  while (total < most) {
    const Result<std::int64_t> released = turns_.Release(most - total);
    if (!released.ok()) {
      log_.Warn("release_failed", {{"error", released.error().message}});
      return std::nullopt;
    }
    if (*released == 0) break;
    publisher_.NoteReleased(*released);
    now_.released += *released;
    total += *released;
  }
  return total;
}

bool Dispatcher::OpenReaders(SteadyTime now) {
  if (shadow_ && group_) return true;
  if (now < next_open_) return false;
  next_open_ = now + kOpenAgain;
  auto group = GroupWatch::Open(kafka_, queue_.agents_group, log_);
  auto shadow = ShadowReader::Open(kafka_, publisher_.outbox(), log_);
  if (!group.ok() || !shadow.ok()) {
    log_.Warn("credit_unavailable",
              {{"error", group.ok() ? shadow.error().message : group.error().message}});
    return false;
  }
  group_ = std::move(*group);
  shadow_ = std::move(*shadow);
  keeper_.StartReading(shadow_->start(), publisher_.turns_at_connect());
  keeper_.RestoreConsumed(publisher_.consumed_offset());
  return true;
}

void Dispatcher::Watch(SteadyTime now) {
  shadow_->RefreshLow(now);
  const std::int64_t duplicates = keeper_.duplicates();
  const std::int64_t gaps = keeper_.gaps();
  shadow_->Poll([&](SeenTurn turn) { keeper_.AddTurn(std::move(turn)); });
  const bool exact = kafka_.delivery == DeliveryMode::kExactlyOnce;
  if (keeper_.gaps() > gaps || (exact && keeper_.duplicates() > duplicates)) {
    log_.Error("queue_damaged", {{"gaps", keeper_.gaps()}, {"duplicates", keeper_.duplicates()}});
  }
  ReleaseExpired(keeper_.SetEnds(shadow_->low(), shadow_->end()));
  if (const auto answer = group_->Poll(now)) {
    const std::int64_t skipped = keeper_.skipped();
    keeper_.Observe(*answer);
    if (keeper_.skipped() > skipped) {
      log_.Error("turns_skipped", {{"turns", keeper_.skipped() - skipped}});
    }
    publisher_.set_consumed_offset(keeper_.consumed_offset());
  }
}

void Dispatcher::ReleaseExpired(const std::vector<SeenTurn>& gone) {
  for (const SeenTurn& turn : gone) owed_.push_back(turn.key);
  if (!gone.empty()) {
    now_.expired += static_cast<std::int64_t>(gone.size());
    log_.Error("turns_expired", {{"turns", gone.size()}});
  }
  if (owed_.empty()) return;
  if (const Status status = turns_.ReleaseAgain(owed_); status.ok()) {
    owed_.clear();
  } else {
    log_.Warn("release_failed", {{"error", status.error().message}});
  }
}

void Dispatcher::Report(SteadyTime now, const Credit& credit) {
  if (IsAlarm(credit.state) && credit.state != now_.credit.state) {
    log_.Error("credit_alarm",
               {{"state", ToString(credit.state)}, {"outstanding", credit.outstanding}});
  }
  now_.publisher = publisher_.status();
  now_.credit = credit;
  now_.duplicates = keeper_.duplicates();
  now_.gaps = keeper_.gaps();
  now_.skipped = keeper_.skipped();
  now_.beat = now;
  status_.With([&](DispatcherStatus& status) { status = now_; });
}

DispatcherStatus Dispatcher::status() const {
  return status_.With([](const DispatcherStatus& status) { return status; });
}

}  // namespace webcare

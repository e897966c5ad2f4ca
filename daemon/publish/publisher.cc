#include "daemon/publish/publisher.h"

#include <algorithm>
#include <future>
#include <utility>

namespace webcare {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kUnseenLimit{15};

Error Unavailable(std::string message) { return {ErrorCode::kUnavailable, std::move(message), {}}; }

std::int64_t CountTurns(const std::vector<OutboxRow>& rows) {
  return std::count_if(rows.begin(), rows.end(),
                       [](const OutboxRow& row) { return row.topic == Topic::kQueue; });
}

}  // namespace

std::string_view ToString(PublisherState state) {
  switch (state) {
    case PublisherState::kConnecting:
      return "connecting";
    case PublisherState::kPublishing:
      return "publishing";
    case PublisherState::kRefused:
      return "refused";
    case PublisherState::kSteppedDown:
      return "stepped-down";
  }
  return "unknown";
}

milliseconds PublisherBackoff(int failures) {
  constexpr int kDoublings = 7;
  return std::min(milliseconds(10'000), milliseconds(100) * (1 << std::min(failures, kDoublings)));
}

Publisher::Publisher(const KafkaSettings& kafka, const BatchSettings& batch, Broker& broker,
                     OutboxAccess& outbox, const Log& log)
    : kafka_(kafka), batch_(batch), broker_(broker), database_(outbox), log_(log) {}

SteadyTime Publisher::Step(SteadyTime now, const std::stop_token& stop) {
  const PublisherState state = status().state;
  if (state == PublisherState::kRefused && adopt_) Report(PublisherState::kConnecting, "adopting");
  if (state == PublisherState::kRefused || state == PublisherState::kSteppedDown) {
    return now + milliseconds(1000);
  }
  if (now < next_step_) return next_step_;
  if (producer_ == nullptr) {
    next_step_ = now;
    if (Status status = Connect(stop); !status.ok()) Fail(status.error(), now);
    return next_step_;
  }
  producer_->Poll();
  if (Status status = PublishBatch(now); !status.ok()) Fail(status.error(), now);
  return next_step_;
}

Progress Publisher::NextProgress(const std::vector<OutboxRow>& rows) const {
  Progress next{outbox_id_, kafka_.name, boot_,  cluster_,
                position_,  chain_,      turns_, consumed_offset_};
  if (!rows.empty()) {
    next.turns += CountTurns(rows);
    if (rows.back().seq <= position_) return next;  // Sent again with a hello.
    next.last_seq = rows.back().seq;
    next.chain = rows.back().chain;
  }
  return next;
}

Status Publisher::Publish(const std::vector<OutboxRow>& rows) {
  const Progress next = NextProgress(rows);
  const std::string key = outbox_id_.Hex();
  const std::string value = EncodeProgress(next);
  std::vector<std::string> places;  // Reserved: records point into it.
  places.reserve(rows.size());
  std::vector<KafkaRecord> records;
  records.reserve(rows.size());
  std::int64_t place = turns_;
  for (const OutboxRow& row : rows) {
    KafkaRecord record{.topic = ToString(row.topic),
                       .key = row.key,
                       .value = row.value,
                       .tombstone = row.tombstone,
                       .headers = &row.headers,
                       .outbox = key};
    if (row.topic == Topic::kQueue) {
      record.place = places.emplace_back(std::to_string(++place));
    }
    records.push_back(record);
  }
  const SendResult sent =
      producer_->Send(records, {.topic = "progress", .key = key, .value = value});
  if (sent.outcome != SendOutcome::kCommitted) {
    if (sent.outcome == SendOutcome::kRefused) return Error{ErrorCode::kDenied, sent.why, {}};
    return Unavailable(sent.why);
  }
  position_ = next.last_seq;
  chain_ = next.chain;
  turns_ = next.turns;
  Committed(sent.ends);
  status_.With([&](PublisherStatus& s) {
    s.rows += static_cast<std::int64_t>(rows.size());
    s.transactions++;
  });
  return OkStatus();
}

Status Publisher::PublishBatch(SteadyTime now) {
  auto local = database_.Load();
  if (!local.ok()) return local.error();
  if (!backlog_done_ && position_ >= backlog_end_) {
    backlog_done_ = true;
    released_ = turns_;
  }
  status_.With([&](PublisherStatus& s) {
    s.position = position_;
    s.lag = local->last_seq - position_;
  });
  next_step_ = now;
  if (local->last_seq == position_) return SettleWhenIdle(now);
  auto rows = TakeRows();
  if (!rows.ok()) return rows.error();
  if (rows->empty()) return Error{ErrorCode::kCorrupt, "rows of the outbox are missing", {}};
  const Errand errand = NextErrand(*rows, local->last_seq);
  std::future<Done> helper;
  if (errand.mark || errand.read_after) helper = std::async([&] { return Do(errand); });
  Status published = Publish(*rows);
  Done done = helper.valid() ? helper.get() : Done{};
  if (!published.ok()) return published;
  ahead_ = std::move(done.rows);
  // A batch that took all there was is followed by a pause, so that the next one has company.
  if (position_ >= local->last_seq) next_step_ = now + batch_.linger;
  unmarked_ = !ahead_.empty();
  if (unmarked_) {
    ReportMark(done.marked);
  } else {
    Confirm();
  }
  return OkStatus();
}

Result<std::vector<OutboxRow>> Publisher::TakeRows() {
  if (!ahead_.empty()) return std::exchange(ahead_, {});
  return database_.Read(position_, batch_.max_rows, batch_.max_bytes);
}

Publisher::Errand Publisher::NextErrand(const std::vector<OutboxRow>& rows, std::int64_t last_seq) {
  Errand errand;
  // If it fails, the rows are settled with a later one and only the places are not remembered.
  if (unmarked_) errand.mark = {position_, settled_.seq, std::exchange(settled_.ends, {})};
  // Otherwise the mark decides what is sent again: it must not lag.
  const bool exact = kafka_.delivery == DeliveryMode::kExactlyOnce;
  // Less than a full batch is better read when it is due: by then it has grown.
  const std::int64_t end = rows.back().seq;
  if (exact && last_seq - end >= batch_.max_rows) errand.read_after = end;
  return errand;
}

// Not on the publisher's thread: touches the database only.
Publisher::Done Publisher::Do(const Errand& errand) {
  Done done;
  if (const auto& mark = errand.mark) {
    done.marked = database_.Mark(mark->confirmed, mark->settled, mark->ends);
  }
  if (!errand.read_after) return done;
  auto rows = database_.Read(*errand.read_after, batch_.max_rows, batch_.max_bytes);
  if (rows.ok()) done.rows = std::move(*rows);  // Else it fails again when it is due.
  return done;
}

// Rows that are committed are settled one batch later: by then Kafka has ended their transaction, and one
// look tells so.
void Publisher::Committed(const std::vector<TopicEnd>& ends) {
  unseen_since_.reset();
  if (kafka_.delivery != DeliveryMode::kExactlyOnce) {
    settled_ = {position_, ends};
    return;
  }
  if (unsettled_ && producer_->CanBeSeen(unsettled_->ends)) {
    settled_ = std::move(*unsettled_);
    unsettled_.reset();
  }
  if (!unsettled_) unsettled_ = SettledRows{position_, {}};
  unsettled_->seq = position_;
  for (const TopicEnd& end : ends) {
    EndOf(unsettled_->ends, end.topic, end.partition).offset = end.offset;
  }
}

// After the last batch nothing follows that could bring this about; readers wait if it does not come.
Status Publisher::SettleWhenIdle(SteadyTime now) {
  if (!unsettled_) return OkStatus();
  if (producer_->CanBeSeen(unsettled_->ends)) {
    settled_ = std::move(*unsettled_);
    unsettled_.reset();
    Confirm();
    return OkStatus();
  }
  next_step_ = now + batch_.linger;
  if (!unseen_since_) unseen_since_ = now;
  if (now - *unseen_since_ < kUnseenLimit) return OkStatus();
  return Unavailable("readers do not see what was committed: Kafka left a transaction open");
}

// A full disk must not stop publishing, which is what empties it: the mark is made up for later.
void Publisher::Confirm() {
  unmarked_ = false;
  const Status status = database_.Mark(position_, settled_.seq, settled_.ends);
  if (status.ok()) settled_.ends.clear();
  ReportMark(status);
}

void Publisher::ReportMark(const Status& marked) {
  Report(PublisherState::kPublishing, marked.ok() ? "" : "marking: " + marked.error().message);
}

std::optional<std::int64_t> Publisher::turns_released() const {
  if (!backlog_done_ || producer_ == nullptr) return std::nullopt;
  return released_;
}

void Publisher::Fail(const Error& error, SteadyTime now) {
  producer_.reset();
  ahead_.clear();
  unmarked_ = false;
  backlog_done_ = false;
  next_step_ = now + PublisherBackoff(failures_++);
  Report(PublisherState::kConnecting, error.message);
}

void Publisher::Report(PublisherState state, std::string why) {
  const bool news = status_.With([&](PublisherStatus& s) {
    const bool changed = s.state != state || s.why != why;
    s.state = state;
    s.why = why;
    return changed;
  });
  if (!news) return;
  if (state == PublisherState::kPublishing) {
    log_.Info("publisher_state", {{"state", ToString(state)}});
  } else {
    log_.Warn("publisher_state", {{"state", ToString(state)}, {"why", why}});
  }
}

PublisherStatus Publisher::status() const {
  return status_.With([](const PublisherStatus& s) { return s; });
}

}  // namespace webcare

#include "daemon/publish/publisher.h"

#include <algorithm>

namespace webcare {
namespace {

using std::chrono::milliseconds;

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
  if (state == PublisherState::kRefused && adopt_) Settle(PublisherState::kConnecting, "adopting");
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

Status Publisher::Connect(const std::stop_token& stop) {
  status_.With([](PublisherStatus& s) { s.connects++; });
  auto producer = broker_.NewProducer();
  if (!producer.ok()) return producer.error();
  producer_ = std::move(*producer);
  // First init, then read: only now nothing of an earlier producer is in the air.
  if (Status status = producer_->Init(stop); !status.ok()) return status;
  auto facts = Gather(stop);
  if (!facts.ok()) return facts.error();
  StartDecision decision = DecideStart(*facts);
  if (decision.action == StartAction::kRefuse && adopt_.exchange(false)) {
    return AdoptKafka(*facts);
  }
  if (decision.action != StartAction::kPublish) {
    producer_.reset();
    Settle(decision.action == StartAction::kRefuse ? PublisherState::kRefused
                                                   : PublisherState::kSteppedDown,
           decision.why);
    return OkStatus();
  }
  return Begin(*facts, decision);
}

Result<StartFacts> Publisher::Gather(const std::stop_token& stop) {
  StartFacts facts;
  facts.delivery = kafka_.delivery;
  facts.name = kafka_.name;
  auto cluster = broker_.ClusterId();
  if (!cluster.ok()) return cluster.error();
  facts.cluster = *cluster;
  auto progress = broker_.ReadProgress(stop);
  if (!progress.ok()) return progress.error();
  facts.progress = std::move(*progress);
  auto local = database_.Load();
  if (!local.ok()) return local.error();
  facts.local = *local;
  auto tail = broker_.ReadQueueTail(facts.local.id, stop);
  if (!tail.ok()) return tail.error();
  facts.queue = *tail;
  if (const Progress* ours = FindProgress(facts.progress, facts.local.id)) {
    auto chain = database_.ChainAt(ours->last_seq);
    if (!chain.ok()) return chain.error();
    facts.chain_at_progress = *chain;
    if (!predecessor_) predecessor_ = ours->boot;
  }
  if (!predecessor_) predecessor_ = Id128{};
  facts.own_boots = {boot_};
  // Until our hello is known to stand there, the one before us may still be the newest.
  if (!hello_done_) facts.own_boots.insert(*predecessor_);
  return facts;
}

Status Publisher::Begin(const StartFacts& facts, const StartDecision& decision) {
  outbox_id_ = facts.local.id;
  cluster_ = facts.cluster;
  if (facts.local.cluster_id.empty()) {
    if (Status status = database_.SetClusterId(cluster_); !status.ok()) return status;
  }
  if (Status status = RecountTurns(facts, decision.resume); !status.ok()) return status;
  turns_at_connect_ = turns_;
  position_ = decision.resume;
  chain_ = decision.resume == facts.local.confirmed_seq ? facts.local.confirmed_chain
                                                        : facts.chain_at_progress;
  backlog_end_ = facts.local.last_seq;
  backlog_done_ = false;
  // The hello makes our boot id the newest.
  if (Status status = Publish({}); !status.ok()) return status;
  hello_done_ = true;
  failures_ = 0;
  Confirm();  // Rows that were committed but not marked.
  return OkStatus();
}

Status Publisher::RecountTurns(const StartFacts& facts, std::int64_t resume) {
  const Progress* ours = FindProgress(facts.progress, facts.local.id);
  turns_ = ours == nullptr ? facts.queue.last_place.value_or(0) : ours->turns;
  if (ours == nullptr) return OkStatus();
  if (consumed_offset_ < 0 && ours->consumed_offset <= facts.queue.high) {
    consumed_offset_ = ours->consumed_offset;
  }
  // At-least-once sends the rows between the local mark and progress again, with their old places.
  for (std::int64_t seq = resume; seq < ours->last_seq;) {
    auto rows = database_.Read(seq, batch_.max_rows, batch_.max_bytes);
    if (!rows.ok()) return rows.error();
    std::erase_if(*rows, [&](const OutboxRow& row) { return row.seq > ours->last_seq; });
    if (rows->empty()) break;
    turns_ -= CountTurns(*rows);
    seq = rows->back().seq;
  }
  return OkStatus();
}

// Numbering goes on behind whichever is further, Kafka or the database; then everything starts
// over.
Status Publisher::AdoptKafka(const StartFacts& facts) {
  const Progress* ours = FindProgress(facts.progress, facts.local.id);
  const bool kafka_leads = ours != nullptr && ours->last_seq > facts.local.confirmed_seq;
  const std::int64_t seq = kafka_leads ? ours->last_seq : facts.local.confirmed_seq;
  const Id128 chain = kafka_leads ? ours->chain : facts.local.confirmed_chain;
  if (Status status = database_.Adopt(seq, chain); !status.ok()) return status;
  auto local = database_.Load();
  if (!local.ok()) return local.error();
  log_.Warn("outbox_adopted", {{"seq", seq}, {"outbox", facts.local.id.Hex()}});
  outbox_id_ = local->id;
  cluster_ = facts.cluster;
  position_ = seq;
  chain_ = chain;
  // What the queue topic shows is what agents can see; without it (all expired) progress knows.
  const bool empty = facts.queue.high == 0 || ours == nullptr;
  turns_ = facts.queue.last_place.value_or(empty ? 0 : ours->turns);
  backlog_end_ = local->last_seq;
  backlog_done_ = false;
  std::vector<KafkaRecord> tombstones;
  std::vector<std::string> keys;
  for (const Progress& other : facts.progress) {
    if (other.name == kafka_.name && other.outbox != local->id) keys.push_back(other.outbox.Hex());
  }
  tombstones.reserve(keys.size());
  for (const std::string& key : keys) {
    tombstones.push_back({.topic = "progress", .key = key, .value = "", .tombstone = true});
  }
  const std::string value = EncodeProgress(NextProgress({}));
  const SendResult sent =
      producer_->Send(tombstones, {.topic = "progress", .key = local->id.Hex(), .value = value});
  if (sent.outcome != SendOutcome::kCommitted) return Unavailable("adopting: " + sent.why);
  return Unavailable("adopted, starting over");
}

Progress Publisher::NextProgress(const std::vector<OutboxRow>& rows) const {
  Progress next{outbox_id_, kafka_.name, boot_,  cluster_,
                position_,  chain_,      turns_, consumed_offset_};
  if (!rows.empty()) {
    next.last_seq = rows.back().seq;
    next.chain = rows.back().chain;
    next.turns += CountTurns(rows);
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
                       .headers = &row.headers};
    if (row.topic == Topic::kQueue) {
      record.place = places.emplace_back(std::to_string(++place));
      record.outbox = key;
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
  if (local->last_seq == position_) return OkStatus();
  auto rows = database_.Read(position_, batch_.max_rows, batch_.max_bytes);
  if (!rows.ok()) return rows.error();
  if (rows->empty()) return Error{ErrorCode::kCorrupt, "rows of the outbox are missing", {}};
  if (Status status = Publish(*rows); !status.ok()) return status;
  // A batch that took all there was is followed by a pause, so that the next one has company.
  if (position_ >= local->last_seq) next_step_ = now + batch_.linger;
  Confirm();
  return OkStatus();
}

// A full disk must not stop publishing, which is what empties it: the mark is made up for later.
void Publisher::Confirm() {
  const Status status = database_.Confirm(position_);
  Settle(PublisherState::kPublishing, status.ok() ? "" : "marking: " + status.error().message);
}

std::optional<std::int64_t> Publisher::turns_released() const {
  if (!backlog_done_ || producer_ == nullptr) return std::nullopt;
  return released_;
}

void Publisher::Fail(const Error& error, SteadyTime now) {
  producer_.reset();
  backlog_done_ = false;
  next_step_ = now + PublisherBackoff(failures_++);
  Settle(PublisherState::kConnecting, error.message);
}

void Publisher::Settle(PublisherState state, std::string why) {
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

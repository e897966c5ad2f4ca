// The publisher's way from a new producer to the first transaction.
#include <algorithm>

#include "daemon/publish/publisher.h"

namespace webcare {
namespace {

std::int64_t CountTurnsUpTo(const std::vector<OutboxRow>& rows, std::int64_t last_seq) {
  return std::count_if(rows.begin(), rows.end(), [&](const OutboxRow& row) {
    return row.topic == Topic::kQueue && row.seq <= last_seq;
  });
}

Error StartOver(std::string message) { return {ErrorCode::kUnavailable, std::move(message), {}}; }

}  // namespace

Status Publisher::Connect(const std::stop_token& stop) {
  status_.With([](PublisherStatus& s) { s.connects++; });
  settled_ = {};
  unsettled_.reset();
  auto producer = broker_.NewProducer();
  if (!producer.ok()) return producer.error();
  producer_ = std::move(*producer);
  // First init, then read: only now nothing of an earlier producer is in the air.
  if (Status status = producer_->Init(stop); !status.ok()) return status;
  if (Status status = EndOpenTransactions(stop); !status.ok()) return status;
  auto facts = Gather(stop);
  if (!facts.ok()) return facts.error();
  StartDecision decision = DecideStart(*facts);
  if (decision.action == StartAction::kRefuse && adopt_.exchange(false)) {
    return AdoptKafka(*facts);
  }
  if (decision.action != StartAction::kPublish) {
    producer_.reset();
    Report(decision.action == StartAction::kRefuse ? PublisherState::kRefused
                                                   : PublisherState::kSteppedDown,
           decision.why);
    return OkStatus();
  }
  return Begin(*facts, decision);
}

// Kafka 4.3.0 forgets commit and abort markers of partitions that have no leader for a moment, as all of
// a lone broker's have while it restarts, and calls the transaction complete. Readers then stand still
// until the next marker of ours, which decides what becomes of the rows: it must not be left to chance.
Status Publisher::EndOpenTransactions(const std::stop_token& stop) {
  if (kafka_.delivery != DeliveryMode::kExactlyOnce) return OkStatus();
  auto open = broker_.OpenPartitions(stop);
  if (!open.ok()) return open.error();
  if (open->empty()) return OkStatus();
  log_.Warn("transaction_left_open", {{"partitions", static_cast<std::int64_t>(open->size())}});
  return producer_->Abandon(*open);
}

Status Publisher::ReadKeptRows(StartFacts& facts, const std::stop_token& stop) {
  const OutboxState& local = facts.local;
  const bool published = FindProgress(facts.progress, local.id) != nullptr;
  if (kafka_.delivery != DeliveryMode::kExactlyOnce || !published) return OkStatus();
  // Committed and not yet confirmed: one batch; sent and never heard of: another.
  const std::int64_t end = std::min<std::int64_t>(
      local.last_seq, local.confirmed_seq + std::int64_t{2} * batch_.max_rows);
  for (std::int64_t seq = local.settled_seq; seq < end;) {
    auto rows = database_.Read(seq, batch_.max_rows, batch_.max_bytes);
    if (!rows.ok()) return rows.error();
    if (rows->empty()) break;
    for (const OutboxRow& row : *rows) {
      if (row.seq <= end) facts.kept.push_back({row.seq, row.topic == Topic::kQueue});
    }
    seq = rows->back().seq;
  }
  if (facts.kept.empty()) return OkStatus();
  auto starts = database_.SettledEnds();
  if (!starts.ok()) return starts.error();
  auto fates = broker_.ReadBack(local.id, *starts, stop);
  if (!fates.ok()) return fates.error();
  facts.fates = std::move(*fates);
  return OkStatus();
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
  if (Status status = ReadKeptRows(facts, stop); !status.ok()) return status.error();
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
  turns_ = decision.turns;
  if (Status status = RecountTurns(facts, decision.resume); !status.ok()) return status;
  turns_at_connect_ = turns_;
  position_ = decision.resume;
  auto chain = ChainOf(facts, decision.resume);
  if (!chain.ok()) return chain.error();
  chain_ = *chain;
  backlog_end_ = facts.local.last_seq;
  backlog_done_ = false;
  // The hello makes our boot id the newest, and brings back what Kafka undid.
  auto lost = ReadRows(decision.lost);
  if (!lost.ok()) return lost.error();
  if (Status status = Publish(*lost); !status.ok()) return status;
  hello_done_ = true;
  failures_ = 0;
  // All there is was looked at, but for what went out just now.
  if (lost->empty() && !facts.kept.empty()) settled_ = {position_, facts.fates.ends};
  Confirm();  // Rows that were committed but not marked.
  return OkStatus();
}

Result<Id128> Publisher::ChainOf(const StartFacts& facts, std::int64_t seq) {
  if (seq == facts.local.confirmed_seq) return facts.local.confirmed_chain;
  if (seq == facts.local.settled_seq) return facts.local.settled_chain;
  return database_.ChainAt(seq);
}

Result<std::vector<OutboxRow>> Publisher::ReadRows(const std::vector<KeptRow>& wanted) {
  std::vector<OutboxRow> rows;
  for (const KeptRow& one : wanted) {
    auto row = database_.Read(one.seq - 1, 1, batch_.max_bytes);
    if (!row.ok()) return row.error();
    if (row->empty()) return Error{ErrorCode::kCorrupt, "rows of the outbox are missing", {}};
    rows.push_back(std::move(row->front()));
  }
  if (!rows.empty()) {
    log_.Warn("rows_sent_again", {{"rows", static_cast<std::int64_t>(rows.size())}});
  }
  return rows;
}

// At-least-once sends the rows between the local mark and progress again, with their old places.
Status Publisher::RecountTurns(const StartFacts& facts, std::int64_t resume) {
  const Progress* ours = FindProgress(facts.progress, facts.local.id);
  if (ours == nullptr) return OkStatus();
  if (consumed_offset_ < 0 && ours->consumed_offset <= facts.queue.high) {
    consumed_offset_ = ours->consumed_offset;
  }
  for (std::int64_t seq = resume; seq < ours->last_seq;) {
    auto rows = database_.Read(seq, batch_.max_rows, batch_.max_bytes);
    if (!rows.ok()) return rows.error();
    if (rows->empty()) break;
    turns_ -= CountTurnsUpTo(*rows, ours->last_seq);
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
  if (sent.outcome != SendOutcome::kCommitted) return StartOver("adopting: " + sent.why);
  return StartOver("adopted, starting over");
}

}  // namespace webcare

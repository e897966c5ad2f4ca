#include "daemon/publish/progress.h"

#include <algorithm>

#include "daemon/base/json.h"

namespace webcare {
namespace {

std::optional<Id128> ParseId(std::string_view hex) {
  if (hex.size() != 32) return std::nullopt;
  Id128 id;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(hex[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    id.bytes[i / 2] = static_cast<std::uint8_t>(id.bytes[i / 2] << 4 | digit);
  }
  return id;
}

StartDecision Refuse(std::string why) { return {StartAction::kRefuse, std::move(why), 0, {}, 0}; }

std::string Row(std::int64_t seq) { return "row " + std::to_string(seq); }

// Another database published under our name, and ours did not yet.
const Progress* FindPredecessor(const StartFacts& facts) {
  const auto found = std::find_if(
      facts.progress.begin(), facts.progress.end(),
      [&](const Progress& p) { return p.name == facts.name && p.outbox != facts.local.id; });
  return found == facts.progress.end() ? nullptr : &*found;
}

StartDecision DecideWithoutProgress(const StartFacts& facts) {
  if (const Progress* other = FindPredecessor(facts)) {
    return Refuse("'" + facts.name + "' has published from another database (outbox " +
                  other->outbox.Hex() + ", up to " + Row(other->last_seq) + ")");
  }
  if (facts.local.confirmed_seq > 0) {
    return Refuse("the progress topic does not know this database, which has published up to " +
                  Row(facts.local.confirmed_seq) + ": was the topic made anew?");
  }
  return {StartAction::kPublish, "", 0, {}, facts.queue.last_place.value_or(0)};
}

// Exactly-once, taken together: progress and the rows themselves. A partition may have lost what the
// others still show, progress included.
StartDecision Weigh(const Progress& progress, const StartFacts& facts) {
  StartDecision found{StartAction::kPublish, "", progress.last_seq, {}, progress.turns};
  const RowFates& fates = facts.fates;
  if (!fates.seen.empty()) found.resume = std::max(found.resume, *fates.seen.rbegin());
  for (const KeptRow& row : facts.kept) {
    if (row.seq > found.resume) break;
    const bool lost = fates.undone.contains(row.seq) && !fates.seen.contains(row.seq);
    if (lost) found.lost.push_back(row);
    if (!row.is_turn) continue;
    const bool counted = row.seq <= progress.last_seq;
    if (lost && counted) --found.turns;
    if (!lost && !counted) ++found.turns;
  }
  return found;
}

std::optional<StartDecision> RefuseOtherRows(const Progress& progress, const StartFacts& facts,
                                             std::int64_t seen) {
  const OutboxState& local = facts.local;
  if (seen > local.last_seq) {
    return Refuse("the database ends at " + Row(local.last_seq) + " but Kafka already has " +
                  Row(seen) + ": it was restored from a backup or copied");
  }
  const bool exact = facts.delivery == DeliveryMode::kExactlyOnce;
  if (progress.last_seq < (exact ? local.settled_seq : local.confirmed_seq)) {
    return Refuse("Kafka has published up to " + Row(progress.last_seq) +
                  " only, the database knows of " + Row(local.confirmed_seq) +
                  ": the progress topic was rolled back");
  }
  Id128 chain = facts.chain_at_progress;
  if (progress.last_seq == local.settled_seq) chain = local.settled_chain;
  if (progress.last_seq == local.confirmed_seq) chain = local.confirmed_chain;
  if (chain == progress.chain) return std::nullopt;
  return Refuse("the rows up to " + Row(progress.last_seq) +
                " are not those that were published: the database is a copy that went its own way");
}

StartDecision DecideAgainst(const Progress& progress, const StartFacts& facts) {
  const bool exact = facts.delivery == DeliveryMode::kExactlyOnce;
  StartDecision found =
      exact
          ? Weigh(progress, facts)
          : StartDecision{StartAction::kPublish, "", facts.local.confirmed_seq, {}, progress.turns};
  if (auto refused = RefuseOtherRows(progress, facts, std::max(found.resume, progress.last_seq))) {
    return *refused;
  }
  const QueueTail& queue = facts.queue;
  const std::int64_t last_place = queue.last_place.value_or(found.turns);
  // At-least-once: the turns may have got through and their progress record not.
  if (exact && last_place > found.turns) {
    return Refuse("the queue topic holds turn " + std::to_string(last_place) +
                  ", progress knows of " + std::to_string(found.turns));
  }
  if (last_place < found.turns || (found.turns > 0 && queue.high == 0)) {
    return Refuse("the queue topic has lost turns that were published (" +
                  std::to_string(found.turns) + ", it ends at " +
                  std::to_string(queue.last_place.value_or(0)) + "): was it made anew?");
  }
  return found;
}

}  // namespace

std::string EncodeProgress(const Progress& progress) {
  JsonWriter json;
  json.StartObject()
      .Field("outbox", progress.outbox.Hex())
      .Field("name", progress.name)
      .Field("boot", progress.boot.Hex())
      .Field("cluster", progress.cluster)
      .Field("last_seq", progress.last_seq)
      .Field("chain", progress.chain.Hex())
      .Field("turns", progress.turns)
      .Field("consumed_offset", progress.consumed_offset)
      .EndObject();
  return json.Take();
}

Result<Progress> DecodeProgress(std::string_view key, std::string_view value) {
  const Error corrupt{ErrorCode::kCorrupt, "a record in the progress topic is not ours", {}};
  const auto parsed = JsonDocument::Parse(value, {4096, 2});
  if (!parsed.ok()) return corrupt;
  const JsonValue root = parsed->root();
  const auto outbox = ParseId(root["outbox"].Str());
  const auto boot = ParseId(root["boot"].Str());
  const auto chain = ParseId(root["chain"].Str());
  const auto last_seq = root["last_seq"].Int();
  const auto turns = root["turns"].Int();
  if (!outbox || !boot || !chain || !last_seq || !turns || outbox->Hex() != key) return corrupt;
  return Progress{*outbox,   std::string(root["name"].Str()),
                  *boot,     std::string(root["cluster"].Str()),
                  *last_seq, *chain,
                  *turns,    root["consumed_offset"].Int().value_or(-1)};
}

const Progress* FindProgress(const std::vector<Progress>& all, const Id128& outbox) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Progress& p) { return p.outbox == outbox; });
  return found == all.end() ? nullptr : &*found;
}

StartDecision DecideStart(const StartFacts& facts) {
  const Progress* progress = FindProgress(facts.progress, facts.local.id);
  if (progress != nullptr && !facts.own_boots.contains(progress->boot)) {
    return {StartAction::kStepDown, "another webcared publishes as '" + facts.name + "'", 0, {}, 0};
  }
  if (!facts.local.cluster_id.empty() && facts.local.cluster_id != facts.cluster) {
    return Refuse("the database belongs to Kafka cluster " + facts.local.cluster_id +
                  ", this is cluster " + facts.cluster);
  }
  if (progress == nullptr) return DecideWithoutProgress(facts);
  if (progress->cluster != facts.cluster) {
    return Refuse("the progress topic was copied from Kafka cluster " + progress->cluster);
  }
  return DecideAgainst(*progress, facts);
}

}  // namespace webcare

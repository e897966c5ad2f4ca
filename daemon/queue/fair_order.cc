#include "daemon/queue/fair_order.h"

#include <algorithm>
#include <cassert>

namespace webcare {

void FairOrder::RestoreSource(std::int64_t source, const SourcePlace& place) {
  sources_[source].ring = place;
  if (place.place) ring_.push_back(source);
}

void FairOrder::RestoreAuthor(std::int64_t source, std::int64_t author, std::int64_t place) {
  authors_[author] = {source, place};
  sources_[source].line.push_back(author);
}

void FairOrder::RestoreTurn(const WaitingTurn& turn) { AddTurn(turn); }

void FairOrder::SetWeight(std::int64_t source, int weight) {
  assert(weight >= 1);
  sources_[source].ring.weight = weight;
}

void FairOrder::Arrive(const WaitingTurn& turn) {
  Source& source = sources_[turn.source];
  if (authors_.try_emplace(turn.author, Author{turn.source, turn.turn}).second) {
    source.line.push_back(turn.author);
  }
  if (!source.ring.place) {
    source.ring.place = turn.turn;
    ring_.push_back(turn.source);
  }
  AddTurn(turn);
}

void FairOrder::Withdraw(const WaitingTurn& turn) { RemoveTurn(turn); }

FairOrder::Taken FairOrder::TakeNext(std::int64_t tick) {
  Taken taken;
  while (!ring_.empty()) {
    const std::int64_t id = ring_.front();
    Source& source = sources_[id];
    taken.sources.push_back(id);
    DropGhosts(source, taken);
    if (source.line.empty()) {  // The source was a ghost itself.
      EndVisit(id, source, tick);
      continue;
    }
    const std::int64_t author = source.line.front();
    source.line.pop_front();
    const auto first = FirstTurn(author);
    taken.turn = {first->first.second, id, author, first->second};
    taken.authors.push_back(author);
    RemoveTurn(taken.turn);
    if (FirstTurn(author) == turns_.end()) {
      authors_.erase(author);
    } else {
      authors_[author].place = tick;
      source.line.push_back(author);
    }
    if (source.ring.credit == 0) source.ring.credit = source.ring.weight;
    --source.ring.credit;
    if (source.ring.credit == 0 || source.line.empty()) EndVisit(id, source, tick);
    break;
  }
  return taken;
}

std::optional<std::int64_t> FairOrder::AuthorPlace(std::int64_t author) const {
  const auto found = authors_.find(author);
  if (found == authors_.end()) return std::nullopt;
  return found->second.place;
}

std::optional<std::int64_t> FairOrder::FirstTurnOf(std::int64_t author) const {
  const auto first = FirstTurn(author);
  if (first == turns_.end()) return std::nullopt;
  return first->first.second;
}

SourcePlace FairOrder::PlaceOf(std::int64_t source) const {
  const auto found = sources_.find(source);
  return found == sources_.end() ? SourcePlace{} : found->second.ring;
}

std::size_t FairOrder::WaitingSources() const {
  return static_cast<std::size_t>(
      std::count_if(sources_.begin(), sources_.end(),
                    [](const auto& entry) { return entry.second.waiting > 0; }));
}

void FairOrder::AddTurn(const WaitingTurn& turn) {
  turns_.emplace(TurnKey{turn.author, turn.turn}, turn.case_no);
  ++sources_[turn.source].waiting;
}

void FairOrder::RemoveTurn(const WaitingTurn& turn) {
  [[maybe_unused]] const std::size_t gone = turns_.erase({turn.author, turn.turn});
  assert(gone == 1);
  --sources_[turn.source].waiting;
}

std::map<FairOrder::TurnKey, std::int64_t>::const_iterator FairOrder::FirstTurn(
    std::int64_t author) const {
  const auto found = turns_.lower_bound({author, 0});
  return found != turns_.end() && found->first.first == author ? found : turns_.end();
}

void FairOrder::DropGhosts(Source& source, Taken& taken) {
  while (!source.line.empty() && FirstTurn(source.line.front()) == turns_.end()) {
    taken.authors.push_back(source.line.front());
    authors_.erase(source.line.front());
    source.line.pop_front();
  }
}

// To the end of the ring, or out of it when nobody stands in line.
void FairOrder::EndVisit(std::int64_t id, Source& source, std::int64_t tick) {
  ring_.pop_front();
  source.ring.credit = 0;
  source.ring.place.reset();
  if (source.line.empty()) return;
  source.ring.place = tick;
  ring_.push_back(id);
}

}  // namespace webcare

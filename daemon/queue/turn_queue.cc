#include "daemon/queue/turn_queue.h"

#include <algorithm>
#include <tuple>

namespace webcare {

TurnQueue::TurnQueue(Database& db) : db_(db) {
  Reload();
  db_.SetBeforeCommit([this] { Store(); });
}

TurnQueue::~TurnQueue() { db_.SetBeforeCommit(nullptr); }

void TurnQueue::Reload() {
  order_ = FairOrder();
  by_age_.clear();
  ticked_ = false;
  moved_sources_.clear();
  moved_authors_.clear();
  if (auto clock = db_.Query("SELECT tick FROM queue_clock"); clock.Step()) tick_ = clock.Int(0);
  auto source =
      db_.Query("SELECT source, weight, place, credit FROM queue_sources ORDER BY place, source");
  while (source.Step()) {
    SourcePlace place;
    place.weight = static_cast<int>(source.Int(1));
    if (!source.IsNull(2)) place.place = source.Int(2);
    place.credit = static_cast<int>(source.Int(3));
    order_.RestoreSource(source.Int(0), place);
  }
  std::vector<WaitingTurn> turns;
  auto row = db_.Query("SELECT turn, source, author, case_no FROM queue_turns ORDER BY turn");
  while (row.Step()) turns.push_back({row.Int(0), row.Int(1), row.Int(2), row.Int(3)});
  LoadAuthors(turns);
  for (const WaitingTurn& turn : turns) {
    order_.RestoreTurn(turn);
    by_age_.emplace_hint(by_age_.end(), turn.turn, turn.case_no);
  }
}

// Most authors have one turn and stand where it came: only the others have rows (schema.md).
void TurnQueue::LoadAuthors(const std::vector<WaitingTurn>& by_arrival) {
  using Place = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // Tick, author, source.
  std::vector<Place> places;
  stored_authors_.clear();
  auto row = db_.Query("SELECT place, author, source FROM queue_authors");
  while (row.Step()) {
    places.emplace_back(row.Int(0), row.Int(1), row.Int(2));
    stored_authors_.insert(row.Int(1));
  }
  std::unordered_set<std::int64_t> standing = stored_authors_;
  for (const WaitingTurn& turn : by_arrival) {
    if (standing.insert(turn.author).second)
      places.emplace_back(turn.turn, turn.author, turn.source);
  }
  std::sort(places.begin(), places.end());
  for (const auto& [place, author, source] : places) order_.RestoreAuthor(source, author, place);
}

std::optional<std::int64_t> TurnQueue::OldestCase() const {
  if (by_age_.empty()) return std::nullopt;
  return by_age_.begin()->second;
}

void TurnQueue::SetWeight(std::int64_t source, int weight) {
  if (order_.PlaceOf(source).weight == weight) return;
  order_.SetWeight(source, weight);
  moved_sources_.insert(source);
}

std::int64_t TurnQueue::Arrive(std::int64_t source, std::int64_t author, std::int64_t case_no) {
  const std::int64_t tick = ++tick_;
  ticked_ = true;
  const bool source_stood = order_.PlaceOf(source).place.has_value();
  order_.Arrive({tick, source, author, case_no});
  by_age_.emplace(tick, case_no);
  db_.Query("INSERT INTO queue_turns VALUES (?1, ?2, ?3, ?4)")
      .Bind(1, case_no)
      .Bind(2, tick)
      .Bind(3, source)
      .Bind(4, author)
      .Run();
  if (!source_stood) moved_sources_.insert(source);
  return tick;
}

bool TurnQueue::Withdraw(std::int64_t case_no) {
  auto row = db_.Query("DELETE FROM queue_turns WHERE case_no = ?1 RETURNING turn, source, author");
  if (!row.Bind(1, case_no).Step()) return false;
  order_.Withdraw({row.Int(0), row.Int(1), row.Int(2), case_no});
  by_age_.erase(row.Int(0));
  moved_authors_[row.Int(2)] = row.Int(1);  // The place stays, and no turn may tell it any more.
  return true;
}

std::optional<TurnQueue::Released> TurnQueue::TakeNext() {
  // Without a release there is no tick, so that asking an empty queue is not an event.
  const std::int64_t tick = size() == 0 ? 0 : tick_ + 1;
  const FairOrder::Taken taken = order_.TakeNext(tick);
  moved_sources_.insert(taken.sources.begin(), taken.sources.end());
  for (const std::int64_t author : taken.authors) moved_authors_[author] = taken.turn.source;
  if (taken.turn.turn == 0) return std::nullopt;
  tick_ = tick;
  ticked_ = true;
  by_age_.erase(taken.turn.turn);
  db_.Query("DELETE FROM queue_turns WHERE case_no = ?1").Bind(1, taken.turn.case_no).Run();
  return Released{taken.turn, tick};
}

std::vector<WaitingTurn> TurnQueue::Preview(std::size_t limit) const {
  std::vector<WaitingTurn> turns;
  if (limit == 0 || size() == 0) return turns;
  FairOrder future = order_;
  // Places given in the copy must lie behind all real ones; their distance does not matter.
  std::int64_t tick = INT64_MAX / 2;
  while (turns.size() < limit) {
    const FairOrder::Taken taken = future.TakeNext(++tick);
    if (taken.turn.turn == 0) break;
    turns.push_back(taken.turn);
  }
  return turns;
}

void TurnQueue::Store() {
  if (ticked_) db_.Query("UPDATE queue_clock SET tick = ?1").Bind(1, tick_).Run();
  for (const std::int64_t source : moved_sources_) StoreSource(source);
  for (const auto& [author, source] : moved_authors_) StoreAuthor(author, source);
  ticked_ = false;
  moved_sources_.clear();
  moved_authors_.clear();
}

void TurnQueue::StoreSource(std::int64_t source) {
  const SourcePlace place = order_.PlaceOf(source);
  auto row = db_.Query(
      "INSERT INTO queue_sources VALUES (?1, ?2, ?3, ?4) ON CONFLICT (source) DO UPDATE "
      "SET weight = ?2, place = ?3, credit = ?4");
  row.Bind(1, source).Bind(2, place.weight).Bind(4, place.credit);
  if (place.place) row.Bind(3, *place.place);
  row.Run();
}

void TurnQueue::StoreAuthor(std::int64_t author, std::int64_t source) {
  const auto place = order_.AuthorPlace(author);
  if (!place || place == order_.FirstTurnOf(author)) {
    if (stored_authors_.erase(author) == 0) return;
    db_.Query("DELETE FROM queue_authors WHERE author = ?1").Bind(1, author).Run();
    return;
  }
  stored_authors_.insert(author);
  db_.Query(
         "INSERT INTO queue_authors VALUES (?1, ?2, ?3) ON CONFLICT (author) DO UPDATE "
         "SET place = ?3")
      .Bind(1, author)
      .Bind(2, source)
      .Bind(3, *place)
      .Run();
}

}  // namespace webcare

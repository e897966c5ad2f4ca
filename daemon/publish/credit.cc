#include "daemon/publish/credit.h"

#include <algorithm>

namespace webcare {
namespace {

// Consumed turns that are remembered, so that a reset of a few steps can be counted.
constexpr std::size_t kRemembered = 4096;

auto FirstAt(const std::deque<SeenTurn>& turns, std::int64_t offset) {
  return std::lower_bound(turns.begin(), turns.end(), offset,
                          [](const SeenTurn& turn, std::int64_t at) { return turn.offset < at; });
}

}  // namespace

std::string_view ToString(CreditState state) {
  switch (state) {
    case CreditState::kUnknown:
      return "unknown";
    case CreditState::kReleasing:
      return "releasing";
    case CreditState::kHolding:
      return "holding";
    case CreditState::kWaitingForAgents:
      return "waiting-for-agents";
    case CreditState::kOffsetsExpired:
      return "offsets-expired";
    case CreditState::kOffsetsReset:
      return "offsets-reset";
    case CreditState::kOffsetsAhead:
      return "offsets-ahead";
  }
  return "unknown";
}

void CreditKeeper::StartReading(std::int64_t offset, std::int64_t places) {
  turns_.clear();
  start_ = offset;
  places_before_ = places;
}

void CreditKeeper::AddTurn(SeenTurn turn) {
  const std::int64_t newest = turns_.empty() ? 0 : turns_.back().place;
  if (newest > 0 && turn.place <= newest) {
    ++duplicates_;
    return;
  }
  if (newest > 0 && turn.place > newest + 1) ++gaps_;
  if (turns_.empty()) places_before_ = turn.place - 1;
  turns_.push_back(std::move(turn));
  Trim();
}

void CreditKeeper::RestoreConsumed(std::int64_t offset) {
  if (committed_ >= 0 || offset < 0) return;
  committed_ = offset;
  furthest_ = offset;
}

void CreditKeeper::Observe(const GroupAnswer& answer) {
  const bool nobody = answer.members == 0 && answer_.members == 0;
  answer_ = answer;
  if (!answer.ok || !answer.committed) return;  // The last known offset stays.
  if (nobody && committed_ >= 0) skipped_ += TurnsBetween(Position(), *answer.committed);
  committed_ = *answer.committed;
  const bool beyond = committed_ > end_;
  ahead_ = beyond && end_ == end_when_beyond_;
  end_when_beyond_ = beyond ? end_ : -1;
  furthest_ = std::max(furthest_, committed_);
  Trim();
}

std::vector<SeenTurn> CreditKeeper::SetEnds(std::int64_t low, std::int64_t end) {
  std::vector<SeenTurn> gone;
  if (low > low_) {
    const auto last = FirstAt(turns_, low);
    for (auto turn = FirstAt(turns_, Position()); turn < last; ++turn) gone.push_back(*turn);
  }
  low_ = low;
  end_ = end;
  return gone;
}

Credit CreditKeeper::Decide(std::optional<std::int64_t> released, bool caught_up) const {
  Credit credit;
  if (!released || !caught_up || !answer_.ok) return credit;
  credit.outstanding = std::max<std::int64_t>(0, *released - ConsumedPlaces());
  if (committed_ > end_) {
    credit.state = ahead_ ? CreditState::kOffsetsAhead : CreditState::kHolding;
    return credit;
  }
  // Between the group and the first offset seen lie turns that nobody counted: more than a window.
  const bool uncounted = Position() < start_ && start_ > low_;
  credit.allowed = uncounted ? 0 : std::max<std::int64_t>(0, window_ - credit.outstanding);
  if (!answer_.committed) {
    credit.state = committed_ < 0 ? CreditState::kWaitingForAgents : CreditState::kOffsetsExpired;
  } else if (committed_ < furthest_) {
    credit.state = CreditState::kOffsetsReset;
  } else {
    credit.state = credit.allowed > 0 ? CreditState::kReleasing : CreditState::kHolding;
  }
  return credit;
}

std::int64_t CreditKeeper::Position() const { return std::max(committed_, low_); }

std::int64_t CreditKeeper::ConsumedPlaces() const {
  const auto next = FirstAt(turns_, Position());
  return next == turns_.begin() ? places_before_ : std::prev(next)->place;
}

std::int64_t CreditKeeper::TurnsBetween(std::int64_t from, std::int64_t to) const {
  return std::max<std::int64_t>(0, FirstAt(turns_, to) - FirstAt(turns_, from));
}

void CreditKeeper::Trim() {
  while (turns_.size() > kRemembered && turns_[1].offset < Position()) {
    places_before_ = turns_.front().place;
    turns_.pop_front();
    start_ = turns_.front().offset;
  }
}

}  // namespace webcare

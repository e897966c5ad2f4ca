#include "tests/e2e/queue_log.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "daemon/base/json.h"
#include "gtest/gtest.h"
#include "tests/queue/reference_order.h"

namespace webcare {
namespace {

std::string LastPart(std::string_view address) {
  return std::string(address.substr(address.rfind('/') + 1));
}

QueuedTurn ReadOne(const SeenRecord& record) {
  const auto document = JsonDocument::Parse(record.value);
  if (!document.ok()) throw std::runtime_error("a queue record is not JSON");
  const JsonValue json = document->root();
  QueuedTurn turn;
  turn.case_id = record.key;
  turn.event_id = record.Header("ce_id");
  turn.seq = std::stoll(record.Header("seq"));
  turn.place = std::stoll(record.Header("place"));
  turn.release = std::stoll(record.Header("release"));
  turn.arrived = json["order"]["arrived"].Int().value_or(0);
  turn.released = json["order"]["released"].Int().value_or(0);
  turn.told.source = json["source"]["id"].Str();
  turn.told.author = json["author"]["name"].Str();
  turn.told.turn = static_cast<int>(json["turn"].Int().value_or(0));
  for (std::size_t i = 0; i < json["posts"].size(); ++i)
    turn.told.posts.push_back(LastPart(json["posts"].at(i)["facts"]["permalink"].Str()));
  std::sort(turn.told.posts.begin(), turn.told.posts.end());
  return turn;
}

}  // namespace

std::vector<QueuedTurn> ReadQueueLog(const std::vector<SeenRecord>& records) {
  std::vector<QueuedTurn> log;
  for (const SeenRecord& record : records) log.push_back(ReadOne(record));
  return log;
}

const QueuedTurn* TurnOf(const std::vector<QueuedTurn>& log, std::string_view author) {
  const auto found = std::find_if(log.begin(), log.end(),
                                  [&](const auto& turn) { return turn.told.author == author; });
  return found == log.end() ? nullptr : &*found;
}

std::vector<ToldTurn> ToldOf(const std::vector<QueuedTurn>& log) {
  std::vector<ToldTurn> told;
  for (const QueuedTurn& turn : log) told.push_back(turn.told);
  return told;
}

void ExpectExactlyOnce(const std::vector<QueuedTurn>& log) {
  std::set<std::string> events;
  std::set<std::pair<std::string, int>> turns;
  QueuedTurn last;
  for (const QueuedTurn& turn : log) {
    EXPECT_TRUE(events.insert(turn.event_id).second) << "event twice: " << ToString(turn.told);
    EXPECT_TRUE(turns.emplace(turn.case_id, turn.told.turn).second)
        << "turn twice: " << ToString(turn.told);
    EXPECT_EQ(turn.place, last.place + 1);
    EXPECT_EQ(turn.release, last.release + 1);
    EXPECT_GT(turn.seq, last.seq);
    EXPECT_GT(turn.released, last.released);
    EXPECT_GT(turn.released, turn.arrived);
    last = turn;
  }
}

int MostTimesPassed(const std::vector<QueuedTurn>& log, const std::string& by) {
  int most = 0;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const ToldTurn& waiting = log[i].told;
    if (waiting.author == by) continue;
    std::int64_t since = log[i].arrived;  // In line for this turn.
    for (std::size_t j = 0; j < i; ++j) {
      const ToldTurn& earlier = log[j].told;
      if (earlier.source == waiting.source && earlier.author == waiting.author)
        since = std::max(since, log[j].released);
    }
    most = std::max(most, static_cast<int>(std::count_if(
                              log.begin(), log.begin() + static_cast<std::ptrdiff_t>(i),
                              [&](const QueuedTurn& turn) {
                                return turn.told.source == waiting.source &&
                                       turn.told.author == by && turn.released > since;
                              })));
  }
  return most;
}

std::vector<std::int64_t> ReplayTicks(const std::vector<QueuedTurn>& log,
                                      const std::vector<DayStory::Withdrawn>& withdrawn) {
  std::map<std::int64_t, std::pair<std::string, std::string>> arrivals;  // Source, author by tick.
  std::set<std::int64_t> releases;
  for (const QueuedTurn& turn : log) {
    arrivals[turn.arrived] = {turn.told.source, turn.told.author};
    releases.insert(turn.released);
  }
  auto next = withdrawn.begin();
  ReferenceOrder order;
  std::map<std::string, std::int64_t> numbers;
  const auto number = [&](const std::string& name) {
    return numbers.try_emplace(name, static_cast<std::int64_t>(numbers.size()) + 1).first->second;
  };
  std::vector<std::int64_t> sequence;
  const std::int64_t last = releases.empty() ? 0 : *releases.rbegin();
  for (std::int64_t tick = 1; tick <= last; ++tick) {
    if (releases.contains(tick)) {
      sequence.push_back(order.TakeNext(tick).turn.turn);
      continue;
    }
    const auto found = arrivals.find(tick);
    const bool gone = found == arrivals.end();
    if (gone && next == withdrawn.end()) throw std::runtime_error("a tick that nobody can explain");
    const std::string source = gone ? next->source : found->second.first;
    const std::string author = gone ? next->author : found->second.second;
    const WaitingTurn turn{tick, number(source), number(source + "\n" + author), tick};
    order.Arrive(turn);
    if (!gone) continue;
    order.Withdraw(turn);
    ++next;
  }
  if (next != withdrawn.end()) throw std::runtime_error("fewer turns taken back than told");
  return sequence;
}

}  // namespace webcare

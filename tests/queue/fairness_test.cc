// The theorems T1-T6 and the metamorphic relations MR1-MR11 of delivery.md 1.2 and 1.3, as far as
// they concern the order, on random histories. Each check counts violations for any order, so that
// it can be shown to catch the mutants: an order that is unfair in a known way must fail it.
#include <gmock/gmock.h>

#include <set>

#include "daemon/queue/fair_order.h"
#include "tests/queue/reference_order.h"
#include "tests/queue/script.h"

namespace webcare {
namespace {

constexpr int kRounds = 400;
constexpr std::int64_t kStranger = 900;      // An author no random script has.
constexpr std::int64_t kFirstNew = 100'000;  // Case numbers no random script has.

std::size_t Below(std::mt19937& random, std::size_t n) { return random() % n; }

void Insert(Script& script, std::size_t at, const Op& op) {
  script.insert(script.begin() + static_cast<std::ptrdiff_t>(at), op);
}

std::int64_t ReleasesBefore(const Script& script, std::size_t at) {
  std::int64_t releases = 0;
  for (std::size_t i = 0; i < at; ++i) releases += script[i].kind == Op::kRelease ? 1 : 0;
  return releases;
}

Shape Flat() {
  Shape shape;
  shape.sources = 1;
  shape.withdrawals = 0;
  return shape;
}

// Cases of `source` (0: all) that wait after the first `upto` operations, in the order in which
// they would go if nothing else came.
template <typename Order>
std::vector<std::int64_t> WaitingAt(const Script& script, std::size_t upto, std::int64_t source) {
  const Script begun(script.begin(), script.begin() + static_cast<std::ptrdiff_t>(upto));
  const std::int64_t now = ReleasesBefore(begun, begun.size());
  std::map<std::int64_t, std::int64_t> by_slot;
  const Slots slots = Replay<Order>(begun);
  for (const Op& op : begun) {
    const std::int64_t slot = op.kind == Op::kArrive ? SlotOf(slots, op.case_no) : 0;
    if (slot > now && (source == 0 || op.source == source)) by_slot[slot] = op.case_no;
  }
  std::vector<std::int64_t> cases;
  for (const auto& [slot, case_no] : by_slot) cases.push_back(case_no);
  return cases;
}

// Of `cases`, the first of each author.
std::vector<std::int64_t> FirstTickets(const Script& script,
                                       const std::vector<std::int64_t>& cases) {
  std::map<std::int64_t, std::int64_t> author_of;
  for (const Op& op : script) author_of[op.case_no] = op.author;
  std::set<std::int64_t> authors;
  std::vector<std::int64_t> first;
  for (const std::int64_t one : cases) {
    if (authors.insert(author_of[one]).second) first.push_back(one);
  }
  return first;
}

// T1: with one source, author round robin is first in first out by E.
template <typename Order>
int ReleasesOutOfEligibility() {
  std::mt19937 random(1);
  int violations = 0;
  for (int round = 0; round < kRounds; ++round) {
    Order order;
    std::map<std::int64_t, std::int64_t> waiting;
    std::map<std::int64_t, std::int64_t> eligible;
    std::int64_t tick = 0;
    for (const Op& op : RandomScript(random, Flat())) {
      ++tick;
      if (op.kind == Op::kArrive) {
        if (waiting[op.author]++ == 0) eligible[op.author] = tick;
        order.Arrive({tick, op.source, op.author, op.case_no});
        continue;
      }
      const WaitingTurn turn = order.TakeNext(tick).turn;
      if (turn.turn == 0) continue;
      for (const auto& [author, count] : waiting) {
        if (count > 0 && eligible[author] < eligible[turn.author]) ++violations;
      }
      --waiting[turn.author];
      eligible[turn.author] = tick;
    }
  }
  return violations;
}

// T2: the first ticket of an idle author waits at most as many releases as authors wait in its
// source.
template <typename Order>
int IdleAuthorsWhoWaitTooLong() {
  std::mt19937 random(2);
  int violations = 0;
  for (int round = 0; round < kRounds; ++round) {
    Script script = RandomScript(random, Flat());
    const std::size_t at = Below(random, script.size());
    const auto authors = FirstTickets(script, WaitingAt<Order>(script, at, 1));
    Insert(script, at, {Op::kArrive, 1, kStranger, kFirstNew});
    const std::int64_t waited =
        SlotOf(Replay<Order>(script), kFirstNew) - ReleasesBefore(script, at) - 1;
    if (waited > static_cast<std::int64_t>(authors.size())) ++violations;
  }
  return violations;
}

// T3: two authors of one source who always have something waiting differ by at most one turn.
template <typename Order>
int TurnsBeyondOneBetweenBackloggedAuthors() {
  std::mt19937 random(3);
  int worst = 0;
  for (int round = 0; round < 50; ++round) {
    Script script;
    for (int i = 0; i < 40; ++i) script.push_back({Op::kArrive, 1, 1 + (i < 20), kFirstNew + i});
    for (const Op& op : RandomScript(random, Flat())) script.push_back(op);
    std::map<std::int64_t, std::int64_t> case_at;
    for (const auto& [case_no, slot] : Replay<Order>(script)) case_at[slot] = case_no;
    int given[2] = {0, 0};
    for (const auto& [slot, case_no] : case_at) {
      if (case_no >= kFirstNew) ++given[case_no < kFirstNew + 20 ? 0 : 1];
      if (given[0] < 20 && given[1] < 20) worst = std::max(worst, std::abs(given[0] - given[1]));
    }
  }
  return worst - 1;
}

// T4 and MR11: with S sources and weight 1 a ticket of rank k in its source waits at most S * k
// releases, whatever arrives afterwards, a flood at another source included.
template <typename Order>
int RanksThatWaitTooLong() {
  std::mt19937 random(4);
  int violations = 0;
  for (int round = 0; round < kRounds; ++round) {
    Shape shape;
    shape.sources = 1 + round % 4;
    shape.withdrawals = 0;
    Script script = RandomScript(random, shape);
    const std::size_t at = Below(random, script.size());
    const auto line = FirstTickets(script, WaitingAt<Order>(script, at, 1));
    for (int i = 0; i < 150; ++i) {
      const auto flooder = static_cast<std::int64_t>(kStranger + i);
      Insert(script, at, {Op::kArrive, shape.sources, flooder, kFirstNew + i});
    }
    const Slots slots = Replay<Order>(script);
    for (std::size_t k = 1; k <= line.size(); ++k) {
      const std::int64_t waited = SlotOf(slots, line[k - 1]) - ReleasesBefore(script, at);
      if (waited > shape.sources * static_cast<std::int64_t>(k)) ++violations;
    }
  }
  return violations;
}

// T5 and MR4: more tickets of an author, at once or later, never bring its first one forward, nor delay
// the first ticket of anybody who waits or comes next.
template <typename Order>
int ChangesByPostingMore() {
  std::mt19937 random(5);
  int changes = 0;
  for (int round = 0; round < kRounds; ++round) {
    Script script = RandomScript(random, Flat());
    const std::size_t at = Below(random, script.size());
    auto others = FirstTickets(script, WaitingAt<Order>(script, at, 1));
    Insert(script, at, {Op::kArrive, 1, kStranger + 1, kFirstNew - 1});
    Insert(script, at, {Op::kArrive, 1, kStranger, kFirstNew});
    others.push_back(kFirstNew - 1);
    others.push_back(kFirstNew);
    Script more = script;
    for (int i = 1; i <= 5; ++i) {
      const std::size_t later = round % 2 == 0 ? at + 1 : at + 1 + Below(random, more.size() - at);
      Insert(more, later, {Op::kArrive, 1, kStranger, kFirstNew + i});
    }
    const Slots before = Replay<Order>(script);
    const Slots after = Replay<Order>(more);
    for (const std::int64_t one : others) changes += SlotOf(after, one) != SlotOf(before, one);
  }
  return changes;
}

// T6: any number of puppets on a source that is saturated anyway moves no ticket of another source.
template <typename Order>
int TicketsMovedByPuppetsElsewhere() {
  std::mt19937 random(6);
  int moved = 0;
  for (int round = 0; round < kRounds; ++round) {
    Script script = RandomScript(random, Shape{});
    for (int i = 0; i < 200; ++i) Insert(script, 0, {Op::kArrive, 1, 1, kFirstNew + i});
    Script attacked = script;
    for (int i = 0; i < 50; ++i) {
      const std::size_t at = 200 + Below(random, attacked.size() - 200);
      Insert(attacked, at, {Op::kArrive, 1, kStranger + i, 2 * kFirstNew + i});
    }
    const Slots before = Replay<Order>(script);
    const Slots after = Replay<Order>(attacked);
    for (const Op& op : script) {
      if (op.kind != Op::kArrive || op.source == 1) continue;
      if (SlotOf(before, op.case_no) != SlotOf(after, op.case_no)) ++moved;
    }
  }
  return moved;
}

// Jain's index of the turns of 25 authors while all of them wait; the first author wrote first and
// most.
template <typename Order>
double JainIndex() {
  Script script;
  for (int i = 0; i < 600; ++i) script.push_back({Op::kArrive, 1, 1, i});
  for (int i = 0; i < 24 * 20; ++i) script.push_back({Op::kArrive, 1, 2 + i % 24, 1000 + i});
  const Slots slots = Replay<Order>(script);
  std::map<std::int64_t, double> given;
  for (const Op& op : script) given[op.author] += SlotOf(slots, op.case_no) <= 300 ? 1 : 0;
  double sum = 0;
  double squares = 0;
  for (const auto& [author, turns] : given) {
    sum += turns;
    squares += turns * turns;
  }
  return sum * sum / (static_cast<double>(given.size()) * squares);
}

// MR1, MR2: two runs that differ in reach only. `Order` gets the followers if it can take them.
template <typename Order>
int OrdersChangedByReach() {
  std::mt19937 random(8);
  int changed = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Script script = RandomScript(random, Shape{});
    std::map<std::int64_t, std::int64_t> followers;
    for (const Op& op : script) followers[op.author] = static_cast<std::int64_t>(random() % 1000);
    const auto run = [&] {
      Order order;
      if constexpr (requires { order.followers = followers; }) order.followers = followers;
      return Replay(script, order);
    };
    const Slots before = run();
    for (auto& [author, count] : followers)
      count = static_cast<std::int64_t>(random() % 1000) * 1000;
    if (run() != before) ++changed;
  }
  return changed;
}

// MR3: renaming the authors by a bijection renames the order and changes nothing else.
template <typename Order>
int OrdersChangedByNames() {
  std::mt19937 random(9);
  int changed = 0;
  for (int round = 0; round < kRounds; ++round) {
    Script script = RandomScript(random, Shape{});
    const Slots before = Replay<Order>(script);
    for (Op& op : script) op.author = 1'000'000'007 - op.author * 7919;
    if (Replay<Order>(script) != before) ++changed;
  }
  return changed;
}

// MR8: deleting and posting again, at once or before the place comes up, changes nothing for
// anybody.
template <typename Order>
int ChangesByDeletingAndPostingAgain() {
  std::mt19937 random(10);
  int changed = 0;
  for (int round = 0; round < kRounds; ++round) {
    Script script = RandomScript(random, Shape{});
    const std::size_t at = Below(random, script.size());
    Insert(script, at, {Op::kArrive, 1, kStranger, kFirstNew});
    Slots before = Replay<Order>(script);
    std::size_t again = at + 1 + Below(random, script.size() - at);
    while (ReleasesBefore(script, again) >= SlotOf(before, kFirstNew)) --again;
    Insert(script, again, {Op::kArrive, 1, kStranger, kFirstNew + 1});
    const std::size_t gone = at + 1 + Below(random, again - at);
    Insert(script, gone, {Op::kWithdraw, 1, kStranger, kFirstNew});
    before[kFirstNew + 1] = before[kFirstNew];
    before.erase(kFirstNew);
    if (Replay<Order>(script) != before) ++changed;
  }
  return changed;
}

// MR9: the most slots by which one more ticket of one more author speeds up a ticket of the others: their
// first one ever, or any.
struct SpeedUp {
  std::int64_t first = 0;
  std::int64_t any = 0;
};

template <typename Order>
SpeedUp SpeedUpByAnotherAuthor(int sources) {
  std::mt19937 random(11);
  SpeedUp most;
  for (int round = 0; round < 4 * kRounds; ++round) {
    Shape shape = Flat();
    shape.sources = sources;
    Script script = RandomScript(random, shape);
    const Slots before = Replay<Order>(script);
    std::vector<std::int64_t> cases;
    for (const auto& [case_no, slot] : before) cases.push_back(case_no);
    const auto first = FirstTickets(script, cases);
    const std::size_t source = 1 + Below(random, static_cast<std::size_t>(sources));
    Insert(script, Below(random, script.size()),
           {Op::kArrive, static_cast<std::int64_t>(source), kStranger, kFirstNew});
    const Slots after = Replay<Order>(script);
    const auto gain = [&](std::int64_t one) { return SlotOf(before, one) - SlotOf(after, one); };
    for (const std::int64_t one : cases) most.any = std::max(most.any, gain(one));
    for (const std::int64_t one : first) most.first = std::max(most.first, gain(one));
  }
  return most;
}

// Unfair on purpose.
class FifoMutant
    : public ReferenceOrder {  // No author round robin: whoever writes most, gets most.
  Key Choose(const std::map<Key, std::int64_t>& line) override {
    for (const auto& turn : waiting_) {
      if (line.contains({turn.source, turn.author})) return {turn.source, turn.author};
    }
    return ReferenceOrder::Choose(line);
  }
};

class LifoMutant : public ReferenceOrder {  // The latest to become eligible first.
  Key Choose(const std::map<Key, std::int64_t>& line) override {
    return std::max_element(line.begin(), line.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
  }
};

class FollowersMutant : public ReferenceOrder {  // Of the first two in line, the louder one.
 public:
  std::map<std::int64_t, std::int64_t> followers;

 private:
  Key Choose(const std::map<Key, std::int64_t>& line) override {
    std::map<Key, std::int64_t> rest = line;
    const Key first = Earliest(rest);
    rest.erase(first);
    if (rest.empty()) return first;
    const Key second = Earliest(rest);
    return followers[second.second] > followers[first.second] ? second : first;
  }
};

class NameMutant : public ReferenceOrder {  // By the number of the author, as a hash would.
  Key Choose(const std::map<Key, std::int64_t>& line) override { return line.begin()->first; }
};

class ForgetfulMutant : public FairOrder {  // Who withdraws and comes back stands at the end.
 public:
  void Withdraw(WaitingTurn turn) {
    withdrawn_ = turn.author;
    if (renamed_.contains(turn.turn)) turn.author += kElse;
    FairOrder::Withdraw(turn);
  }
  void Arrive(WaitingTurn turn) {
    if (turn.author == withdrawn_) {
      turn.author += kElse;
      renamed_.insert(turn.turn);
    }
    FairOrder::Arrive(turn);
  }

 private:
  static constexpr std::int64_t kElse = 5'000'000;
  std::int64_t withdrawn_ = 0;
  std::set<std::int64_t> renamed_;
};

class OneSourceMutant : public FairOrder {  // No turns between sources.
 public:
  void Arrive(WaitingTurn turn) { FairOrder::Arrive(Merged(turn)); }
  void Withdraw(WaitingTurn turn) { FairOrder::Withdraw(Merged(turn)); }

 private:
  static WaitingTurn Merged(WaitingTurn turn) {
    turn.source = 1;
    return turn;
  }
};

TEST(Fairness, T1AuthorRoundRobinIsFirstInFirstOutByEligibility) {
  EXPECT_EQ(ReleasesOutOfEligibility<FairOrder>(), 0);
  EXPECT_GT(ReleasesOutOfEligibility<FifoMutant>(), 0);
  EXPECT_GT(ReleasesOutOfEligibility<LifoMutant>(), 0);
}

TEST(Fairness, T2IdleAuthorWaitsAtMostOneTurnOfEachWhoWaits) {
  EXPECT_EQ(IdleAuthorsWhoWaitTooLong<FairOrder>(), 0);
  EXPECT_GT(IdleAuthorsWhoWaitTooLong<FifoMutant>(), 0);
  EXPECT_GT(IdleAuthorsWhoWaitTooLong<LifoMutant>(), 0);
}

TEST(Fairness, T3BackloggedAuthorsDifferByAtMostOneTurn) {
  EXPECT_LE(TurnsBeyondOneBetweenBackloggedAuthors<FairOrder>(), 0);
  EXPECT_GT(TurnsBeyondOneBetweenBackloggedAuthors<FifoMutant>(), 0);
}

TEST(Fairness, T4AndMr11RankBoundsTheWaitEvenInAFlood) {
  EXPECT_EQ(RanksThatWaitTooLong<FairOrder>(), 0);
  EXPECT_GT(RanksThatWaitTooLong<LifoMutant>(), 0);
}

TEST(Fairness, T5AndMr4PostingMoreGainsNothing) {
  EXPECT_EQ(ChangesByPostingMore<FairOrder>(), 0);
  EXPECT_GT(ChangesByPostingMore<FifoMutant>(), 0);
}

TEST(Fairness, T6PuppetsOnASaturatedSourceMoveNobodyElsewhere) {
  EXPECT_EQ(TicketsMovedByPuppetsElsewhere<FairOrder>(), 0);
  EXPECT_GT(TicketsMovedByPuppetsElsewhere<OneSourceMutant>(), 0);
}

TEST(Fairness, JainIndexOfBackloggedAuthorsIsNearOne) {
  EXPECT_GE(JainIndex<FairOrder>(), 0.99);
  EXPECT_LT(JainIndex<FifoMutant>(), 0.1);
}

TEST(Fairness, Mr1ReachChangesNothing) {
  EXPECT_EQ(OrdersChangedByReach<FairOrder>(), 0);
  EXPECT_GT(OrdersChangedByReach<FollowersMutant>(), 0);
}

TEST(Fairness, Mr3NamesChangeNothing) {
  EXPECT_EQ(OrdersChangedByNames<FairOrder>(), 0);
  EXPECT_GT(OrdersChangedByNames<NameMutant>(), 0);
}

TEST(Fairness, Mr8DeletingAndPostingAgainChangesNothing) {
  EXPECT_EQ(ChangesByDeletingAndPostingAgain<FairOrder>(), 0);
  EXPECT_GT(ChangesByDeletingAndPostingAgain<ForgetfulMutant>(), 0);
}

// Strict monotonicity holds for one source only. With S sources the first ticket of an author gains at most
// S - 1 slots; later tickets of an author who keeps writing can gain more, because a delay of the earlier
// one by a slot may put the next behind newcomers or before them (delivery.md 1.2 saw small runs only).
TEST(Fairness, Mr9AnotherAuthorSpeedsNobodyUpBeyondTheTwoLevelBound) {
  EXPECT_EQ(SpeedUpByAnotherAuthor<FairOrder>(1).any, 0);
  for (const int sources : {2, 3, 4}) {
    EXPECT_LE(SpeedUpByAnotherAuthor<FairOrder>(sources).first, sources - 1);
  }
  EXPECT_GT(SpeedUpByAnotherAuthor<LifoMutant>(1).any, 0);
}

}  // namespace
}  // namespace webcare

// What happens to a queue, as data: so that one history can be run twice with one difference.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "daemon/queue/fair_order.h"

namespace webcare {

struct Op {
  enum Kind { kArrive, kWithdraw, kRelease } kind = kRelease;
  std::int64_t source = 0;
  std::int64_t author = 0;
  std::int64_t case_no = 0;  // kWithdraw: of a turn that may or may not still wait.
};
using Script = std::vector<Op>;

// In which slot (release number) each case was released; cases still waiting are drained at the
// end.
using Slots = std::map<std::int64_t, std::int64_t>;

template <typename Order>
Slots Replay(const Script& script, Order order = {}) {
  Slots slots;
  std::map<std::int64_t, WaitingTurn> waiting;
  std::int64_t tick = 0;
  std::int64_t slot = 0;
  const auto release = [&] {
    const WaitingTurn turn = order.TakeNext(++tick).turn;
    ++slot;  // A slot without a taker is lost, as an agent's free time is.
    if (turn.turn != 0) slots[turn.case_no] = slot;
    waiting.erase(turn.case_no);
  };
  for (const Op& op : script) {
    if (op.kind == Op::kArrive) {
      const WaitingTurn turn{++tick, op.source, op.author, op.case_no};
      waiting[op.case_no] = turn;
      order.Arrive(turn);
    } else if (op.kind == Op::kWithdraw) {
      if (waiting.contains(op.case_no)) order.Withdraw(waiting[op.case_no]);
      waiting.erase(op.case_no);
    } else {
      release();
    }
  }
  while (order.size() != 0) release();
  return slots;
}

inline std::int64_t SlotOf(const Slots& slots, std::int64_t case_no) {
  const auto found = slots.find(case_no);
  return found == slots.end() ? std::numeric_limits<std::int64_t>::max() : found->second;
}

struct Shape {
  int ops = 120;
  int sources = 3;
  int authors = 8;       // Per source; author numbers are source * 1000 + n.
  int releases = 45;     // Of 100 operations.
  int withdrawals = 10;  // Of 100 operations.
};

inline Script RandomScript(std::mt19937& random, const Shape& shape) {
  Script script;
  std::int64_t case_no = 0;
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int i = 0; i < shape.ops; ++i) {
    const int dice = below(100);
    if (dice < shape.releases) {
      script.push_back({Op::kRelease, 0, 0, 0});
    } else if (dice < shape.releases + shape.withdrawals && case_no > 0) {
      script.push_back({Op::kWithdraw, 0, 0, 1 + below(static_cast<int>(case_no))});
    } else {
      const std::int64_t source = 1 + below(shape.sources);
      script.push_back({Op::kArrive, source, source * 1000 + below(shape.authors), ++case_no});
    }
  }
  return script;
}

}  // namespace webcare

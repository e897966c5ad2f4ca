// The fair order once more, written from the words of delivery.md 1.2 and not from daemon/queue: it
// keeps everything in one list, searches it whole for every question, and is allowed to be slow.
// The mutants of fairness_test.cc change its Choose().
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "daemon/queue/fair_order.h"

namespace webcare {

class ReferenceOrder {
 public:
  virtual ~ReferenceOrder() = default;
  void SetWeight(std::int64_t source, int weight) { weight_[source] = weight; }

  // "E = arrival sequence if the author has nothing waiting, else the sequence of that author's
  // last release." A withdrawn author's E is kept until it is looked at.
  void Arrive(const WaitingTurn& turn) {
    author_e_.try_emplace({turn.source, turn.author}, turn.turn);
    source_e_.try_emplace(turn.source, turn.turn);
    waiting_.push_back(turn);
  }

  void Withdraw(const WaitingTurn& turn) { std::erase(waiting_, turn); }

  FairOrder::Taken TakeNext(std::int64_t tick) {
    FairOrder::Taken taken;
    while (!source_e_.empty()) {
      const std::int64_t source = Earliest(source_e_);
      std::map<Key, std::int64_t> line;
      for (const auto& [key, e] : author_e_) {
        if (key.first == source) line[key] = e;
      }
      if (line.empty()) {
        source_e_.erase(source);
        used_.erase(source);
        continue;
      }
      const Key author = Choose(line);
      const auto turn = std::find_if(waiting_.begin(), waiting_.end(), [&](const WaitingTurn& one) {
        return Key{one.source, one.author} == author;
      });
      if (turn == waiting_.end()) {  // Came up with nothing to give.
        author_e_.erase(author);
        continue;
      }
      taken.turn = *turn;
      waiting_.erase(turn);
      Leave(author, tick);
      return taken;
    }
    return taken;
  }

  std::size_t size() const { return waiting_.size(); }

 protected:
  using Key = std::pair<std::int64_t, std::int64_t>;  // Source, author.

  virtual Key Choose(const std::map<Key, std::int64_t>& line) { return Earliest(line); }

  template <typename K>
  static K Earliest(const std::map<K, std::int64_t>& es) {
    return std::min_element(es.begin(), es.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
  }

  std::vector<WaitingTurn> waiting_;  // By arrival.

 private:
  void Leave(const Key& author, std::int64_t tick) {
    author_e_.erase(author);
    for (const auto& one : waiting_) {
      if (Key{one.source, one.author} == author) author_e_[author] = tick;
    }
    const std::int64_t source = author.first;
    const bool line_left = std::any_of(author_e_.begin(), author_e_.end(), [&](const auto& entry) {
      return entry.first.first == source;
    });
    if (used_[source] == 0) visit_[source] = weight_.contains(source) ? weight_[source] : 1;
    const bool visit_over = ++used_[source] == visit_[source];
    if (!line_left) source_e_.erase(source);
    if (line_left && visit_over) source_e_[source] = tick;
    if (!line_left || visit_over) used_[source] = 0;
  }

  std::map<Key, std::int64_t> author_e_;
  std::map<std::int64_t, std::int64_t> source_e_;
  std::map<std::int64_t, int> weight_;
  std::map<std::int64_t, int> used_;   // Turns given in the visit.
  std::map<std::int64_t, int> visit_;  // Weight at the start of the visit.
};

}  // namespace webcare

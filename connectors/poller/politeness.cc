#include "connectors/poller/politeness.h"

#include <algorithm>
#include <cassert>

#include "connectors/poller/schedule.h"

namespace webcare {

std::optional<SteadyTime> Politeness::Request(const std::string& group, const std::string& who,
                                              SteadyTime now) {
  Group& entry = groups_[group];
  if (entry.taken) {
    entry.line.push_back(who);
    return std::nullopt;
  }
  entry.taken = true;
  return std::max(now, entry.free_at);
}

std::optional<Politeness::Turn> Politeness::Release(const std::string& group, SteadyTime now,
                                                    std::chrono::milliseconds gap) {
  Group& entry = groups_[group];
  assert(entry.taken);
  entry.free_at = std::max(entry.free_at, now + gap);
  if (entry.line.empty()) {
    entry.taken = false;
    return std::nullopt;
  }
  Turn next{std::move(entry.line.front()), entry.free_at};
  entry.line.pop_front();
  return next;
}

void Politeness::Leave(const std::string& group, const std::string& who) {
  auto& line = groups_[group].line;
  line.erase(std::remove(line.begin(), line.end(), who), line.end());
}

void Politeness::NotBefore(const std::string& group, SteadyTime at) {
  Group& entry = groups_[group];
  entry.free_at = std::max(entry.free_at, at);
}

std::chrono::milliseconds BudgetPause(const RateLimit& limit, WallTime now) {
  const auto left = std::clamp<std::chrono::milliseconds>(
      limit.reset_at - now, std::chrono::milliseconds(0), kLongestWait);
  return limit.remaining <= 0 ? left : left / limit.remaining;
}

}  // namespace webcare

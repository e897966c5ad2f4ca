#include "connectors/poller/poller.h"

#include <algorithm>
#include <cassert>

#include "connectors/poller/schedule.h"

namespace webcare {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kHeartbeatEvery{5};

}  // namespace

std::string_view ToString(SourceCondition condition) {
  switch (condition) {
    case SourceCondition::kOk:
      return "ok";
    case SourceCondition::kQuiet:
      return "quiet";
    case SourceCondition::kFailing:
      return "failing";
    case SourceCondition::kParked:
      return "parked";
  }
  return "unknown";
}

Poller::Poller(Transport& transport, PageSink& sink, Clock& clock, const Log& log,
               PollerOptions options)
    : transport_(transport),
      sink_(sink),
      clock_(clock),
      log_(log),
      options_(options),
      heartbeat_(clock.Now().time_since_epoch().count()) {}

void Poller::SetSources(std::vector<Source> sources) {
  orders_.With([&](Orders& orders) { orders.sources = std::move(sources); });
  transport_.Wake();
}

void Poller::Pause(std::string reason) {
  assert(!reason.empty());
  orders_.With([&](Orders& orders) { orders.paused = std::move(reason); });
  transport_.Wake();
}

void Poller::Resume() {
  orders_.With([](Orders& orders) { orders.paused.clear(); });
  transport_.Wake();
}

PollerHealth Poller::Health() const {
  return shown_.With([](const Shown& shown) {
    PollerHealth health{{}, shown.paused, shown.store_refuses};
    health.sources.reserve(shown.sources.size());
    for (const auto& entry : shown.sources) health.sources.push_back(entry.second);
    return health;
  });
}

SteadyTime Poller::Heartbeat() const { return SteadyTime(SteadyTime::duration(heartbeat_.load())); }

Status Poller::Run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { transport_.Wake(); });
  while (!stop.stop_requested() && broken_.ok()) {
    const SteadyTime now = clock_.Now();
    heartbeat_ = now.time_since_epoch().count();
    TakeOrders();
    OfferHeld(now);
    StartDue(now);
    TakeAnswers(NextLook(now));
  }
  DropAll();
  return broken_;
}

SteadyTime Poller::NextLook(SteadyTime now) const {
  const SteadyTime latest = now + kHeartbeatEvery;
  if (!held_.empty()) return std::min(latest, offer_at_);
  const bool full = in_flight_.size() >= static_cast<std::size_t>(options_.max_in_flight);
  if (paused_ || full || due_.empty()) return latest;
  return std::min(latest, due_.begin()->first);
}

void Poller::StartDue(SteadyTime now) {
  if (paused_ || !held_.empty() || !broken_.ok()) return;
  const auto most = static_cast<std::size_t>(options_.max_in_flight);
  while (in_flight_.size() < most && !due_.empty() && due_.begin()->first <= now) {
    PolledSource& feed = *feeds_.at(due_.begin()->second);
    due_.erase(due_.begin());
    if (feed.phase == Phase::kIdle) {
      feed.turn_group = feed.group;
      const auto at = politeness_.Request(feed.turn_group, feed.id(), now);
      feed.phase = at ? Phase::kHasTurn : Phase::kInLine;
      if (!at) continue;
      if (*at > now) {
        Schedule(feed, Phase::kHasTurn, *at);
        continue;
      }
    }
    Ask(feed, now);
  }
}

void Poller::Ask(PolledSource& feed, SteadyTime now) {
  if (feed.pages == 0) feed.poll_began = now;
  Outgoing out = BuildFetch(*feed.source, feed.state, feed.pages == 0, clock_.WallNow());
  feed.asked_source = feed.source;
  feed.asked = std::move(out.asked);
  feed.phase = Phase::kInFlight;
  ++feed.health.requests;
  feed.transfer = transport_.Start(std::move(out.request));
  in_flight_.emplace(feed.transfer, &feed);
}

void Poller::Schedule(PolledSource& feed, Phase phase, SteadyTime due) {
  feed.phase = phase;
  feed.due = due;
  due_.emplace(due, feed.id());
}

// What `feed` asked has ended, `gap` must pass before the next of its group.
void Poller::PassTurn(PolledSource& feed, milliseconds gap) {
  const auto next = politeness_.Release(feed.turn_group, clock_.Now(), gap);
  if (next) Schedule(*feeds_.at(next->who), Phase::kHasTurn, next->at);
}

void Poller::DropAll() {
  for (auto& entry : in_flight_) transport_.Cancel(entry.first);
  in_flight_.clear();
  held_.clear();
  due_.clear();
  feeds_.clear();
  politeness_ = {};
}

}  // namespace webcare

// Poller: which sources there are, and what a reload changes.
#include <algorithm>
#include <utility>

#include "connectors/http/url.h"
#include "connectors/poller/poller.h"
#include "connectors/poller/schedule.h"

namespace webcare {

void Poller::TakeOrders() {
  Orders orders = orders_.With([](Orders& waiting) {
    Orders taken{std::exchange(waiting.sources, std::nullopt), waiting.paused};
    return taken;
  });
  if (paused_ != !orders.paused.empty()) {
    paused_ = !paused_;
    if (paused_)
      log_.Warn("polling_paused", {{"reason", orders.paused}});
    else
      log_.Info("polling_resumed");
  }
  shown_.With([&](Shown& shown) { shown.paused = orders.paused; });
  if (orders.sources) ReplaceSources(*std::move(orders.sources));
}

void Poller::ReplaceSources(std::vector<Source> sources) {
  std::map<std::string, Source> wanted;
  for (Source& source : sources) wanted.emplace(source.id, std::move(source));
  int dropped = 0;
  for (auto entry = feeds_.begin(); entry != feeds_.end();) {
    const auto stays = wanted.find(entry->first);
    PolledSource& feed = *entry->second;
    if (stays != wanted.end() && stays->second.type == feed.source->type) {
      KeepFeed(feed, std::move(stays->second));
      wanted.erase(stays);
      ++entry;
      continue;
    }
    DropFeed(feed);
    entry = feeds_.erase(entry);
    ++dropped;
  }
  std::vector<Source> added;
  added.reserve(wanted.size());
  for (auto& entry : wanted) added.push_back(std::move(entry.second));
  log_.Info("sources_set",
            {{"kept", feeds_.size()}, {"added", added.size()}, {"dropped", dropped}});
  AddFeeds(std::move(added));
}

void Poller::AddFeeds(std::vector<Source> added) {
  const SteadyTime now = clock_.Now();
  std::vector<PolledSource*> fresh;
  std::vector<FirstPoll> firsts;
  fresh.reserve(added.size());
  firsts.reserve(added.size());
  for (Source& source : added) {
    auto state = sink_.LoadState(source.id);
    if (!state.ok()) {
      broken_ = state.error();
      return;
    }
    auto feed = std::make_unique<PolledSource>();
    feed->source = std::make_shared<const Source>(std::move(source));
    feed->state = *std::move(state);
    feed->group = GroupOf(*feed->source, feed->state);
    feed->health.id = feed->id();
    feed->health.since = clock_.WallNow();
    firsts.push_back(
        {feed->state.last_success, PollInterval(*feed->source, feed->state, std::nullopt)});
    fresh.push_back(feed.get());
    feeds_.emplace(feed->id(), std::move(feed));
  }
  const auto waits = SpreadFirstPolls(firsts, clock_.WallNow());
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    Schedule(*fresh[i], Phase::kIdle, now + waits[i]);
    Publish(*fresh[i]);
  }
}

void Poller::KeepFeed(PolledSource& feed, Source source) {
  LeaveLine(feed);
  feed.source = std::make_shared<const Source>(std::move(source));
  feed.group = GroupOf(*feed.source, feed.state);
  if (feed.phase != Phase::kIdle) return;
  const SteadyTime now = clock_.Now();
  SteadyTime due = feed.due;
  if (feed.health.condition == SourceCondition::kParked) {
    feed.health.failures_in_a_row = 0;
    due = now;
  } else if (feed.health.failures_in_a_row == 0 && feed.poll_began != SteadyTime{}) {
    const auto interval = PollInterval(*feed.source, feed.state, feed.site_wish);
    due = std::max(now, std::min(due, feed.poll_began + interval));
  }
  due_.erase({feed.due, feed.id()});
  Schedule(feed, Phase::kIdle, due);
  Publish(feed);
}

// A feed that waits for its group waits for nothing afterwards: it is idle and due as it was.
void Poller::LeaveLine(PolledSource& feed) {
  if (feed.phase == Phase::kInLine) {
    politeness_.Leave(feed.turn_group, feed.id());
  } else if (feed.phase == Phase::kHasTurn) {
    due_.erase({feed.due, feed.id()});
    PassTurn(feed, std::chrono::milliseconds(0));
  } else {
    return;
  }
  Schedule(feed, Phase::kIdle, feed.due);
}

void Poller::DropFeed(PolledSource& feed) {
  LeaveLine(feed);
  if (feed.phase == Phase::kIdle) due_.erase({feed.due, feed.id()});
  if (feed.phase == Phase::kHeld) held_.erase(std::find(held_.begin(), held_.end(), &feed));
  if (feed.phase == Phase::kInFlight) {
    transport_.Cancel(feed.transfer);
    in_flight_.erase(feed.transfer);
    PassTurn(feed, feed.asked_source->group_gap);
  }
  shown_.With([&](Shown& shown) { shown.sources.erase(feed.id()); });
}

std::string Poller::GroupOf(const Source& source, const SourceState& state) const {
  if (!source.politeness_group.empty()) return source.politeness_group;
  const auto url =
      ParseUrl(source.connector->BuildRequest(state.cursor, clock_.WallNow()).url, true);
  return url.ok() ? url->host : source.id;
}

}  // namespace webcare

// Poller: what comes back, and what it means for the source.
#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "connectors/poller/backoff.h"
#include "connectors/poller/poller.h"
#include "connectors/poller/schedule.h"

namespace webcare {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestOfferWait = std::chrono::minutes(1);

// Enough that the commit's own cost is small; the store is ours for some 30 ms.
constexpr std::size_t kItemsInOneCommit = 1000;
// How long small pages wait for others that are asked for: as long as a slow disk takes for a commit, and
// nothing beside the interval of any source. More items share a commit's cost well enough, and their sources
// could only ask for the next page later.
constexpr milliseconds kGatherFor{25};
constexpr std::size_t kItemsThatDoNotWait = 200;

milliseconds OfferWait(int refused) {
  return std::min<milliseconds>(std::chrono::seconds(1LL << std::min(refused, 6)),
                                kLongestOfferWait);
}

// When the earliest and the latest post of the page were written.
std::pair<WallTime, WallTime> WrittenBetween(const Page& page) {
  const auto [oldest, newest] = std::minmax_element(
      page.items.begin(), page.items.end(),
      [](const Item& a, const Item& b) { return a.post.created_at < b.post.created_at; });
  return {oldest->post.created_at, newest->post.created_at};
}

// What `fresh` posts change in the posting rate and the time of the last new post. `before`: the
// state the page was asked with.
void CountFresh(SourceState& state, const SourceState& before, const Page& page, int fresh) {
  if (fresh == 0 || page.items.empty()) return;
  const WallTime now = state.last_success;
  const auto [oldest, newest] = WrittenBetween(page);
  state.posts_per_day = UpdatedPostsPerDay(before, fresh, oldest, now);
  const bool first = before.last_success == WallTime{};
  state.last_new_post = first ? std::min(newest, now) : now;
}

}  // namespace

// What came until `deadline`, and what else comes within kGatherFor behind its first page: pages share a
// commit. Nothing is waited for when nothing else is in flight, or when the commit is worth its cost.
void Poller::TakeAnswers(SteadyTime deadline) {
  std::vector<PolledSource*> with_page;
  std::size_t items = 0;
  std::optional<SteadyTime> gathered;
  for (auto done = transport_.Wait(deadline); !done.empty(); done = transport_.Wait(deadline)) {
    for (Completion& completion : done) {
      PolledSource* const feed = TakeAnswer(std::move(completion));
      if (feed == nullptr) continue;
      with_page.push_back(feed);
      items += feed->reading.page->items.size();
      if (!gathered) gathered = clock_.Now() + kGatherFor;
    }
    if (in_flight_.empty() || items >= kItemsThatDoNotWait) break;
    deadline = gathered.value_or(clock_.Now());
  }
  OfferPages(with_page);
}

// The source, when the answer is a page to be offered to the store.
PolledSource* Poller::TakeAnswer(Completion completion) {
  const auto found = in_flight_.find(completion.id);
  if (found == in_flight_.end()) return nullptr;
  PolledSource& feed = *found->second;
  in_flight_.erase(found);
  const Source& source = *feed.asked_source;
  const WallTime now = clock_.WallNow();
  feed.reading = ReadAnswer(source, feed.state, feed.asked, std::move(completion.answer), now);
  if (feed.reading.rate_limit)
    politeness_.NotBefore(feed.turn_group,
                          clock_.Now() + BudgetPause(*feed.reading.rate_limit, now));
  PassTurn(feed, source.group_gap);
  if (feed.reading.kind == AnswerKind::kPage) return &feed;
  if (feed.reading.kind == AnswerKind::kUnchanged) {
    TakeUnchanged(feed);
  } else {
    feed.state = std::move(feed.reading.state);
    Setback(feed, feed.reading.kind, feed.reading.error, feed.reading.retry_after);
  }
  return nullptr;
}

// Pages that came together share a commit; what the store has no room for now is held.
void Poller::OfferPages(std::span<PolledSource* const> feeds) {
  while (!feeds.empty() && broken_.ok()) {
    std::size_t items = 0;
    std::size_t taken = 0;
    while (taken < feeds.size() && items < kItemsInOneCommit) {
      items += feeds[taken++]->reading.page->items.size();
    }
    const auto together = feeds.first(taken);
    feeds = feeds.subspan(taken);
    if (OfferTogether(together)) continue;
    // One of them cannot be stored: the others must not suffer.
    for (PolledSource* const& feed : together) OfferTogether({&feed, 1});
  }
}

// False: they cannot be stored together.
bool Poller::OfferTogether(std::span<PolledSource* const> feeds) {
  std::vector<PageOffer> offers;
  offers.reserve(feeds.size());
  for (const PolledSource* feed : feeds) {
    offers.push_back({feed->asked_source.get(), &*feed->reading.page, &feed->reading.state});
  }
  const auto counts = sink_.Accept(offers, clock_.WallNow());
  if (counts.ok()) {
    for (std::size_t i = 0; i < feeds.size(); ++i) TakeIn(*feeds[i], (*counts)[i]);
    return true;
  }
  const Error& error = counts.error();
  if (error.code == ErrorCode::kUnavailable) {
    for (PolledSource* feed : feeds) Hold(*feed);
  } else if (error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kConflict) {
    broken_ = error;
  } else if (feeds.size() > 1) {
    return false;
  } else {
    PolledSource& feed = *feeds.front();
    feed.reading = {};
    Setback(feed, AnswerKind::kTransient, "not stored: " + error.message, milliseconds(0));
  }
  return true;
}

void Poller::Hold(PolledSource& feed) {
  feed.phase = Phase::kHeld;
  held_.push_back(&feed);
  if (offers_refused_ > 0) return;
  offer_at_ = clock_.Now() + OfferWait(offers_refused_++);
  shown_.With([](Shown& shown) { shown.store_refuses = true; });
  log_.Warn("store_refuses", {{"source", feed.id()}});
}

void Poller::OfferHeld(SteadyTime now) {
  if (offers_refused_ == 0 || (!held_.empty() && now < offer_at_)) return;
  const std::vector<PolledSource*> held = std::exchange(held_, {});
  OfferPages(held);
  if (!held_.empty()) {
    offer_at_ = now + OfferWait(offers_refused_++);
    return;
  }
  offers_refused_ = 0;
  shown_.With([](Shown& shown) { shown.store_refuses = false; });
  log_.Info("store_accepts");
}

void Poller::TakeIn(PolledSource& feed, const PageCounts& counts) {
  const SourceState before = std::exchange(feed.state, std::move(feed.reading.state));
  const Page page = *std::exchange(feed.reading.page, std::nullopt);
  CountFresh(feed.state, before, page, counts.fresh);
  feed.health.fresh += counts.fresh;
  feed.health.duplicates += counts.duplicates;
  feed.health.rejected += counts.rejected;
  feed.site_wish = page.min_interval;
  for (const std::string& warning : page.warnings)
    log_.Warn("page_warning", {{"source", feed.id()}, {"warning", warning}});
  Succeed(feed, page.more);
}

void Poller::TakeUnchanged(PolledSource& feed) {
  feed.state = std::move(feed.reading.state);
  ++feed.health.unchanged;
  const Status saved = sink_.SaveState(feed.id(), feed.state);
  // Not saved for now is no loss: the next answer brings the same again.
  if (!saved.ok() && saved.error().code != ErrorCode::kUnavailable) broken_ = saved.error();
  Succeed(feed, false);
}

void Poller::Succeed(PolledSource& feed, bool more) {
  const SteadyTime now = clock_.Now();
  const Source& source = *feed.source;
  ++feed.pages;
  SteadyTime due = now;
  if (!more) {
    const auto interval = PollInterval(source, feed.state, feed.site_wish);
    due = std::max(now, feed.poll_began + WithJitter(interval, Random(feed)));
  } else if (feed.pages >= source.max_pages) {
    due = now + std::max(source.least_interval, source.connector->least_interval());
  }
  if (!more || feed.pages >= source.max_pages) feed.pages = 0;
  feed.health.failures_in_a_row = 0;
  Schedule(feed, Phase::kIdle, due);
  SetCondition(
      feed, IsQuiet(feed.state, clock_.WallNow()) ? SourceCondition::kQuiet : SourceCondition::kOk);
}

void Poller::Setback(PolledSource& feed, AnswerKind kind, const std::string& message,
                     milliseconds retry_after) {
  feed.pages = 0;
  ++feed.health.failures;
  feed.health.last_error = message;
  const int failures = ++feed.health.failures_in_a_row;
  const auto interval = PollInterval(*feed.source, feed.state, feed.site_wish);
  const auto wait = WaitAfter(kind, failures, retry_after, interval, Random(feed));
  Schedule(feed, Phase::kIdle, clock_.Now() + wait);
  const bool parked = kind == AnswerKind::kDenied || kind == AnswerKind::kGone;
  SetCondition(feed, parked ? SourceCondition::kParked : SourceCondition::kFailing);
}

void Poller::SetCondition(PolledSource& feed, SourceCondition condition) {
  const SourceCondition old = std::exchange(feed.health.condition, condition);
  if (old != condition) {
    feed.health.since = clock_.WallNow();
    const std::string& error = feed.health.last_error;
    const bool was_bad = old == SourceCondition::kFailing || old == SourceCondition::kParked;
    if (condition == SourceCondition::kParked)
      log_.Error("source_parked", {{"source", feed.id()}, {"error", error}});
    else if (condition == SourceCondition::kFailing)
      log_.Warn("source_failing", {{"source", feed.id()}, {"error", error}});
    else if (was_bad)
      log_.Info("source_recovered", {{"source", feed.id()}});
    else if (condition == SourceCondition::kQuiet)
      log_.Info("source_quiet", {{"source", feed.id()}});
  }
  Publish(feed);
}

void Poller::Publish(PolledSource& feed) {
  SourceHealth& health = feed.health;
  health.last_success = feed.state.last_success;
  health.last_new_post = feed.state.last_new_post;
  health.posts_per_day = feed.state.posts_per_day;
  health.next_poll =
      clock_.WallNow() + std::chrono::duration_cast<milliseconds>(feed.due - clock_.Now());
  shown_.With([&](Shown& shown) { shown.sources[feed.id()] = health; });
}

std::uint64_t Poller::Random(const PolledSource& feed) const {
  return PollHash(feed.id(), static_cast<std::uint64_t>(feed.health.requests), options_.seed);
}

}  // namespace webcare

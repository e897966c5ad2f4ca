// The loop that asks every source in its time and offers what it finds to the store.
//
// Nothing is lost: a page and the cursor behind it are offered to the PageSink together; until it
// took them, the cursor stays. When the store says "not now", the page is kept, nothing more is
// asked and the page is offered again. No source is ever given up (backoff.h); what fails is shown
// in Health().
//
// Threads: Run() on one thread of the caller's, which is the only one to touch the transport and
// the sink. All other methods from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "connectors/http/transport.h"
#include "connectors/poller/health.h"
#include "connectors/poller/page_sink.h"
#include "connectors/poller/politeness.h"
#include "connectors/poller/polled_source.h"
#include "connectors/source.h"
#include "daemon/base/clock.h"
#include "daemon/base/guarded.h"
#include "daemon/base/log.h"

namespace webcare {

struct PollerOptions {
  int max_in_flight =
      32;  // At most the transport's connections, and pages held when the disk is full.
  std::uint64_t seed = 0;  // Of all jitter.
};

class Poller {
 public:
  // Borrows all; they must outlive it.
  Poller(Transport& transport, PageSink& sink, Clock& clock, const Log& log, PollerOptions options);

  // The sources from now on. A source that stays (same id and type) keeps its state and its place
  // in time, but a parked one is tried again; one that is gone is dropped with its request in
  // flight. REQUIRES: ids are unique.
  void SetSources(std::vector<Source> sources);
  // No new requests until Resume(); answers in flight are still taken. `reason` is shown, not
  // empty.
  void Pause(std::string reason);
  void Resume();

  // Polls until `stop`, then drops what is in flight and returns OK. Returns early with the sink's
  // error when that is one to step down for (page_sink.h).
  Status Run(const std::stop_token& stop);

  PollerHealth Health() const;
  // When the loop last turned. It turns at least every 5 s plus what one answer takes.
  SteadyTime Heartbeat() const;

 private:
  struct Orders {  // From other threads, taken by the loop.
    std::optional<std::vector<Source>> sources;
    std::string paused;
  };
  struct Shown {  // For other threads.
    std::map<std::string, SourceHealth> sources;
    std::string paused;
    bool store_refuses = false;
  };
  using Phase = PolledSource::Phase;

  // poller_sources.cc: who is asked.
  void TakeOrders();
  void ReplaceSources(std::vector<Source> sources);
  void AddFeeds(std::vector<Source> added);
  void KeepFeed(PolledSource& feed, Source source);
  void DropFeed(PolledSource& feed);
  void LeaveLine(PolledSource& feed);
  std::string GroupOf(const Source& source, const SourceState& state) const;

  // poller.cc: the turning wheel.
  void StartDue(SteadyTime now);
  void Ask(PolledSource& feed, SteadyTime now);
  void Schedule(PolledSource& feed, Phase phase, SteadyTime due);
  void PassTurn(PolledSource& feed, std::chrono::milliseconds gap);
  SteadyTime NextLook(SteadyTime now) const;
  void DropAll();

  // poller_answers.cc: what comes back.
  void TakeAnswers(SteadyTime deadline);
  PolledSource* TakeAnswer(Completion completion);
  void OfferPages(std::span<PolledSource* const> feeds);
  bool OfferTogether(std::span<PolledSource* const> feeds);
  void OfferHeld(SteadyTime now);
  void Hold(PolledSource& feed);
  void TakeIn(PolledSource& feed, const PageCounts& counts);
  void TakeUnchanged(PolledSource& feed);
  void Succeed(PolledSource& feed, bool more);
  void Setback(PolledSource& feed, AnswerKind kind, const std::string& message,
               std::chrono::milliseconds retry_after);
  void SetCondition(PolledSource& feed, SourceCondition condition);
  void Publish(PolledSource& feed);
  std::uint64_t Random(const PolledSource& feed) const;

  Transport& transport_;
  PageSink& sink_;
  Clock& clock_;
  const Log& log_;
  const PollerOptions options_;

  Guarded<Orders> orders_;
  Guarded<Shown> shown_;
  std::atomic<SteadyTime::rep> heartbeat_;

  // The loop's own.
  std::map<std::string, std::unique_ptr<PolledSource>> feeds_;
  std::set<std::pair<SteadyTime, std::string>> due_;
  std::map<TransferId, PolledSource*> in_flight_;
  std::vector<PolledSource*> held_;  // Pages the store refused, oldest first.
  SteadyTime offer_at_{};
  int offers_refused_ = 0;  // In a row; 0: the store takes what comes.
  Politeness politeness_;
  bool paused_ = false;
  Status broken_;
};

}  // namespace webcare

// The stages, wired: poller and publisher on a thread each, the books between them.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "connectors/http/curl_transport.h"
#include "connectors/poller/poller.h"
#include "daemon/app/ledger.h"
#include "daemon/app/page_keeper.h"
#include "daemon/app/reload.h"
#include "daemon/app/turn_keeper.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/publish/dispatcher.h"
#include "daemon/publish/outbox_access.h"

namespace webcare {

// Threads: the methods from any; construction and destruction from the main thread.
class Pipeline {
 public:
  // Borrows all but `kafka`, the settings with their secrets.
  Pipeline(Ledger& ledger, const CurrentSnapshot& current, const KafkaSettings& kafka, Clock& clock,
           const Log& log);
  // Stops polling, then publishing, each after the step in progress: together at most about 15 s.
  ~Pipeline();

  void Start();
  // After a reload: the sources and weights of the snapshot in force.
  Status ApplySources();
  void Adopt() { dispatcher_.Adopt(); }
  // With a reason polling rests, without one it goes on.
  void SetPause(const std::string& reason);

  PollerHealth Polling() const { return poller_.Health(); }
  DispatcherStatus Publishing() const { return dispatcher_.status(); }
  // Both loops turned within the last `limit`.
  bool Alive(SteadyTime now, std::chrono::milliseconds limit) const;
  // A loop ended by itself: why, for the exit code.
  std::optional<Error> Broken() const;

 private:
  Ledger& ledger_;
  const CurrentSnapshot& current_;

  // Stopped and destroyed from the bottom up: first polling, then publishing.
  PageKeeper pages_;
  TurnKeeper turns_;
  LockedOutbox outbox_;
  CurlTransport transport_;
  Poller poller_;
  Dispatcher dispatcher_;
  Guarded<std::optional<Error>> broken_;
  std::jthread publishing_;
  std::jthread polling_;
};

}  // namespace webcare

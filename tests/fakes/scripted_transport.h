// A Transport without a network: a function answers, the fake clock passes the time.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "connectors/http/transport.h"
#include "tests/fakes/fake_clock.h"

namespace webcare {

// One thread.
class ScriptedTransport final : public Transport {
 public:
  using Script = std::function<Result<HttpAnswer>(const FetchRequest&)>;
  struct Sent {
    TransferId id;
    SteadyTime at;
    FetchRequest request;
  };

  ScriptedTransport(FakeClock& clock, Script script) : clock_(clock), script_(std::move(script)) {}

  TransferId Start(FetchRequest request) override {
    sent.push_back({++last_id_, clock_.Now(), request});
    const auto takes = latency_of ? latency_of(request) : latency;
    running_.emplace(last_id_, Running{clock_.Now() + takes, std::move(request)});
    most_running = std::max(most_running, running_.size());
    return last_id_;
  }
  void Cancel(TransferId id) override {
    if (running_.erase(id) > 0) cancelled.push_back(id);
  }
  std::vector<Completion> Wait(SteadyTime deadline) override {
    for (const auto& entry : running_) deadline = std::min(deadline, entry.second.done_at);
    if (!std::exchange(woken_, false)) clock_.AdvanceTo(std::min(deadline, clock_.NextEvent()));
    std::vector<Completion> done;
    for (auto entry = running_.begin(); entry != running_.end();) {
      if (entry->second.done_at > clock_.Now()) {
        ++entry;
        continue;
      }
      done.push_back({entry->first, script_(entry->second.request)});
      entry = running_.erase(entry);
    }
    return done;
  }
  void Wake() override { woken_ = true; }

  std::chrono::milliseconds latency{50};
  std::function<std::chrono::milliseconds(const FetchRequest&)>
      latency_of;  // In place of `latency`.
  std::vector<Sent> sent;
  std::vector<TransferId> cancelled;
  std::size_t most_running = 0;

 private:
  struct Running {
    SteadyTime done_at;
    FetchRequest request;
  };

  FakeClock& clock_;
  Script script_;
  std::map<TransferId, Running> running_;
  TransferId last_id_ = 0;
  bool woken_ = false;
};

}  // namespace webcare

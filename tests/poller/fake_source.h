// A connector whose pages are lines of text, a store in memory, and both wired to a Poller.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "connectors/poller/poller.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/scripted_transport.h"

namespace webcare {

// Asks "<base>?after=<cursor>" (or just <base>). An answer is one post id a line; the last id becomes the
// cursor; a line "more" sets Page::more; "bad" anywhere makes the page unreadable.
class LineConnector : public Connector {
 public:
  explicit LineConnector(std::string base) : base_(std::move(base)) {}

  HttpRequest BuildRequest(const Cursor& cursor, WallTime) const override {
    HttpRequest request;
    request.url = base_;
    if (with_cursor && !cursor.empty()) request.url += "?after=" + cursor;
    request.headers = {{"Accept", "text/plain"}, {"Api-Key", "k"}};
    request.bearer_token = "secret";
    request.conditional = conditional;
    return request;
  }
  Result<Page> ParsePage(const HttpResponse& response, const Cursor& cursor,
                         WallTime now) const override {
    ++parsed;
    if (response.body.find("bad") != std::string::npos)
      return Error{ErrorCode::kInvalid, "not lines"};
    Page page;
    page.next_cursor = cursor;
    page.min_interval = wish;
    std::istringstream lines(response.body);
    for (std::string line; std::getline(lines, line);) {
      if (line == "more") {
        page.more = true;
        continue;
      }
      Item item;
      item.post.native_id = page.next_cursor = line;
      item.post.created_at = now;
      page.items.push_back(std::move(item));
    }
    return page;
  }
  std::optional<RateLimit> ReadRateLimit(const HttpResponse& response) const override {
    const std::string left(response.Header("x-left"));
    if (left.empty()) return std::nullopt;
    return RateLimit{std::stoll(left),
                     FromMillis(std::stoll(std::string(response.Header("x-reset"))))};
  }
  std::optional<Error> ReadError(const HttpResponse& response, WallTime) const override {
    if (response.body == "wait 90")
      return Error{ErrorCode::kRateLimited, "told", std::chrono::seconds(90)};
    return std::nullopt;
  }
  std::chrono::milliseconds default_interval() const override { return std::chrono::minutes(15); }
  std::chrono::milliseconds least_interval() const override { return least; }

  bool with_cursor = false;
  bool conditional = true;
  std::chrono::milliseconds least = std::chrono::seconds(1);
  std::optional<std::chrono::seconds> wish;
  mutable int parsed = 0;

 private:
  std::string base_;
};

class MemorySink : public PageSink {
 public:
  Result<SourceState> LoadState(const std::string& id) override { return states[id]; }
  Result<std::vector<PageCounts>> Accept(std::span<const PageOffer> together,
                                         WallTime now) override {
    offered.emplace_back(now, together.size());
    if (refuse) return *refuse;
    for (const PageOffer& offer : together)
      if (offer.source->id == cannot_store) return Error{ErrorCode::kInvalid, "too odd"};
    std::vector<PageCounts> all;
    for (const PageOffer& offer : together) {
      PageCounts& counts = all.emplace_back();
      auto& known = seen[offer.source->id];
      for (const Item& item : offer.page->items)
        ++(known.insert(item.post.native_id).second ? counts.fresh : counts.duplicates);
      states[offer.source->id] = *offer.state;
      ++accepted;
    }
    return all;
  }
  std::size_t MostTogether() const {
    std::size_t most = 0;
    for (const auto& offer : offered) most = std::max(most, offer.second);
    return most;
  }
  Status SaveState(const std::string& id, const SourceState& state) override {
    states[id] = state;
    return OkStatus();
  }

  std::map<std::string, SourceState> states;
  std::map<std::string, std::set<std::string>> seen;
  std::optional<Error> refuse;
  std::string cannot_store;                               // The source whose pages are an error.
  std::vector<std::pair<WallTime, std::size_t>> offered;  // When, and how many pages together.
  int accepted = 0;
};

inline HttpAnswer Answer(int status, std::string body = "", HeaderList headers = {}) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.headers = std::move(headers);
  return answer;
}

// Polls https://<id>.example/ every 10 minutes unless told otherwise.
inline Source MakeSource(const std::string& id,
                         std::shared_ptr<LineConnector> connector = nullptr) {
  Source source;
  source.id = id;
  source.type = "lines";
  source.connector = connector ? std::move(connector)
                               : std::make_shared<LineConnector>("https://" + id + ".example/");
  source.every = std::chrono::minutes(10);
  return source;
}

struct World {
  explicit World(ScriptedTransport::Script script) : transport(clock, std::move(script)) {}

  // Polls for that long.
  Status RunFor(std::chrono::milliseconds time) {
    std::stop_source stop;
    clock.After(time, [&] {
      seen = poller.Health();
      stop.request_stop();
    });
    return poller.Run(stop.get_token());
  }
  // As it was when the last RunFor ended.
  SourceHealth Of(const std::string& id) const {
    for (const auto& source : seen.sources)
      if (source.id == id) return source;
    return {};
  }
  std::vector<std::chrono::milliseconds> SentAt() const {
    std::vector<std::chrono::milliseconds> times;
    for (const auto& sent : transport.sent)
      times.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(sent.at - began));
    return times;
  }

  FakeClock clock;
  const SteadyTime began = clock.Now();
  ScriptedTransport transport;
  MemorySink sink;
  const Log silence;
  Poller poller{transport, sink, clock, silence, {}};
  PollerHealth seen;
};

}  // namespace webcare

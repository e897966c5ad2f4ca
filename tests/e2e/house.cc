#include "tests/e2e/house.h"

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <thread>

#include "daemon/publish/topics.h"
#include "tests/e2e/plain_http.h"
#include "tests/feeds/feed_day.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;

constexpr auto kPeek = 50ms;
// Watched posts are asked for twenty at a time, once a minute; there are at most 200 a source.
constexpr int kRecheckRounds = 10;

const char* const kConfig = R"(version: 1
brand:
  names: [Brontij]
  domains: [brontij.example]
  accounts:
    - {source: mastodon-brand, handle: brontij@social.example}
    - {source: mastodon-public, handle: brontij@social.example}
    - {source: forum, handle: Brontij Team}
    - {source: blog-comments, handle: Redactie Brontij}
  contact: https://brontij.example/webcare
state:
  directory: state
sources: sources.d
rules: @RULES@
kafka:
  bootstrap: @KAFKA@
  name: @NAME@
  topic_prefix: @NAME@
queue:
  window: @WINDOW@
  agents_group: @NAME@-agents
control:
  socket: control.sock
...
)";

void Replace(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

// The demo's sources, asked every second.
std::string Sources(int port) {
  std::string text = ReadWhole(WEBCARE_SOURCE_DIR "/deploy/demo/sources.d/day.yaml.in");
  Replace(text, "@FEEDS@", "http://127.0.0.1:" + std::to_string(port));
  Replace(text, "every: 2s", "every: 1s");
  return text;
}

}  // namespace

House::House(const HousePlan& plan) : plan_(plan) {
  settings_.bootstrap = plan.bootstrap;
  settings_.topic_prefix = plan.name;
  feeds_ =
      Process({FEEDS_PROGRAM, "--data", plan.day, "--at", "2026-06-03T05:59:00Z", "--speed", "0"},
              directory_.File("feeds.log"));
  Await("the feed server's port", [&] {
    const std::string said = ReadWhole(directory_.File("feeds.log"));
    if (said.ends_with('\n')) feeds_port_ = std::stoi(said);
    return feeds_port_ > 0;
  });
  // Or the daemon would spread what is left of five minutes' requests, whatever interval is set.
  Steer("{\"rate_limit\":1000000000}");
  std::string config = kConfig;
  Replace(config, "@RULES@",
          std::filesystem::absolute(WEBCARE_SOURCE_DIR "/rules/packs").lexically_normal());
  Replace(config, "@KAFKA@", plan.bootstrap);
  Replace(config, "@NAME@", plan.name);
  Replace(config, "@WINDOW@", std::to_string(plan.window));
  WriteWhole(directory_.File("webcared.yaml"), config);
  std::filesystem::create_directory(directory_.File("sources.d"));
  WriteWhole(directory_.File("sources.d/day.yaml"), Sources(feeds_port_));
  SetClock(*ReadFeedTime("2026-06-03T21:00:00Z"));
  StartDaemon();
  AwaitPolls({});
}

void House::SetClock(WallTime now) {
  clock_ = now;
  const std::int64_t nanoseconds =
      std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
  const std::string path = directory_.File("clock");
  // In place: the daemon has the file mapped.
  std::FILE* file = std::fopen(path.c_str(), std::filesystem::exists(path) ? "r+" : "w");
  if (file == nullptr || std::fwrite(&nanoseconds, sizeof(nanoseconds), 1, file) != 1)
    throw std::runtime_error("no clock");
  std::fclose(file);
}

void House::StartDaemon() {
  daemon_ = Process({DAEMON_PROGRAM, "--config", directory_.File("webcared.yaml")},
                    directory_.File("webcared.log"),
                    {{"LD_PRELOAD", CLOCK_LIBRARY},
                     {"WEBCARE_TEST_CLOCK", directory_.File("clock")},
                     {"ASAN_OPTIONS", "verify_asan_link_order=0"}});
}

void House::KillDaemon() { daemon_.End(SIGKILL); }
int House::StopDaemon() { return daemon_.End(SIGTERM); }

void House::Await(const char* what, const std::function<bool()>& reached,
                  std::chrono::seconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!reached()) {
    if (std::chrono::steady_clock::now() > deadline) {
      const std::string log = ReadWhole(directory_.File("webcared.log"));
      throw std::runtime_error(plan_.name + ": waited in vain for " + what + "\n" +
                               log.substr(log.size() - std::min<std::size_t>(log.size(), 2000)));
    }
    std::this_thread::sleep_for(kPeek);
  }
}

std::optional<JsonDocument> House::Status() const {
  const std::string body = HttpOverUnix(directory_.File("control.sock"), "GET", "/status");
  auto document = JsonDocument::Parse(body);
  if (!document.ok()) return std::nullopt;
  return std::move(*document);
}

House::Polling House::LookAtPolls() const {
  Polling polling;
  const auto status = Status();
  if (!status) return polling;
  const JsonValue sources = status->root()["sources"];
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const JsonValue source = sources.at(i);
    const auto success = ReadFeedTime(source["last_success"].Str());
    const auto next = ReadFeedTime(source["next_poll"].Str());
    Polls& polls = polling[std::string(source["id"].Str())];
    polls.requests = source["requests"].Int().value_or(0);
    // After a page with more behind it the next request is due at once.
    polls.over = success && next && *next > *success + 100ms;
  }
  return polling;
}

// The first request seen to end may have been under way before; the second was not.
void House::AwaitPolls(const Polling& before, std::string_view sources) {
  std::set<std::string> read;
  Await("the sources to be read", [&] {
    const Polling now = LookAtPolls();
    for (const auto& [source, polls] : now) {
      const auto found = before.find(source);
      const std::int64_t old = found == before.end() ? 0 : found->second.requests;
      if (polls.over && polls.requests >= old + 2) read.insert(source);
    }
    return !now.empty() && std::all_of(now.begin(), now.end(), [&](const auto& source) {
      return !source.first.starts_with(sources) || read.contains(source.first);
    });
  });
}

void House::Steer(const std::string& command) {
  if (HttpOverTcp(feeds_port_, "POST", "/control", command).empty())
    throw std::runtime_error("the feed server cannot be steered");
}

void House::Look(WallTime now, const std::function<void()>& disturb) {
  Steer("{\"at\":\"" + FormatTime(now) + "\"}");
  if (disturb) {
    disturb();
    AwaitPolls({});  // A new process counts anew.
    return;
  }
  AwaitPolls(LookAtPolls());
}

void House::Recheck() {
  for (int round = 0; round < kRecheckRounds; ++round) {
    SetClock(clock_ + 61s);
    AwaitPolls(LookAtPolls(), "mastodon");
  }
}

void House::Ctl(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {CTL_PROGRAM, "-c", directory_.File("webcared.yaml")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  Process tool(command, directory_.File("ctl.log"));
  if (tool.End(0) != 0) throw std::runtime_error(tool.Output());
}

bool House::TakeOne() {
  if (!agent_) {
    const TailOptions options{.topics = {"queue"}, .group = plan_.name + "-agents"};
    auto opened = TailReader::Open(settings_, options, silent_);
    if (!opened.ok()) throw std::runtime_error(opened.error().message);
    agent_ = std::move(*opened);
  }
  const auto next = agent_->Next(100ms);
  if (!next.ok()) throw std::runtime_error(next.error().message);
  if (!*next) return false;
  Await("a commit", [&] { return agent_->Commit(**next).ok(); });
  // A turn may come again after a rebalance.
  if (offsets_.insert((*next)->offset).second) ++taken_;
  return true;
}

void House::Take(std::int64_t count) {
  const std::int64_t end = taken_ + count;
  Await("turns to take", [&] {
    while (taken_ < end && TakeOne()) {
    }
    return taken_ == end;
  });
}

void House::AwaitMoreTaken() {
  const std::int64_t before = taken_;
  Await("somebody to take a turn", [&] { return taken_ > before; });
}

void House::TakeUntilIdle() {
  const auto idle = [&] {
    while (TakeOne()) {
    }
    return Idle();
  };
  Await("the last turn", idle, 420s);
}

bool House::Idle() const {
  const auto status = Status();
  return status && status->root()["idle"].Bool().value_or(false);
}

void House::AwaitFullWindow() {
  Await("a full window", [&] {
    const auto status = Status();
    if (!status) return false;
    // What is said to be outstanding may be older than the last commit; a count of releases is not.
    const auto released = status->root()["queue"]["released"].Int().value_or(0);
    return released == taken_ + plan_.window && status->root()["publisher"]["lag"].Int() == 0;
  });
}

}  // namespace webcare

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <stop_token>

#include "daemon/app/ctl/ctl.h"
#include "daemon/app/exit_codes.h"
#include "daemon/app/signals.h"
#include "daemon/base/clock.h"
#include "daemon/publish/tail_reader.h"

namespace webcare {
namespace {

struct TailRequest {
  std::string group;
  std::int64_t pace_ms = 0;
  std::int64_t count = 0;  // 0: for ever.
  bool from_oldest = false;
};

std::string OneLine(std::string_view text, std::size_t limit) {
  std::string line;
  for (const char c : text.substr(0, limit)) line += c == '\n' || c == '\t' ? ' ' : c;
  if (text.size() > limit) line += "...";
  return line;
}

std::string Joined(JsonValue list) {
  std::string text;
  for (std::size_t i = 0; i < list.size(); ++i)
    text.append(text.empty() ? "" : ", ").append(list.at(i).Str());
  return text;
}

// A post and, below it, the words that gave it its labels.
void PrintPost(JsonValue post) {
  std::printf("     %s\n", OneLine(post["text"].Str(), 220).c_str());
  const JsonValue reasons = post["verdict"]["reasons"];
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    const JsonValue evidence = reasons.at(i)["evidence"];
    if (evidence.size() == 0) continue;
    std::printf("       %s: \"%s\"\n", std::string(reasons.at(i)["label"].Str()).c_str(),
                OneLine(evidence.at(0)["quote"].Str(), 80).c_str());
  }
}

// One turn as an agent sees it, in a few lines. The first begins with "turn ".
void PrintTurn(const TailRecord& record) {
  const Result<JsonDocument> document = JsonDocument::Parse(record.value);
  if (!document.ok()) {
    std::printf("record %lld cannot be read: %s\n", static_cast<long long>(record.offset),
                document.error().message.c_str());
    return;
  }
  const JsonValue root = document->root();
  const JsonValue author = root["author"];
  std::printf("turn %lld [%s] %s, %s\n",
              static_cast<long long>(root["order"]["release"].Int().value_or(0)),
              Joined(root["labels"]).c_str(), std::string(root["source"]["id"].Str()).c_str(),
              std::string(author["name"].Str(author["handle"].Str())).c_str());
  const JsonValue posts = root["posts"];
  for (std::size_t i = 0; i < posts.size(); ++i) PrintPost(posts.at(i));
}

// What was shown and is to be committed: each turn alone where an agent takes time for it, many together
// where they come faster than Kafka takes commits.
class Shown {
 public:
  // Commits when `most_open` turns are open, when asked to and at the end.
  Shown(TailReader& reader, int most_open) : reader_(reader), most_open_(most_open) {}
  ~Shown() { Commit(); }
  Shown(const Shown&) = delete;
  Shown& operator=(const Shown&) = delete;

  void Add(TailRecord record) {
    last_ = std::move(record);
    if (++open_ >= most_open_) Commit();
  }
  bool any() const { return open_ > 0; }
  void Commit() {
    if (open_ == 0) return;
    open_ = 0;
    const Status committed =
        reader_.Commit(last_);  // And those before it: the queue has one partition.
    if (committed.ok()) return;
    std::fprintf(stderr, "webcarectl: not committed, will come again: %s\n",
                 committed.error().message.c_str());
  }

 private:
  TailReader& reader_;
  const int most_open_;
  TailRecord last_;
  int open_ = 0;
};

// Ends with SIGINT or SIGTERM, or after `count` records.
void Follow(CtlOptions& options, const TailRequest& request, TailReader& reader) {
  Shown shown(reader, request.pace_ms > 0 ? 1 : 100);
  for (std::int64_t seen = 0; request.count == 0 || seen < request.count;) {
    if (WaitForSignal(std::chrono::milliseconds(0)) == Signal::kStop) return;
    auto next = reader.Next(std::chrono::milliseconds(shown.any() ? 0 : 250));
    if (!next.ok()) return Complain(options, kExitUnavailable, next.error().message);
    if (!*next) {
      shown.Commit();
      continue;
    }
    ++seen;
    if (options.json)
      std::puts((*next)->value.c_str());
    else
      PrintTurn(**next);
    std::fflush(stdout);
    // The pace of the agent: the turn is being handled.
    if (request.pace_ms > 0 &&
        WaitForSignal(std::chrono::milliseconds(request.pace_ms)) == Signal::kStop)
      return;
    if (!request.group.empty()) shown.Add(std::move(**next));
  }
}

void Tail(CtlOptions& options, const TailRequest& request) {
  const std::optional<KafkaSettings> kafka = KafkaOrComplain(options);
  if (!kafka) return;
  BlockSignals();
  const Log log(LogLevel::kError, LogFormat::kAuto);
  TailOptions tail;
  tail.topics = {"queue"};
  tail.group = request.group;
  tail.from_oldest = request.from_oldest;
  auto reader = TailReader::Open(*kafka, tail, log);
  if (!reader.ok()) return Complain(options, kExitUnavailable, reader.error().message);
  Follow(options, request, **reader);
}

}  // namespace

void AddTail(CLI::App& app, CtlOptions& options) {
  CLI::App* const command = app.add_subcommand("tail", "The queue as an agent sees it");
  command->footer(
      "Without --group it only looks. With --group it is an agent: it commits turns after showing "
      "them,\n"
      "and that lets the next turns out: each alone with --pace, else when nothing more waits, at\n"
      "most 100 at once. --json prints the records as they are, one a line.");
  const auto request = std::make_shared<TailRequest>();
  command->add_option("--group", request->group, "Take and commit turns as a member of this group");
  command->add_option("--pace", request->pace_ms, "Time to handle a turn, as 400ms or 2s")
      ->transform(CLI::AsNumberWithUnit(std::map<std::string, std::int64_t>{{"ms", 1}, {"s", 1000}},
                                        CLI::AsNumberWithUnit::UNIT_REQUIRED))
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{86'400'000}, "at most a day"));
  command->add_option("--count", request->count, "End after so many turns")
      ->check(CLI::PositiveNumber);
  command->add_flag("--from-oldest", request->from_oldest,
                    "Without a group: all that is still there");
  command->callback([&options, request] { Tail(options, *request); });
}

}  // namespace webcare

#include "tests/feeds/feed_main.h"

#include <sysexits.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <utility>

#include "tests/feeds/feed_server.h"

namespace webcare {
namespace {

constexpr const char* kHelp =
    "Usage: webcare-feeds --data DIR [options]\n"
    "Serves the posts of DIR as Mastodon, RSS, Atom and JSON Feed on 127.0.0.1.\n\n"
    "  --data DIR     sources.json and *.jsonl (tests/feeds/README.md)\n"
    "  --at TIME      virtual time at the start, like 2026-06-03T08:00:00Z;\n"
    "                 default: the first post\n"
    "  --speed N      virtual seconds per real second; default 1\n"
    "  --all          everything is there from the start\n"
    "  --port P       default 0: a free port, printed as one line\n"
    "  --multiply K   K copies of the day with ids and authors of their own\n"
    "  --help         this text\n";

template <typename T>
bool ReadNumber(const std::string& text, T least, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= least;
}

// False when the value does not fit the option.
bool Apply(const std::string& option, const std::string& value, FeedArguments& arguments) {
  if (option == "--data") return !(arguments.data = value).empty();
  if (option == "--speed") return ReadNumber(value, 0.0, arguments.site.speed);
  if (option == "--port") return ReadNumber<std::uint16_t>(value, 0, arguments.port);
  if (option == "--multiply") return ReadNumber<std::size_t>(value, 1, arguments.site.copies);
  const std::optional<WallTime> at = ReadFeedTime(value);
  arguments.site.at = at.value_or(WallTime{});
  arguments.at_given = true;
  return at.has_value();
}

int WaitForSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  int signal = 0;
  sigwait(&signals, &signal);
  return EX_OK;
}

// Before any thread starts, so that all inherit it.
void BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

int Fail(int code, const std::string& message) {
  std::fprintf(stderr, "webcare-feeds: %s\n", message.c_str());
  return code;
}

}  // namespace

Result<FeedArguments> ReadFeedArguments(const std::vector<std::string>& arguments) {
  FeedArguments read;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& option = arguments[i];
    if (option == "--help") {
      read.help = true;
      return read;
    }
    if (option == "--all") {
      read.site.all = true;
      continue;
    }
    const bool known = option == "--data" || option == "--at" || option == "--speed" ||
                       option == "--port" || option == "--multiply";
    if (!known) return Error{ErrorCode::kInvalid, "unknown option '" + option + "'"};
    if (++i == arguments.size()) return Error{ErrorCode::kInvalid, option + " needs a value"};
    if (!Apply(option, arguments[i], read))
      return Error{ErrorCode::kInvalid, option + ": wrong value '" + arguments[i] + "'"};
  }
  if (read.data.empty()) return Error{ErrorCode::kInvalid, "--data is missing"};
  return read;
}

int RunFeeds(std::span<char*> arguments) {
  BlockSignals();
  Result<FeedArguments> read = ReadFeedArguments(
      {arguments.begin() + std::min<std::ptrdiff_t>(1, std::ssize(arguments)), arguments.end()});
  if (!read) return Fail(EX_USAGE, read.error().message + " (see --help)");
  if (read->help) return std::fputs(kHelp, stdout) >= 0 ? EX_OK : EX_IOERR;
  Result<FeedDay> day = LoadFeedDay(read->data);
  if (!day) return Fail(EX_DATAERR, day.error().message);
  if (!read->at_given && !day->posts.empty()) read->site.at = day->posts.front().at;
  Result<std::unique_ptr<FeedServer>> server =
      FeedServer::Start(std::move(*day), read->site, read->port);
  if (!server) return Fail(EX_UNAVAILABLE, server.error().message);
  std::printf("%u\n", unsigned{(*server)->port()});
  std::fflush(stdout);
  return WaitForSignal();
}

}  // namespace webcare

#include <CLI/CLI.hpp>
#include <cstdio>

#include "daemon/app/ctl/ctl.h"

namespace webcare {
namespace {

long long Count(JsonValue value) { return value.Int().value_or(0); }
std::string Text(JsonValue value) { return std::string(value.Str()); }

void PrintSource(JsonValue source) {
  std::printf("  %-8s %-24s %lld new, %lld seen again, %lld rejected\n",
              Text(source["condition"]).c_str(), Text(source["id"]).c_str(), Count(source["fresh"]),
              Count(source["duplicates"]), Count(source["rejected"]));
  if (source["failures_in_a_row"].Int().value_or(0) > 0)
    std::printf("           %s\n", Text(source["last_error"]).c_str());
}

void PrintStatus(JsonValue root) {
  std::printf("webcared %s, running since %s\n", Text(root["version"]).c_str(),
              Text(root["started"]).c_str());
  std::printf("rules    %lld in force, set %.12s\n", Count(root["rules"]["count"]),
              Text(root["rules"]["digest"]).c_str());
  if (!root["reload"]["ok"].Bool().value_or(true))
    std::printf("reload   REFUSED at %s: %s\n", Text(root["reload"]["at"]).c_str(),
                Text(root["reload"]["message"]).c_str());
  const JsonValue queue = root["queue"];
  std::printf("queue    %lld wait", Count(queue["waiting"]));
  if (Count(queue["waiting"]) > 0)
    std::printf(", the oldest for %s", HumanDuration(Count(queue["oldest_ms"])).c_str());
  std::printf("; %lld released and not yet handled (window %lld), %s\n",
              Count(queue["outstanding"]), Count(queue["window"]), Text(queue["credit"]).c_str());
  const JsonValue publisher = root["publisher"];
  std::printf("kafka    %s, %lld records in %lld transactions, %lld wait\n",
              Text(publisher["state"]).c_str(), Count(publisher["rows"]),
              Count(publisher["transactions"]), Count(publisher["lag"]));
  if (!publisher["why"].Str().empty()) std::printf("         %s\n", Text(publisher["why"]).c_str());
  const JsonValue sources = root["sources"];
  std::printf("sources  %zu", sources.size());
  const std::string paused = Text(root["polling"]["paused"]);
  std::printf("%s%s\n", paused.empty() ? "" : ", paused: ", paused.c_str());
  for (std::size_t i = 0; i < sources.size(); ++i) PrintSource(sources.at(i));
}

}  // namespace

void AddStatus(CLI::App& app, CtlOptions& options) {
  CLI::App* const command = app.add_subcommand("status", "Is the daemon well, and what waits");
  command->callback([&options] {
    if (options.json) return PrintDaemonJson(options, "GET", "/status");
    if (const auto answer = AskDaemon(options, "GET", "/status")) PrintStatus(answer->root());
  });
}

}  // namespace webcare

#include <CLI/CLI.hpp>
#include <cstdio>

#include "daemon/app/ctl/ctl.h"

namespace webcare {
namespace {

std::string Joined(JsonValue list) {
  std::string text;
  for (std::size_t i = 0; i < list.size(); ++i)
    text.append(text.empty() ? "" : ", ").append(list.at(i).Str());
  return text;
}

void PrintQueue(JsonValue root) {
  const JsonValue turns = root["turns"];
  std::printf("%lld turns wait; the next %zu in the order in which agents get them:\n",
              static_cast<long long>(root["waiting"].Int().value_or(0)), turns.size());
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const JsonValue turn = turns.at(i);
    std::printf("%5zu  %.12s  %-20s waits %-12s %s\n       %s\n", i + 1,
                std::string(turn["case"].Str()).c_str(), std::string(turn["source"].Str()).c_str(),
                HumanDuration(turn["waits_ms"].Int().value_or(0)).c_str(),
                Joined(turn["labels"]).c_str(), std::string(turn["why"].Str()).c_str());
  }
}

}  // namespace

void AddQueue(CLI::App& app, CtlOptions& options) {
  CLI::App* const command = app.add_subcommand("queue", "Who waits for an agent, and why there");
  command->footer(
      "Sources take turns; inside a source authors take turns in the order in which they came.\n"
      "Followers, likes and the kind of post have no say. Names and texts are not shown here.");
  command->callback([&options] {
    if (options.json) return PrintDaemonJson(options, "GET", "/queue");
    if (const auto answer = AskDaemon(options, "GET", "/queue")) PrintQueue(answer->root());
  });
}

}  // namespace webcare

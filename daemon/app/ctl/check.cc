#include <CLI/CLI.hpp>
#include <cstdio>

#include "connectors/registry.h"
#include "daemon/app/ctl/ctl.h"
#include "daemon/app/exit_codes.h"
#include "daemon/app/snapshot.h"

namespace webcare {
namespace {

void PrintGood(const CtlOptions& options, const Snapshot& snapshot) {
  const std::size_t sources = snapshot.config.sources.size();
  const std::size_t rules = snapshot.rules->rules().size();
  if (options.json) {
    JsonWriter json;
    json.StartObject().Field("ok", true).Field("sources", sources).Field("rules", rules);
    json.Field("rules_digest", snapshot.rules->digest()).Key("mistakes").StartArray().EndArray();
    std::puts(json.EndObject().Take().c_str());
  } else {
    std::printf("good: %zu sources, %zu rules (rule set %.12s)\n", sources, rules,
                snapshot.rules->digest().c_str());
  }
}

void Check(CtlOptions& options) {
  Diagnostics diagnostics;
  const auto snapshot = LoadSnapshot(options.config, diagnostics);
  if (snapshot) return PrintGood(options, *snapshot);
  if (options.json)
    std::printf("{\"ok\":false,\"mistakes\":%s}\n", diagnostics.ToJson().c_str());
  else
    std::fputs(diagnostics.ToText().c_str(), stderr);
  options.exit_code = kExitConfig;
}

}  // namespace

void AddCheck(CLI::App& app, CtlOptions& options) {
  CLI::App* const command = app.add_subcommand(
      "check", "Read the whole configuration, as the daemon does at start and reload");
  std::string kinds = "Every mistake is shown as file:line:column. Kinds of source:\n";
  for (const ConnectorType& type : AllConnectors())
    kinds.append("  ").append(type.name).append(": ").append(type.summary).append("\n");
  command->footer(kinds);
  command->callback([&options] { Check(options); });
}

}  // namespace webcare

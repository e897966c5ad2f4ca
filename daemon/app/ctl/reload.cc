#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "daemon/app/ctl/ctl.h"
#include "daemon/app/exit_codes.h"

namespace webcare {
namespace {

void Reload(CtlOptions& options, bool wait) {
  const auto answer = AskDaemon(options, "POST", wait ? "/reload" : "/reload-soon");
  if (!answer) return;
  const JsonValue root = answer->root();
  const std::string message(root["message"].Str());
  const bool ok = root["ok"].Bool().value_or(false);
  if (options.json) {
    JsonWriter json;
    std::puts(
        json.StartObject().Field("ok", ok).Field("message", message).EndObject().Take().c_str());
    if (!ok) options.exit_code = kExitConfig;
  } else if (!ok) {
    Complain(options, kExitConfig, "refused, the old configuration stays in force:\n" + message);
  } else if (!message.empty()) {
    std::puts(message.c_str());
  }
}

}  // namespace

void AddReload(CLI::App& app, CtlOptions& options) {
  CLI::App* const command =
      app.add_subcommand("reload", "Make the daemon read sources, rules and brand anew");
  const auto wait = std::make_shared<bool>(false);
  command->add_flag("--wait", *wait, "Return when it is done; exit 78 when it was refused");
  command->callback([&options, wait] { Reload(options, *wait); });
}

}  // namespace webcare

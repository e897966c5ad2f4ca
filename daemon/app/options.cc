#include "daemon/app/options.h"

#include <CLI/CLI.hpp>

#include "daemon/app/exit_codes.h"
#include "daemon/app/version.h"

namespace webcare {
namespace {

constexpr char kFooter[] = R"(
Polls the configured sources, judges every post by the rules, keeps a fair queue on disk and publishes to
Kafka exactly once. Runs in the foreground (systemd's Type=notify) until SIGTERM; SIGHUP reads sources, rules
and brand anew. Nothing is lost when it is killed.

webcarectl shows what it does and reloads it; `webcarectl --help` teaches the rest.

Exit codes (sysexits): 0 stopped, 64 usage, 73 the control socket cannot be made, 74 the disk failed,
75 another daemon has the state directory or publishes under our name, 78 configuration.)";

}  // namespace

DaemonOptions ParseDaemonOptions(int argc, char** argv, std::optional<int>& exit_code) {
  CLI::App app{"Finds public complaints and questions and hands them to care agents in fair order.",
               "webcared"};
  DaemonOptions options;
  app.footer(kFooter);
  app.add_option("-c,--config", options.config, "The configuration")->capture_default_str();
  app.add_flag("--check-config", options.check_config,
               "Read the configuration, say what is wrong, end");
  app.add_flag("--adopt", options.adopt,
               "Go on from what Kafka has when the state directory does not match it. Look first: "
               "`webcarectl status` says why publishing was refused");
  app.add_option("--log-level", options.log_level, "Instead of the configured one")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}));
  app.add_option("--log-format", options.log_format, "Instead of the configured one")
      ->check(CLI::IsMember({"auto", "text", "json"}));
  app.set_version_flag("--version", [] { return VersionText("webcared"); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    exit_code = app.exit(e) == 0 ? kExitOk : kExitUsage;
  }
  return options;
}

}  // namespace webcare

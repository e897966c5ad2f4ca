#include "daemon/app/ctl/ctl.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "connectors/http/unix_socket.h"
#include "daemon/app/exit_codes.h"
#include "daemon/app/snapshot.h"
#include "daemon/app/version.h"
#include "daemon/config/secrets.h"

namespace webcare {
namespace {

constexpr char kFooter[] = R"(
Examples:
  webcarectl check                         every mistake of the configuration, with its place
  webcarectl status                        is it well? what waits?
  webcarectl queue                         who waits, and why there
  webcarectl explain "nog steeds geen internet"  what the rules say of a text, and why
  webcarectl tail                          the queue as an agent sees it
  webcarectl topics init                   create the Kafka topics
  webcarectl erase author CASE             forget a person, by a case of theirs

Exit codes (sysexits): 0 good, 1 `topics` found something wrong, 64 usage, 66 nothing to `erase`,
69 daemon or broker not reachable, 70 the daemon's answer cannot be read,
75 the store takes no erasure now, 78 configuration or a refused reload.)";

}  // namespace

int RunCtl(int argc, char** argv) {
  CLI::App app{"The operator's tool of webcared: checks, shows and explains.", "webcarectl"};
  CtlOptions options;
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("-c,--config", options.config, "The daemon's configuration")
      ->capture_default_str();
  app.add_flag("--json", options.json, "Answer with JSON");
  app.set_version_flag("--version", [] { return VersionText("webcarectl"); });
  for (const auto add :
       {AddCheck, AddErase, AddExplain, AddQueue, AddReload, AddStatus, AddTail, AddTopics})
    add(app, options);
  app.footer(kFooter);  // Last: commands inherit what is there when they are added.
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kExitOk : kExitUsage;
  }
  return options.exit_code;
}

std::optional<Settings> SettingsOrComplain(CtlOptions& options) {
  Diagnostics diagnostics;
  std::optional<Settings> settings = LoadSettingsOnly(options.config, diagnostics);
  if (!settings) {
    std::fputs(diagnostics.ToText().c_str(), stderr);
    options.exit_code = kExitConfig;
  }
  return settings;
}

std::optional<KafkaSettings> KafkaOrComplain(CtlOptions& options) {
  const std::optional<Settings> settings = SettingsOrComplain(options);
  if (!settings) return std::nullopt;
  Result<KafkaSettings> kafka =
      WithSecrets(settings->kafka, SecretFiles(settings->secrets_directory));
  if (kafka.ok()) return std::move(kafka).value();
  Complain(options, kExitConfig, kafka.error().message);
  return std::nullopt;
}

namespace {

std::optional<std::string> AnswerOf(CtlOptions& options, const std::string& method,
                                    const std::string& target) {
  const std::optional<Settings> settings = SettingsOrComplain(options);
  if (!settings) return std::nullopt;
  constexpr std::chrono::seconds kPatience{90};  // A reload compiles rules.
  Result<HttpAnswer> answer =
      UnixSocketRequest(settings->control_socket, method, target, "", kPatience);
  if (answer.ok()) return std::move(answer->body);
  Complain(options, kExitUnavailable,
           "no daemon answers at " + settings->control_socket + ": " + answer.error().message);
  return std::nullopt;
}

}  // namespace

std::optional<JsonDocument> AskDaemon(CtlOptions& options, const std::string& method,
                                      const std::string& target) {
  std::optional<std::string> answer = AnswerOf(options, method, target);
  if (!answer) return std::nullopt;
  Result<JsonDocument> document = JsonDocument::Parse(*answer);
  if (document.ok()) return std::move(document).value();
  Complain(options, kExitSoftware, "the daemon's answer is " + document.error().message);
  return std::nullopt;
}

void PrintDaemonJson(CtlOptions& options, const std::string& method, const std::string& target) {
  if (const auto answer = AnswerOf(options, method, target)) std::puts(answer->c_str());
}

void Complain(CtlOptions& options, int exit_code, const std::string& message) {
  std::fprintf(stderr, "webcarectl: %s\n", message.c_str());
  options.exit_code = exit_code;
}

std::string HumanDuration(std::int64_t millis) {
  const std::int64_t seconds = millis / 1000;
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min";
  if (seconds < 86'400)
    return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
  return std::to_string(seconds / 86'400) + " d";
}

}  // namespace webcare

// webcarectl, the operator's tool: one file per command, each with the options it reads.
//
// Output for people goes to standard output as text, with --json as one JSON value; complaints go to
// standard error. Exit codes: exit_codes.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/base/json.h"
#include "daemon/config/settings.h"

namespace CLI {
class App;
}

namespace webcare {

// What every command may use.
struct CtlOptions {
  std::string config = "/etc/webcared/webcared.yaml";
  bool json = false;
  int exit_code = 0;  // Set by the command that ran.
};

int RunCtl(int argc, char** argv);

// Each adds its command to `app`; the command runs inside CLI11's parse.
void AddCheck(CLI::App& app, CtlOptions& options);
void AddErase(CLI::App& app, CtlOptions& options);
void AddExplain(CLI::App& app, CtlOptions& options);
void AddQueue(CLI::App& app, CtlOptions& options);
void AddReload(CLI::App& app, CtlOptions& options);
void AddStatus(CLI::App& app, CtlOptions& options);
void AddTail(CLI::App& app, CtlOptions& options);
void AddTopics(CLI::App& app, CtlOptions& options);

// webcared.yaml, or complaints about every mistake in it and kExitConfig.
std::optional<Settings> SettingsOrComplain(CtlOptions& options);

// Its Kafka part with the secrets read, for commands that connect to Kafka themselves.
std::optional<KafkaSettings> KafkaOrComplain(CtlOptions& options);

// Asks the daemon over its control socket; `target` is "/status". Complains when it cannot be had.
std::optional<JsonDocument> AskDaemon(CtlOptions& options, const std::string& method,
                                      const std::string& target);
// The same answer printed as it came, for --json.
void PrintDaemonJson(CtlOptions& options, const std::string& method, const std::string& target);

// Prints a complaint on standard error and sets the exit code.
void Complain(CtlOptions& options, int exit_code, const std::string& message);

// "12 s", "3 min", "2 h 5 min", "4 d" for people.
std::string HumanDuration(std::int64_t millis);

}  // namespace webcare

#include "daemon/publish/topics.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "daemon/app/ctl/ctl.h"
#include "daemon/app/exit_codes.h"

namespace webcare {
namespace {

int ExitCodeFor(const Error& error) {
  return error.code == ErrorCode::kInvalid ? kExitConfig : kExitUnavailable;
}

void PrintFindings(CtlOptions& options, const std::vector<TopicFinding>& findings) {
  if (options.json)
    std::puts(FindingsToJson(findings).c_str());
  else if (findings.empty())
    std::puts("good: all topics are as they should be");
  else
    std::fputs(FindingsToText(findings).c_str(), stdout);
  if (!findings.empty()) options.exit_code = kExitFailedExpectation;
}

void Check(CtlOptions& options, const KafkaSettings& kafka, const Log& log) {
  const auto findings = CheckTopics(kafka, log);
  if (!findings.ok())
    return Complain(options, ExitCodeFor(findings.error()), findings.error().message);
  PrintFindings(options, *findings);
}

void Init(CtlOptions& options, const KafkaSettings& kafka, const Log& log) {
  const auto made = InitTopics(kafka, log);
  if (!made.ok()) return Complain(options, ExitCodeFor(made.error()), made.error().message);
  if (!options.json)
    for (const std::string& topic : *made) std::printf("created %s\n", topic.c_str());
  Check(options, kafka, log);
}

void AddCommand(CLI::App& topics, CtlOptions& options, const char* name, const char* help,
                void (*run)(CtlOptions&, const KafkaSettings&, const Log&)) {
  topics.add_subcommand(name, help)->callback([&options, run] {
    const std::optional<KafkaSettings> kafka = KafkaOrComplain(options);
    if (kafka) run(options, *kafka, Log(LogLevel::kWarn, LogFormat::kAuto));
  });
}

}  // namespace

void AddTopics(CLI::App& app, CtlOptions& options) {
  CLI::App* const topics = app.add_subcommand("topics", "The Kafka topics: create and check them");
  topics->require_subcommand(1);
  topics->fallthrough();
  AddCommand(*topics, options, "init", "Create what is missing, then check", Init);
  AddCommand(*topics, options, "check", "Compare with the plan; exit 1 when something is wrong",
             Check);
  topics->footer("Topics are never created by accident: the daemon waits until they are there.");
}

}  // namespace webcare

#include "daemon/app/snapshot.h"

#include "daemon/publish/kafka_config.h"

namespace webcare {
namespace {

std::optional<std::string> WhyNotThisProperty(const std::string& key, const std::string& value) {
  const std::vector<PropertyMistake> mistakes = CheckKafkaProperties({{key, value}});
  return mistakes.empty() ? std::nullopt : std::optional(mistakes.front().message);
}

}  // namespace

std::shared_ptr<const Snapshot> LoadSnapshot(const std::string& config_path,
                                             Diagnostics& diagnostics) {
  auto snapshot = std::make_shared<Snapshot>();
  std::optional<Config> config = LoadConfig(config_path, WhyNotThisProperty, diagnostics);
  if (config) {
    snapshot->config = std::move(*config);
    snapshot->rules = LoadRules(snapshot->config.settings.rules_directory, diagnostics);
  }
  return diagnostics.ok() && snapshot->rules ? snapshot : nullptr;
}

std::optional<Settings> LoadSettingsOnly(const std::string& config_path, Diagnostics& diagnostics) {
  std::optional<Settings> settings = LoadSettings(config_path, WhyNotThisProperty, diagnostics);
  return diagnostics.ok() ? settings : std::nullopt;
}

}  // namespace webcare

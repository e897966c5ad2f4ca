#include "daemon/config/config.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "daemon/base/yaml_files.h"
#include "daemon/base/yaml_node.h"
#include "daemon/config/secrets.h"
#include "daemon/config/settings_file.h"
#include "daemon/config/source_file.h"

namespace webcare {

namespace {

Settings SettingsOf(const YamlNode& root, const std::string& path,
                    const KafkaPropertyCheck& check_property) {
  std::error_code ignored;
  const std::string directory = std::filesystem::absolute(path, ignored).parent_path().string();
  Settings settings = ReadSettings(root, directory, check_property);
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY"))
    settings.secrets_directory = credentials;
  return settings;
}

// An account at a source nobody configured: our own posts at the one that was meant would become cases.
void CheckAccounts(const YamlNode& root, const std::vector<std::string>& ids) {
  const std::vector<std::string_view> known(ids.begin(), ids.end());
  for (const YamlNode& account : root.Get("brand").Get("accounts").Items()) {
    const YamlNode source = account.Get("source");
    const std::string id = source.Text("*");
    if (id != "*" && std::find(ids.begin(), ids.end(), id) == ids.end())
      source.Error("no source '" + id + "' is configured" + DidYouMean(id, known));
  }
}

}  // namespace

std::optional<Settings> LoadSettings(const std::string& path,
                                     const KafkaPropertyCheck& check_property,
                                     Diagnostics& diagnostics) {
  const YamlNode root = LoadYaml(path, diagnostics);
  if (!root.present()) return std::nullopt;
  return SettingsOf(root, path, check_property);
}

std::optional<Config> LoadConfig(const std::string& path, const KafkaPropertyCheck& check_property,
                                 Diagnostics& diagnostics) {
  const YamlNode root = LoadYaml(path, diagnostics);
  if (!root.present()) return std::nullopt;
  Config config;
  config.settings = SettingsOf(root, path, check_property);

  SourceList sources;
  const SecretFiles secrets(config.settings.secrets_directory);
  for (const std::string& file : YamlFilesIn(config.settings.sources_directory, diagnostics))
    ReadSources(LoadYaml(file, diagnostics), std::filesystem::path(file).parent_path().string(),
                secrets, sources);
  CheckAccounts(root, sources.ids);
  if (diagnostics.ok() && sources.enabled.empty())
    diagnostics.Add({config.settings.sources_directory, 0, 0},
                    "no source is configured: there is nothing to poll");
  if (!diagnostics.ok()) return std::nullopt;
  config.sources = std::move(sources.enabled);
  return config;
}

}  // namespace webcare

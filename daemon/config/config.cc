#include "daemon/config/config.h"

#include <cstdlib>
#include <filesystem>

#include "daemon/base/yaml_files.h"
#include "daemon/base/yaml_node.h"
#include "daemon/config/secrets.h"
#include "daemon/config/settings_file.h"
#include "daemon/config/source_file.h"

namespace webcare {

std::optional<Settings> LoadSettings(const std::string& path,
                                     const KafkaPropertyCheck& check_property,
                                     Diagnostics& diagnostics) {
  const YamlNode root = LoadYaml(path, diagnostics);
  if (!root.present()) return std::nullopt;
  std::error_code ignored;
  const std::string directory = std::filesystem::absolute(path, ignored).parent_path().string();
  Settings settings = ReadSettings(root, directory, check_property);
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY"))
    settings.secrets_directory = credentials;
  return settings;
}

std::optional<Config> LoadConfig(const std::string& path, const KafkaPropertyCheck& check_property,
                                 Diagnostics& diagnostics) {
  std::optional<Settings> settings = LoadSettings(path, check_property, diagnostics);
  if (!settings) return std::nullopt;
  Config config;
  config.settings = std::move(*settings);
  const SecretFiles secrets(config.settings.secrets_directory);
  for (const std::string& file : YamlFilesIn(config.settings.sources_directory, diagnostics))
    ReadSources(LoadYaml(file, diagnostics), secrets, config.sources);
  if (diagnostics.ok() && config.sources.empty())
    diagnostics.Add({config.settings.sources_directory, 0, 0},
                    "no source is configured: there is nothing to poll");
  if (!diagnostics.ok()) return std::nullopt;
  return config;
}

}  // namespace webcare

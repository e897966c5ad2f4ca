// webcared.yaml and sources.d/*.yaml as values. Start, `webcarectl check` and reload use this one
// loader, so what checks, runs. Rules are loaded beside it by rules/rule_set.h.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "connectors/source.h"
#include "daemon/base/diagnostics.h"
#include "daemon/config/settings.h"

namespace webcare {

struct Config {
  Settings settings;
  std::vector<Source> sources;  // In the order of files and of lists in them.
};

// Why a librdkafka property cannot be set by the operator, or nothing. Given by daemon/publish,
// which alone knows librdkafka.
using KafkaPropertyCheck =
    std::function<std::optional<std::string>(const std::string& key, const std::string& value)>;

// webcared.yaml alone, for tools that only need to know where things are.
std::optional<Settings> LoadSettings(const std::string& path,
                                     const KafkaPropertyCheck& check_property,
                                     Diagnostics& diagnostics);

// Reads everything and reports every mistake of every file in one pass. Nothing is returned after a
// mistake. Relative paths count from the folder of `path`. Secrets are read from
// $CREDENTIALS_DIRECTORY (systemd) when set, else from `secrets:`.
std::optional<Config> LoadConfig(const std::string& path, const KafkaPropertyCheck& check_property,
                                 Diagnostics& diagnostics);

}  // namespace webcare

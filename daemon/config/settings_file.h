// webcared.yaml -> Settings. Part of LoadConfig; apart so that each table of keys fits a screen.
#pragma once

#include <string>

#include "daemon/base/yaml_node.h"
#include "daemon/config/config.h"

namespace webcare {

// `directory` is where relative paths start. Mistakes are reported through `root`.
Settings ReadSettings(const YamlNode& root, const std::string& directory,
                      const KafkaPropertyCheck& check_property);

}  // namespace webcare

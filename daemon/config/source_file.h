// One file of sources.d -> Sources. Part of LoadConfig.
#pragma once

#include <vector>

#include "connectors/source.h"
#include "daemon/base/yaml_node.h"

namespace webcare {

// Appends the enabled sources of one file. Mistakes are reported through `root`; the ids of
// `sources` are checked for duplicates.
void ReadSources(const YamlNode& root, const SecretSource& secrets, std::vector<Source>& sources);

}  // namespace webcare

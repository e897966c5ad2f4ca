// One file of sources.d -> Sources. Part of LoadConfig.
#pragma once

#include <string>
#include <vector>

#include "connectors/source.h"
#include "daemon/base/yaml_node.h"

namespace webcare {

struct SourceList {
  std::vector<Source> enabled;
  std::vector<std::string>
      ids;  // Of all, in the order of the files: to find doubles and unknown names.
};

// Appends the sources of one file, which stands in `folder`: paths in it are relative to that. Mistakes are
// reported through `root`.
void ReadSources(const YamlNode& root, const std::string& folder, const SecretSource& secrets,
                 SourceList& sources);

}  // namespace webcare

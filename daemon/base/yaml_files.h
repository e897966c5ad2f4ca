// The files of a configuration folder, in the order in which they are loaded.
#pragma once

#include <string>
#include <vector>

#include "daemon/base/diagnostics.h"

namespace webcare {

// Paths of the *.yaml files directly in `directory`, sorted by name. Hidden files and what editors
// and packaging leave behind (*~, *.swp, *.dpkg-*) do not end in .yaml and are skipped. A folder
// that is missing or unreadable is reported at line 0; one without files gives an empty list.
std::vector<std::string> YamlFilesIn(const std::string& directory, Diagnostics& diagnostics);

}  // namespace webcare

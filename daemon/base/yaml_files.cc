#include "daemon/base/yaml_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace webcare {

std::vector<std::string> YamlFilesIn(const std::string& directory, Diagnostics& diagnostics) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.ends_with(".yaml") && !name.starts_with('.')) files.push_back(it->path().string());
  }
  if (error) diagnostics.Add({directory, 0, 0}, "cannot be read: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace webcare

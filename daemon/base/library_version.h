// A third-party library as it was compiled against and as it runs: `--version` shows both, because a
// distribution may change the second under our feet. Each owner folder reports its own libraries.
#pragma once

#include <string>
#include <vector>

namespace webcare {

struct LibraryVersion {
  std::string name;
  std::string built;
  std::string running;  // Same as `built` for header-only libraries.
};

// Of the libraries that daemon/base owns: RapidJSON, spdlog, OpenSSL. (yaml-cpp tells no version.)
std::vector<LibraryVersion> BaseLibraries();

}  // namespace webcare

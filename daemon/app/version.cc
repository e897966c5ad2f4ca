#include "daemon/app/version.h"

#include <vector>

#include "daemon/base/library_version.h"
#include "daemon/status/control_server.h"

namespace webcare {

std::string VersionNumber() { return WEBCARE_VERSION; }

std::string VersionText(const std::string& program) {
  std::string text = program + " " WEBCARE_VERSION " (" WEBCARE_BUILD ", C++20, ";
#ifdef __clang__
  text += "clang " __clang_version__ ")";
#else
  text += "gcc " __VERSION__ ")";
#endif
  std::vector<LibraryVersion> libraries = BaseLibraries();
  libraries.push_back(ControlLibrary());
  for (const LibraryVersion& library : libraries) {
    text += "\n  " + library.name + " " + library.running;
    if (library.built != library.running) text += " (built against " + library.built + ")";
  }
  return text;
}

}  // namespace webcare

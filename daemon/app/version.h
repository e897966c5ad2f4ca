// What this build is, for --version and the status.
#pragma once

#include <string>

namespace webcare {

// "0.1.0".
std::string VersionNumber();

// Version, compiler, build type, and each library with the version built against and the one running:
// several lines for people.
std::string VersionText(const std::string& program);

}  // namespace webcare

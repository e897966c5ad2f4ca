// The daemon's command line.
#pragma once

#include <optional>
#include <string>

namespace webcare {

struct DaemonOptions {
  std::string config = "/etc/webcared/webcared.yaml";
  bool check_config = false;
  bool adopt = false;
  std::string log_level;   // Empty: as configured.
  std::string log_format;  // The same.
};

// Prints help, version or a usage error itself; `exit_code` is set when there is nothing left to do.
DaemonOptions ParseDaemonOptions(int argc, char** argv, std::optional<int>& exit_code);

}  // namespace webcare

// The daemon: its start-up as a list of steps, its main loop, its end.
#pragma once

namespace webcare {

// Returns an exit code of exit_codes.h. Runs until SIGTERM or SIGINT, or until a part reports that it
// cannot go on; finishes cleanly within the bound of the unit file.
int RunDaemon(int argc, char** argv);

}  // namespace webcare

// sysexits(3): what a script or systemd learns from how we ended. 64 and 78 are never restarted.
#pragma once

namespace webcare {

enum ExitCode {
  kExitOk = 0,
  kExitFailedExpectation = 1,  // A test or check of content failed; everything worked.
  kExitUsage = 64,
  kExitNoInput = 66,      // What was named is not there.
  kExitUnavailable = 69,  // Broker or daemon cannot be reached.
  kExitSoftware = 70,
  kExitCantCreate = 73,
  kExitIo = 74,
  kExitTemporary = 75,  // Somebody else holds the state, or it takes nothing now; try later.
  kExitConfig = 78,
};

}  // namespace webcare

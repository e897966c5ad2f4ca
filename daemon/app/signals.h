// Signals in one place: blocked in every thread, waited for by the main loop.
#pragma once

#include <chrono>

namespace webcare {

enum class Signal { kNone, kStop, kReload };

// Blocks SIGTERM, SIGINT and SIGHUP for this thread and all it starts, and ignores SIGPIPE and
// SIGXFSZ (a write beyond a limit then fails instead of killing us). Call before the first thread
// starts.
void BlockSignals();

// Waits until a signal arrives or the time is over (kNone).
Signal WaitForSignal(std::chrono::milliseconds timeout);

}  // namespace webcare

#include "daemon/app/signals.h"

#include <csignal>
#include <ctime>

namespace webcare {
namespace {

sigset_t Awaited() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

}  // namespace

void BlockSignals() {
  const sigset_t set = Awaited();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

Signal WaitForSignal(std::chrono::milliseconds timeout) {
  const sigset_t set = Awaited();
  const timespec wait{timeout.count() / 1000, (timeout.count() % 1000) * 1'000'000};
  const int signal = sigtimedwait(&set, nullptr, &wait);
  if (signal == SIGHUP) return Signal::kReload;
  return signal == SIGTERM || signal == SIGINT ? Signal::kStop : Signal::kNone;
}

}  // namespace webcare

// What systemd hears of us: sd_notify(3) as datagrams, in forty lines of our own instead of a
// library.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/time.h"

namespace webcare {

// Threads: one. Without $NOTIFY_SOCKET every call does nothing.
class ServiceManager {
 public:
  // Reads $NOTIFY_SOCKET and $WATCHDOG_USEC and removes them, so that no child inherits them.
  ServiceManager();
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  void Ready(std::string_view status);
  void Status(std::string_view status);  // One line for `systemctl status`.
  // RELOADING=1 with the monotonic time that systemd 253 and later want; end it with Ready().
  void Reloading();
  void Stopping();
  void ExtendTimeout(std::chrono::seconds by);  // While a slow start or stop goes on.
  void Watchdog();
  // How often Watchdog() must be called (half of what systemd allows); absent: not watched.
  std::optional<std::chrono::milliseconds> watchdog_interval() const { return watchdog_interval_; }

 private:
  void Send(std::string message) const;

  int socket_ = -1;
  std::optional<std::chrono::milliseconds> watchdog_interval_;
};

}  // namespace webcare

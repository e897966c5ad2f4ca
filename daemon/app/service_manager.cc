#include "daemon/app/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace webcare {
namespace {

std::string OneLine(std::string_view text) {
  std::string line(text);
  for (char& c : line)
    if (c == '\n' || c == '\r') c = ' ';
  return line;
}

int Connect(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t size = std::strlen(path);
  if (size == 0 || size >= sizeof address.sun_path) return -1;
  std::memcpy(address.sun_path, path, size);
  if (path[0] == '@') address.sun_path[0] = '\0';  // Abstract socket.
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
  if (fd >= 0 && connect(fd, reinterpret_cast<const sockaddr*>(&address), length) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

}  // namespace

ServiceManager::ServiceManager() {
  if (const char* path = std::getenv("NOTIFY_SOCKET")) socket_ = Connect(path);
  if (const char* text = std::getenv("WATCHDOG_USEC")) {
    std::int64_t micros = 0;
    std::from_chars(text, text + std::strlen(text), micros);
    if (micros > 0) watchdog_interval_ = std::chrono::milliseconds(micros / 2000);
  }
  unsetenv("NOTIFY_SOCKET");
  unsetenv("WATCHDOG_USEC");
}

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) close(socket_);
}

void ServiceManager::Send(std::string message) const {
  // A manager that does not listen is not our problem: nothing to report to anybody.
  if (socket_ >= 0) (void)send(socket_, message.data(), message.size(), MSG_NOSIGNAL);
}

void ServiceManager::Ready(std::string_view status) { Send("READY=1\nSTATUS=" + OneLine(status)); }
void ServiceManager::Status(std::string_view status) { Send("STATUS=" + OneLine(status)); }
void ServiceManager::Stopping() { Send("STOPPING=1"); }
void ServiceManager::Watchdog() { Send("WATCHDOG=1"); }

void ServiceManager::Reloading() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t micros =
      static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
  Send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(micros));
}

void ServiceManager::ExtendTimeout(std::chrono::seconds by) {
  Send("EXTEND_TIMEOUT_USEC=" +
       std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(by).count()));
}

}  // namespace webcare

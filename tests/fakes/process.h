// Programs of ours as children, and the files they write.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace webcare {

// A child that dies with its object, at the latest. Exit codes: its own, or 128 and the signal that ended it.
class Process {
 public:
  Process() = default;
  // Output and errors are appended to `log`; `environment` is added to ours; there is no input. Throws
  // std::runtime_error when it cannot be started.
  Process(const std::vector<std::string>& words, const std::string& log,
          const std::map<std::string, std::string>& environment = {});
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const;
  // The exit code, or nothing when it still runs after `patience`.
  std::optional<int> Wait(std::chrono::seconds patience = std::chrono::seconds(30));
  // Sends the signal and waits for the end, however long it takes. The exit code.
  int End(int signal);
  std::string Output() const;  // All that stands in the log.

 private:
  std::string log_;
  pid_t pid_ = -1;
};

std::string ReadWhole(const std::string& path);  // "" when there is none.
void WriteWhole(const std::string& path, const std::string& text);

}  // namespace webcare

// Programs as children, and plain HTTP to them.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace webcare {

// A child that dies with its object, at the latest.
class Process {
 public:
  Process() = default;
  // Output and errors are appended to `log`; `environment` is added to ours.
  Process(const std::vector<std::string>& words, const std::string& log,
          const std::map<std::string, std::string>& environment = {});
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  bool Running();
  // Sends the signal and waits for the end. The exit code, or minus the signal that ended it.
  int End(int signal);

 private:
  pid_t pid_ = -1;
};

// The exit code and, in `out`, what it said.
int RunToEnd(const std::vector<std::string>& words, const std::string& log);

// The body of the answer, "" when there is none or its status is not 200.
std::string HttpOverTcp(int port, const std::string& method, const std::string& path,
                        const std::string& body = "");
std::string HttpOverUnix(const std::string& socket, const std::string& method,
                         const std::string& path);

std::string ReadWhole(const std::string& path);
void WriteWhole(const std::string& path, const std::string& text);

}  // namespace webcare

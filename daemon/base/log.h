// Structured logs: a fixed event name and fields. The only user of spdlog.
//
//   log.Warn("poll_failed", {{"source", id}, {"error", ToString(error.code)}});
//
// Every event name has a paragraph in deploy/EVENTS.md (a test compares the two). No post text,
// handle, name, token or URL may be a value; control characters are escaped and values cut at 256
// bytes. Low layers return errors; the top logs them, once. Threads: any thread may log.
#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/base/library_version.h"

namespace webcare {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
// kAuto: with "<N>" priorities under journald, plain on a terminal, else as kText. kJson: one
// object a line.
enum class LogFormat { kAuto, kText, kJson };

struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(v) {}
  template <std::integral T>
  LogField(std::string_view k, T v) : key(k), value(std::to_string(v)) {}
  LogField(std::string_view k, double v) : key(k), value(std::to_string(v)) {}

  std::string_view key;
  std::string value;
};

class Log {
 public:
  // Writes to standard error.
  Log(LogLevel least, LogFormat format);
  Log();  // Says nothing: for tests and tools that want silence.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void Debug(std::string_view event, std::initializer_list<LogField> fields = {}) const;
  void Info(std::string_view event, std::initializer_list<LogField> fields = {}) const;
  void Warn(std::string_view event, std::initializer_list<LogField> fields = {}) const;
  void Error(std::string_view event, std::initializer_list<LogField> fields = {}) const;

 private:
  void Write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) const;

  struct Sink;
  std::unique_ptr<Sink> sink_;
};

LibraryVersion LogLibrary();

}  // namespace webcare

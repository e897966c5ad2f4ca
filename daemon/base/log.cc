#include "daemon/base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <spdlog/version.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "daemon/base/json.h"
#include "daemon/base/time.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

constexpr std::size_t kMaxValue = 256;

// journald names the stream it gave us; only then are "<N>" priorities understood (sd-daemon(3)).
bool StderrIsJournal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat info {};
  if (!stream || fstat(STDERR_FILENO, &info) != 0) return false;
  return std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino) == stream;
}

std::string Cut(std::string_view value) { return std::string(CutUtf8(value, kMaxValue)); }

// A value that a line-oriented reader cannot mistake for something else: no control characters,
// quoted when it holds a space, quote or equals sign.
std::string Quoted(std::string_view value) {
  std::string text = Cut(IsValidUtf8(value) ? std::string(value) : RepairUtf8(value));
  if (!text.empty() && text.find_first_of(" \"=\\\n\t") == std::string::npos &&
      StripControls(text) == text)
    return text;
  JsonWriter json;
  json.String(text);
  return json.Take();
}

int SyslogPriority(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return 7;
    case LogLevel::kInfo:
      return 6;
    case LogLevel::kWarn:
      return 4;
    case LogLevel::kError:
      return 3;
  }
  return 6;
}

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string AsText(std::string_view event, std::initializer_list<LogField> fields) {
  std::string line(event);
  for (const LogField& field : fields)
    line.append(" ").append(field.key).append("=").append(Quoted(field.value));
  return line;
}

std::string AsJson(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  JsonWriter json;
  const auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  json.StartObject().Field("time", FormatTime(now));
  json.Field("level", std::string_view(spdlog::level::to_string_view(SpdlogLevel(level)).data()));
  json.Field("event", event);
  for (const LogField& field : fields) json.Field(field.key, Cut(RepairUtf8(field.value)));
  json.EndObject();
  return json.Take();
}

}  // namespace

struct Log::Sink {
  spdlog::logger logger;
  LogFormat format;
  bool journal;
};

Log::Log(LogLevel least, LogFormat format) {
  const bool journal = format == LogFormat::kAuto && StderrIsJournal();
  sink_ = std::make_unique<Sink>(
      Sink{spdlog::logger("webcare", std::make_shared<spdlog::sinks::stderr_sink_mt>()), format,
           journal});
  sink_->logger.set_level(SpdlogLevel(least));
  sink_->logger.flush_on(spdlog::level::debug);
  // journald adds its own time; JSON carries it as a field.
  const bool bare = journal || format == LogFormat::kJson;
  sink_->logger.set_pattern(bare ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
}

Log::Log() = default;
Log::~Log() = default;

void Log::Write(LogLevel level, std::string_view event,
                std::initializer_list<LogField> fields) const {
  if (!sink_ || !sink_->logger.should_log(SpdlogLevel(level))) return;
  std::string line =
      sink_->format == LogFormat::kJson ? AsJson(level, event, fields) : AsText(event, fields);
  if (sink_->journal) line.insert(0, "<" + std::to_string(SyslogPriority(level)) + ">");
  sink_->logger.log(SpdlogLevel(level), spdlog::string_view_t(line));
}

void Log::Debug(std::string_view event, std::initializer_list<LogField> fields) const {
  Write(LogLevel::kDebug, event, fields);
}
void Log::Info(std::string_view event, std::initializer_list<LogField> fields) const {
  Write(LogLevel::kInfo, event, fields);
}
void Log::Warn(std::string_view event, std::initializer_list<LogField> fields) const {
  Write(LogLevel::kWarn, event, fields);
}
void Log::Error(std::string_view event, std::initializer_list<LogField> fields) const {
  Write(LogLevel::kError, event, fields);
}

LibraryVersion LogLibrary() {
  const std::string version =
      fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH);
  return {"spdlog", version, version};
}

}  // namespace webcare

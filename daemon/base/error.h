// What went wrong, told as what the caller does next.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace webcare {

enum class ErrorCode {
  kInvalid,      // Input is wrong. Retrying cannot help.
  kUnavailable,  // Transient. Retry with back-off.
  kRateLimited,  // Retry, but not before Error::retry_after has passed.
  kDenied,       // Credentials refused. Park the source, tell the operator.
  kGone,      // The thing asked for will not come back (HTTP 410). Stop asking, tell the operator.
  kCorrupt,   // Stored data failed a check. Never retry, always alert.
  kConflict,  // Somebody else holds it (second daemon, fenced producer). Step down.
};

struct Error {
  ErrorCode code = ErrorCode::kInvalid;
  // For people, English, without post text, handles, tokens or URLs with secrets.
  std::string message;
  std::chrono::milliseconds retry_after{0};  // kRateLimited only; 0: not said.
};

// "invalid", "unavailable", ... for logs, metrics and JSON.
std::string_view ToString(ErrorCode code);

}  // namespace webcare

#include "daemon/base/error.h"

namespace webcare {

std::string_view ToString(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return "invalid";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kRateLimited:
      return "rate-limited";
    case ErrorCode::kDenied:
      return "denied";
    case ErrorCode::kGone:
      return "gone";
    case ErrorCode::kCorrupt:
      return "corrupt";
    case ErrorCode::kConflict:
      return "conflict";
  }
  return "unknown";
}

}  // namespace webcare

#include "connectors/poller/backoff.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <string>
#include <vector>

namespace webcare {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLeastWait{1000};

bool IsDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int> Number(std::string_view text) {
  int value = 0;
  if (!IsDigits(text) || text.size() > 4) return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<unsigned> Month(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(kMonths.begin(), kMonths.end(), name);
  if (found == kMonths.end()) return std::nullopt;
  return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

// "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994":
// the words between blanks, commas and hyphens.
std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  while (words.size() < 8) {
    const auto first = text.find_first_not_of(" ,-\t");
    if (first == std::string_view::npos) break;
    text.remove_prefix(first);
    const auto end = std::min(text.find_first_of(" ,-\t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

std::optional<milliseconds> TimeOfDay(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hour = Number(text.substr(0, 2));
  const auto minute = Number(text.substr(3, 2));
  const auto second = Number(text.substr(6, 2));
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + seconds(*second);
}

std::optional<WallTime> ParseHttpDate(std::string_view text) {
  const auto words = Words(text);
  if (words.size() < 5 || words.size() > 6) return std::nullopt;
  const bool asctime = words.size() == 5;  // Weekday, month, day, time, year; no zone.
  const auto day = Number(asctime ? words[2] : words[1]);
  const auto month = Month(asctime ? words[1] : words[2]);
  auto year = Number(asctime ? words[4] : words[3]);
  const auto time = TimeOfDay(asctime ? words[3] : words[4]);
  if (!asctime && words[5] != "GMT" && words[5] != "UTC") return std::nullopt;
  if (!day || !month || !year || !time) return std::nullopt;
  if (*year < 100) *year += *year < 70 ? 2000 : 1900;  // RFC 850 form.
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(*month),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return WallTime(std::chrono::sys_days(date)) + *time;
}

}  // namespace

AnswerKind ClassifyStatus(int status, bool answered_lately) {
  switch (status) {
    case 200:
    case 206:
      return AnswerKind::kPage;
    case 304:
      return AnswerKind::kUnchanged;
    case 401:
      return AnswerKind::kDenied;
    case 403:
      return answered_lately ? AnswerKind::kBlocked : AnswerKind::kRefused;
    case 410:
      return AnswerKind::kGone;
    case 408:
    case 425:
      return AnswerKind::kTransient;
    case 429:
      return AnswerKind::kThrottled;
    default:
      return status >= 500 ? AnswerKind::kTransient : AnswerKind::kRefused;
  }
}

AnswerKind ClassifyError(ErrorCode code) {
  switch (code) {
    case ErrorCode::kRateLimited:
      return AnswerKind::kThrottled;
    case ErrorCode::kDenied:
      return AnswerKind::kDenied;
    case ErrorCode::kGone:
      return AnswerKind::kGone;
    default:
      return AnswerKind::kTransient;  // kInvalid too: the next page may be readable.
  }
}

milliseconds BackoffWait(int failures, std::uint64_t random) {
  assert(failures >= 1);
  const milliseconds grown = seconds(1) * (1LL << std::min(failures, 20));
  const milliseconds most = std::min(grown, kBackoffCeiling);
  const auto range = static_cast<std::uint64_t>((most - kLeastWait).count()) + 1;
  return kLeastWait + milliseconds(random % range);
}

std::optional<milliseconds> ParseRetryAfter(std::string_view value, WallTime now) {
  const auto first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos) return std::nullopt;
  value = value.substr(first, value.find_last_not_of(" \t") - first + 1);
  if (IsDigits(value)) {
    std::int64_t count = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), count);
    if (parsed.ec != std::errc() || count > kLongestWait / seconds(1)) return kLongestWait;
    return std::max<milliseconds>(seconds(count), kLeastWait);
  }
  const auto date = ParseHttpDate(value);
  if (!date) return std::nullopt;
  return std::clamp<milliseconds>(*date - now, kLeastWait, kLongestWait);
}

milliseconds WaitAfter(AnswerKind kind, int failures, milliseconds retry_after,
                       milliseconds interval, std::uint64_t random) {
  switch (kind) {
    case AnswerKind::kDenied:
    case AnswerKind::kGone:
      return WithJitter(kParkedWait, random);
    case AnswerKind::kBlocked:
    case AnswerKind::kRefused:
      return WithJitter(std::max({interval, kBackoffCeiling, retry_after}), random);
    default:
      break;
  }
  const milliseconds backoff = BackoffWait(failures, random);
  // Early retries are for hiccups; a source that stays down is asked in its own rhythm at most.
  constexpr int kHiccups = 10;
  const milliseconds rhythm = failures > kHiccups ? interval : milliseconds(0);
  return std::min(std::max({backoff, rhythm, retry_after}), kLongestWait);
}

}  // namespace webcare

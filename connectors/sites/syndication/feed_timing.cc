#include "connectors/sites/syndication/feed_timing.h"

#include <algorithm>

#include "connectors/markup/text.h"

namespace webcare {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::optional<seconds> MaxAge(std::string_view cache_control) {
  const std::string lower = LowerAscii(cache_control);
  constexpr std::string_view kName = "max-age=";
  std::size_t at = lower.find(kName);
  if (at == std::string::npos || (at > 0 && lower[at - 1] == '-'))
    return std::nullopt;  // "x-max-age".
  std::int64_t value = 0;
  for (at += kName.size(); at < lower.size() && lower[at] >= '0' && lower[at] <= '9'; ++at) {
    value = std::min<std::int64_t>(value * 10 + (lower[at] - '0'), kLongestInterval.count());
  }
  if (value == 0) return std::nullopt;
  return seconds(value);
}

bool IsSkipped(const FeedTiming& timing, std::chrono::sys_time<hours> hour) {
  const auto day = std::chrono::floor<std::chrono::days>(hour);
  const auto of_day = static_cast<std::size_t>((hour - day).count());
  return timing.skip_hours[of_day] || timing.skip_days[std::chrono::weekday(day).c_encoding()];
}

// Until the first hour that is not skipped; absent where `now` is not, or all of a week is.
std::optional<seconds> UntilAwake(const FeedTiming& timing, WallTime now) {
  const auto hour = std::chrono::floor<hours>(now);
  for (int ahead = 0; ahead < 24 * 7; ++ahead) {
    if (IsSkipped(timing, hour + hours(ahead))) continue;
    if (ahead == 0) return std::nullopt;
    return std::chrono::ceil<seconds>(hour + hours(ahead) - now);
  }
  return std::nullopt;
}

}  // namespace

std::optional<seconds> WishedInterval(const FeedTiming& timing, std::string_view cache_control,
                                      WallTime now, seconds least) {
  std::optional<seconds> longest;
  for (const auto& wish :
       {timing.ttl, timing.update_period, MaxAge(cache_control), UntilAwake(timing, now)}) {
    if (wish && (!longest || *wish > *longest)) longest = wish;
  }
  if (longest) longest = std::clamp(*longest, least, std::max(least, kLongestInterval));
  return longest;
}

}  // namespace webcare

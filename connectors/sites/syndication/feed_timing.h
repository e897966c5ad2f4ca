// How long to leave a feed alone (feeds.md 1, "Interval").
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "connectors/sites/syndication/feed.h"

namespace webcare {

inline constexpr std::chrono::seconds kLongestInterval = std::chrono::hours(24);

// The longest of ttl, update period, max-age of `cache_control` and the time until no hour or day is
// skipped any more, within [least, 24 h]. Absent where nothing of that was said.
std::optional<std::chrono::seconds> WishedInterval(const FeedTiming& timing,
                                                   std::string_view cache_control, WallTime now,
                                                   std::chrono::seconds least);

}  // namespace webcare

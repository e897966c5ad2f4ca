// What an answer means for the next request: the retry table of feeds.md 0.3, as pure functions.
// A source is never given up: even a parked one is asked once a day.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "connectors/poller/schedule.h"
#include "daemon/base/error.h"
#include "daemon/base/time.h"

namespace webcare {

enum class AnswerKind {
  kPage,       // 200, 206: to the connector.
  kUnchanged,  // 304.
  kTransient,  // Our retry may help soon.
  kThrottled,  // We ask too much, and the site says so (429).
  kBlocked,    // 403 from a source that answered lately: throttling that does not say so.
  kRefused,    // The same request will not be answered: at the ceiling at once.
  kDenied,     // 401: parked.
  kGone,       // 410: parked.
};

// `answered_lately`: the source had a good answer a short while ago. Then a 403 is throttling
// (Reddit without OAuth, some CDNs; peers.md 2.13), not a refusal.
AnswerKind ClassifyStatus(int status, bool answered_lately);

// The other direction, for errors of transport, parser and Connector::ReadError.
AnswerKind ClassifyError(ErrorCode code);

inline constexpr std::chrono::milliseconds kBackoffCeiling = std::chrono::minutes(15);
inline constexpr std::chrono::milliseconds kParkedWait = kLongestWait;

// Full jitter: anything between 1 s and min(2^failures s, ceiling). `failures` counts from 1.
std::chrono::milliseconds BackoffWait(int failures, std::uint64_t random);

// Retry-After of RFC 9110 10.2.3: seconds, or a date in any of the three forms of 5.6.7 (zone "UTC"
// is tolerated). Clamped to [1 s, 24 h], a date in the past gives 1 s; absent where it is none of
// these.
std::optional<std::chrono::milliseconds> ParseRetryAfter(std::string_view value, WallTime now);

// The wait before the next request after the `failures`th setback in a row. `retry_after`: as told
// by the site, 0 if it said nothing. `interval`: what the source has when all is well; a slow
// source is not asked more often because it fails.
std::chrono::milliseconds WaitAfter(AnswerKind kind, int failures,
                                    std::chrono::milliseconds retry_after,
                                    std::chrono::milliseconds interval, std::uint64_t random);

}  // namespace webcare

// When a source is asked next. Pure: same input, same answer; the loop holds the clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "connectors/source.h"
#include "connectors/source_state.h"
#include "daemon/base/time.h"

namespace webcare {

// No feed's wish and no server's "retry after" keeps us away longer than this.
inline constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(24);

// The interval before jitter. Fixed where the operator said so. Else adaptive: half the mean time
// between two posts (7 days half-life), within [least_interval, most_interval]; the connector's
// default until the first success. The site's wish (ttl, max-age) lengthens both, but not beyond
// most_interval: feeds publish absurd wishes (feeds.md 1). Never below the connector's own least.
std::chrono::milliseconds PollInterval(const Source& source, const SourceState& state,
                                       std::optional<std::chrono::seconds> site_wish);

// A random-looking number that a source and a count of polls always give again.
std::uint64_t PollHash(std::string_view source_id, std::uint64_t count, std::uint64_t seed);

// `interval` stretched or shrunk by up to 10 %, so that sources do not fall into step.
std::chrono::milliseconds WithJitter(std::chrono::milliseconds interval, std::uint64_t random);

// A source about to be polled for the first time since the start.
struct FirstPoll {
  WallTime last_success{};  // The epoch: never.
  std::chrono::milliseconds interval{};
};

// How long each waits. A source asked recently keeps its old rhythm: a restart asks nobody early.
// Those overdue start one by one, the longest-waiting first, 250 ms apart (few sources are all
// asked within a second or two) or closer, so that all have started after 60 s.
std::vector<std::chrono::milliseconds> SpreadFirstPolls(const std::vector<FirstPoll>& sources,
                                                        WallTime now);

// The posting rate after a poll at `now` that found `fresh` new posts. On the first poll ever the
// posts' own times count: `oldest` is the earliest of the page. REQUIRES: state as before the poll.
double UpdatedPostsPerDay(const SourceState& state, int fresh, std::optional<WallTime> oldest,
                          WallTime now);

// Nothing new for at least a day and for eight times the mean gap the source had when it last
// spoke. That is worth showing, and no failure.
bool IsQuiet(const SourceState& state, WallTime now);

}  // namespace webcare

#include "connectors/poller/schedule.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace webcare {
namespace {

using std::chrono::milliseconds;
using Days = std::chrono::duration<double, std::ratio<86'400>>;

constexpr Days kHalfLife{7};
constexpr milliseconds kSpreadWindow{60'000};
constexpr milliseconds kSpreadStep{250};
constexpr Days kQuietLeast{1};
constexpr double kQuietGaps = 8;

// Wall time may jump back; nothing here may become negative by that.
Days Between(WallTime from, WallTime to) { return std::max(Days(to - from), Days(0)); }

milliseconds Most(const Source& source) {
  return source.most_interval > milliseconds(0) ? source.most_interval : kLongestWait;
}

milliseconds AdaptiveInterval(const Source& source, const SourceState& state) {
  if (state.last_success == WallTime{}) return source.connector->default_interval();
  const milliseconds most = Most(source);
  const double half_gap_days = 0.5 / std::max(state.posts_per_day, 1e-6);
  if (Days(half_gap_days) > Days(most)) return most;
  return std::chrono::duration_cast<milliseconds>(Days(half_gap_days));
}

}  // namespace

milliseconds PollInterval(const Source& source, const SourceState& state,
                          std::optional<std::chrono::seconds> site_wish) {
  const milliseconds most = Most(source);
  milliseconds interval = source.every ? *source.every
                                       : std::clamp(AdaptiveInterval(source, state),
                                                    std::min(source.least_interval, most), most);
  // Bounded in seconds: a hostile wish may not fit into milliseconds.
  if (site_wish)
    interval = std::max<milliseconds>(interval,
                                      std::clamp(*site_wish, std::chrono::seconds(0),
                                                 std::chrono::floor<std::chrono::seconds>(most)));
  return std::min(std::max(interval, source.connector->least_interval()), kLongestWait);
}

std::uint64_t PollHash(std::string_view source_id, std::uint64_t count, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325 ^ seed;  // FNV-1a, then the finisher of SplitMix64.
  for (const unsigned char c : source_id) hash = (hash ^ c) * 0x100000001b3;
  hash += count * 0x9e3779b97f4a7c15;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

milliseconds WithJitter(milliseconds interval, std::uint64_t random) {
  const auto permille = static_cast<std::int64_t>(random % 201) - 100;
  return interval + interval * permille / 1000;
}

std::vector<milliseconds> SpreadFirstPolls(const std::vector<FirstPoll>& sources, WallTime now) {
  std::vector<milliseconds> waits(sources.size());
  std::vector<std::size_t> overdue;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const FirstPoll& source = sources[i];
    const milliseconds since = now - source.last_success;
    if (since >= milliseconds(0) && since < source.interval)
      waits[i] = source.interval - since;
    else
      overdue.push_back(i);  // Also one "polled in the future": the clock was set back.
  }
  if (overdue.empty()) return waits;
  std::stable_sort(overdue.begin(), overdue.end(), [&](std::size_t a, std::size_t b) {
    return sources[a].last_success < sources[b].last_success;
  });
  const auto count = static_cast<std::int64_t>(overdue.size());
  for (std::int64_t place = 0; place < count; ++place) {
    const std::size_t i = overdue[static_cast<std::size_t>(place)];
    const milliseconds turn = std::min(kSpreadStep * place, kSpreadWindow * place / count);
    waits[i] = std::min(turn, sources[i].interval);
  }
  return waits;
}

double UpdatedPostsPerDay(const SourceState& state, int fresh, std::optional<WallTime> oldest,
                          WallTime now) {
  if (state.last_success == WallTime{}) {
    if (fresh == 0 || !oldest) return 0;
    const Days span = std::clamp(Between(*oldest, now), Days(1.0 / 24), Days(30));
    return fresh / span.count();
  }
  // An exponential average over time: each post weighs ln2 / half-life and fades from its poll on.
  const double fade = std::exp2(-Between(state.last_success, now) / kHalfLife);
  return state.posts_per_day * fade + fresh * std::log(2.0) / kHalfLife.count();
}

bool IsQuiet(const SourceState& state, WallTime now) {
  if (state.last_new_post == WallTime{} || state.posts_per_day <= 0) return false;
  const Days silence = Between(state.last_new_post, now);
  // The rate when it last spoke: what has faded since is taken back.
  const double faded = Between(state.last_new_post, state.last_success) / kHalfLife;
  const double rate = state.posts_per_day * std::exp2(faded);
  return silence > std::max(kQuietLeast, Days(kQuietGaps / rate));
}

}  // namespace webcare

// Dates as sites write them. No clock: a date far in the future is the caller's to judge.
// Everything is UTC in the result; fractions are cut to milliseconds.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/base/time.h"

namespace webcare {

// Tries both forms below; what feeds need. Absent where the text is no date ("31 feb").
std::optional<WallTime> ParseDate(std::string_view text);

// RFC 3339 and W3C-DTF: "2026-11-22T08:00:00.123456789+01:00", "2026-11-22 08:00", "2026-11". A
// space may stand for 'T', 0 to 9 digits of fraction, zones as below, no zone is UTC, 24:00 is
// midnight.
std::optional<WallTime> ParseIsoDate(std::string_view text);

// RFC 822, 2822, 5322 and what passes for it: "Sun, 22 Nov 2026 08:00:00 +0100", without or with a
// wrong weekday, one-digit days, two-digit years (00 to 49 are 2000 to 2049, RFC 5322 4.3), month
// before day, am and pm, no time, English and Dutch month names. Zones: "+0100", "+01:00", "GMT+1",
// "Z", names from EST to CEST; military letters and unknown names are UTC (RFC 5322 4.3).
std::optional<WallTime> ParseMailDate(std::string_view text);

// HTTP-date in its three forms (RFC 9110 5.6.7), and "UTC" for "GMT" as X sends it.
std::optional<WallTime> ParseHttpDate(std::string_view text);

// What a feed says, unless it is more than a day ahead of `now` or absent: then `now`, the fetch
// time.
WallTime PlausibleDate(std::optional<WallTime> date, WallTime now);

}  // namespace webcare

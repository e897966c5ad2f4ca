#include "daemon/base/time.h"

#include <cstdio>

namespace webcare {
namespace {

// The last `digits` decimal digits of `value`, at `to`.
void PutDigits(char* to, int digits, unsigned value) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

std::string FormatTime(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const int year = static_cast<int>(date.year());
  std::string out = "0000-00-00T00:00:00.000Z";
  PutDigits(&out[5], 2, static_cast<unsigned>(date.month()));
  PutDigits(&out[8], 2, static_cast<unsigned>(date.day()));
  PutDigits(&out[11], 2, static_cast<unsigned>(clock.hours().count()));
  PutDigits(&out[14], 2, static_cast<unsigned>(clock.minutes().count()));
  PutDigits(&out[17], 2, static_cast<unsigned>(clock.seconds().count()));
  PutDigits(&out[20], 3, static_cast<unsigned>(clock.subseconds().count()));
  if (year >= 0 && year <= 9999) {
    PutDigits(out.data(), 4, static_cast<unsigned>(year));
    return out;
  }
  char wide[16];  // A clock gone wild, in front of the same rest.
  const int size = std::snprintf(wide, sizeof wide, "%04d", year);
  return out.replace(0, 4, wide, static_cast<std::size_t>(size));
}

}  // namespace webcare

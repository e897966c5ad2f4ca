#include "connectors/markup/dates.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "connectors/markup/text.h"

namespace webcare {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::size_t kLongestDate = 100;

struct MonthName {
  std::string_view name;
  unsigned month;
};
// A word of three letters or more that begins one of these means the month.
constexpr MonthName kMonths[] = {
    {"january", 1},  {"januari", 1},   {"february", 2}, {"februari", 2}, {"march", 3},
    {"maart", 3},    {"mrt", 3},       {"april", 4},    {"may", 5},      {"mei", 5},
    {"june", 6},     {"juni", 6},      {"july", 7},     {"juli", 7},     {"august", 8},
    {"augustus", 8}, {"september", 9}, {"october", 10}, {"oktober", 10}, {"november", 11},
    {"december", 12}};

struct ZoneName {
  std::string_view name;
  int hours;
};
constexpr ZoneName kZones[] = {
    {"est", -5},  {"edt", -4},  {"cst", -6},  {"cdt", -5},  {"mst", -7}, {"mdt", -6}, {"pst", -8},
    {"pdt", -7},  {"akst", -9}, {"akdt", -8}, {"hst", -10}, {"ast", -4}, {"adt", -3}, {"wet", 0},
    {"west", 1},  {"bst", 1},   {"cet", 1},   {"cest", 2},  {"met", 1},  {"mest", 2}, {"mez", 1},
    {"mesz", 2},  {"eet", 2},   {"eest", 3},  {"msk", 3},   {"jst", 9},  {"kst", 9},  {"awst", 8},
    {"aest", 10}, {"aedt", 11}, {"nzst", 12}, {"nzdt", 13}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A date being put together.
struct Fields {
  std::optional<int> year;
  std::optional<unsigned> month, day;
  int hour = 0, minute = 0, second = 0, millis = 0;
  minutes offset{0};

  std::optional<WallTime> Time() const {
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                           std::chrono::day(*day)};
    if (!date.ok() || hour > 24 || minute > 59 || second > 60) return std::nullopt;
    return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) + minutes(minute) +
           std::chrono::seconds(second) + milliseconds(millis) - offset;
  }
};

// Reads a text from its front.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(TrimSpace(text)) {}

  bool empty() const { return text_.empty(); }
  char Peek() const { return text_.empty() ? '\0' : text_.front(); }
  bool Skip(char c) {
    if (Peek() != c || text_.empty()) return false;
    text_.remove_prefix(1);
    return true;
  }
  void SkipAny(std::string_view set) {
    while (!text_.empty() && set.find(text_.front()) != std::string_view::npos)
      text_.remove_prefix(1);
  }
  std::string_view Word() { return Run(IsLetter); }
  std::string_view Digits() { return Run(IsDigit); }
  // Exactly `size` digits, or nothing is read.
  std::optional<int> Number(std::size_t size) {
    if (text_.size() < size ||
        !std::all_of(text_.begin(), text_.begin() + static_cast<long>(size), IsDigit)) {
      return std::nullopt;
    }
    const int value = ToInt(text_.substr(0, size));
    text_.remove_prefix(size);
    return value;
  }
  static int ToInt(std::string_view digits) {
    int value = 0;
    for (const char c : digits.substr(0, 9)) value = value * 10 + (c - '0');
    return value;
  }

 private:
  std::string_view Run(bool (*of)(char)) {
    const auto end = std::find_if_not(text_.begin(), text_.end(), of);
    const auto run = text_.substr(0, static_cast<std::size_t>(end - text_.begin()));
    text_.remove_prefix(run.size());
    return run;
  }

  std::string_view text_;
};

std::optional<unsigned> MonthOf(std::string_view word) {
  const std::string lower = LowerAscii(word);
  if (lower.size() < 3) return std::nullopt;
  if (lower == "sept" || lower == "okt") return lower == "sept" ? 9U : 10U;
  for (const MonthName& month : kMonths) {
    if (month.name.substr(0, lower.size()) == lower) return month.month;
  }
  return std::nullopt;
}

int ZoneHours(std::string_view word) {
  const std::string lower = LowerAscii(word);
  const auto* zone = std::find_if(std::begin(kZones), std::end(kZones),
                                  [&](const ZoneName& z) { return z.name == lower; });
  return zone == std::end(kZones) ? 0 : zone->hours;
}

// Behind '+' or '-': "0100", "01:00", "1", "01".
minutes ReadOffset(Scanner& in) {
  const std::string_view digits = in.Digits();
  const int value = Scanner::ToInt(digits);
  if (digits.size() > 2) return minutes(std::min(value / 100, 23) * 60 + value % 100);
  int rest = 0;
  if (in.Skip(':')) rest = in.Number(2).value_or(0);
  return minutes(std::min(value, 23) * 60 + rest);
}

// "Z", "+01:00", "CET", "GMT+1", "(CET)"; nothing is UTC.
minutes ReadZone(Scanner& in) {
  in.SkipAny(" (");
  const std::string_view word = in.Word();
  minutes offset = std::chrono::hours(ZoneHours(word));
  if (in.Skip('+')) return ReadOffset(in);
  if (in.Skip('-')) return -ReadOffset(in);
  return offset;
}

// "08:00", "08:00:30.25" behind the hour, which the caller has read.
bool ReadTimeAfterHour(Scanner& in, Fields& fields) {
  if (!in.Skip(':')) return false;
  const auto minute = in.Number(2);
  if (!minute) return false;
  fields.minute = *minute;
  if (!in.Skip(':')) return true;
  const std::string_view second = in.Digits();
  if (second.empty() || second.size() > 2) return false;
  fields.second = Scanner::ToInt(second);
  if (in.Skip('.') || in.Skip(',')) {
    std::string fraction(in.Digits().substr(0, 3));
    fraction.resize(3, '0');
    fields.millis = Scanner::ToInt(fraction);
  }
  return true;
}

void ReadHalfOfDay(std::string_view word, Fields& fields) {
  if (EqualsIgnoreCase(word, "pm") && fields.hour < 12) fields.hour += 12;
  if (EqualsIgnoreCase(word, "am") && fields.hour == 12) fields.hour = 0;
}

// A number of a mail date is the hour before ':', else day, then year; four digits are the year.
bool TakeNumber(std::string_view digits, Fields& fields) {
  const int value = Scanner::ToInt(digits);
  if (digits.size() <= 2 && !fields.day) {
    fields.day = static_cast<unsigned>(value);
    return true;
  }
  if (fields.year || digits.size() > 4) return false;
  fields.year = digits.size() == 4 ? value : value + (value < 50 ? 2000 : 1900);
  return true;
}

struct MailState {
  Fields fields;
  bool timed = false;
  bool zoned = false;
};

bool TakeWord(std::string_view word, Scanner& in, MailState& state) {
  if (EqualsIgnoreCase(word, "am") || EqualsIgnoreCase(word, "pm")) {
    ReadHalfOfDay(word, state.fields);
  } else if (const auto month = MonthOf(word); month && !state.fields.month) {
    state.fields.month = month;
    in.Skip('.');
  } else if (state.timed && !state.zoned) {
    state.fields.offset = std::chrono::hours(ZoneHours(word));
    state.zoned = ZoneHours(word) != 0;
  }
  return true;  // Weekdays, "om", "at" and the like.
}

bool TakeToken(Scanner& in, MailState& state) {
  if (IsLetter(in.Peek())) return TakeWord(in.Word(), in, state);
  if (IsDigit(in.Peek())) {
    const std::string_view digits = in.Digits();
    if (in.Peek() != ':' || state.timed || digits.size() > 2)
      return TakeNumber(digits, state.fields);
    state.timed = true;
    state.fields.hour = Scanner::ToInt(digits);
    return ReadTimeAfterHour(in, state.fields);
  }
  const char sign = in.Peek();
  if (state.timed && !state.zoned && (sign == '+' || sign == '-')) {
    in.Skip(sign);
    const minutes offset = ReadOffset(in);
    state.fields.offset = sign == '+' ? offset : -offset;
    state.zoned = true;
    return true;
  }
  in.SkipAny(std::string_view(&sign, 1));  // Commas, dashes, brackets, slashes.
  return true;
}

}  // namespace

std::optional<WallTime> ParseIsoDate(std::string_view text) {
  Scanner in(text.substr(0, kLongestDate));
  Fields fields;
  fields.year = in.Number(4);
  if (!fields.year) return std::nullopt;
  fields.month = 1;
  fields.day = 1;
  in.Skip('-');
  if (const auto month = in.Number(2)) {
    fields.month = static_cast<unsigned>(*month);
    in.Skip('-');
    if (const auto day = in.Number(2)) fields.day = static_cast<unsigned>(*day);
  }
  if (in.empty()) return fields.Time();
  if (!in.Skip('T') && !in.Skip('t') && !in.Skip(' ')) return std::nullopt;
  const auto hour = in.Number(2);
  if (!hour || !ReadTimeAfterHour(in, fields)) return std::nullopt;
  fields.hour = *hour;
  fields.offset = ReadZone(in);
  return fields.Time();
}

std::optional<WallTime> ParseMailDate(std::string_view text) {
  Scanner in(text.substr(0, kLongestDate));
  MailState state;
  while (!in.empty()) {
    if (!TakeToken(in, state)) return std::nullopt;
  }
  return state.fields.Time();
}

std::optional<WallTime> ParseDate(std::string_view text) {
  const auto iso = ParseIsoDate(text);
  return iso ? iso : ParseMailDate(text);
}

std::optional<WallTime> ParseHttpDate(std::string_view text) {
  text = TrimSpace(text);
  // All three forms begin with a weekday; a bare number is delta-seconds, not a date.
  if (text.empty() || !IsLetter(text.front())) return std::nullopt;
  return ParseMailDate(text);
}

WallTime PlausibleDate(std::optional<WallTime> date, WallTime now) {
  return date && *date <= now + std::chrono::hours(24) ? *date : now;
}

}  // namespace webcare

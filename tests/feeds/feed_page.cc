#include "tests/feeds/feed_page.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "daemon/base/json.h"

namespace webcare {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string PercentDecode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
                        HexDigit(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

FeedTarget::FeedTarget(std::string_view target) {
  const std::size_t split = std::min(target.find('?'), target.size());
  path_ = PercentDecode(target.substr(0, split), false);
  std::string_view rest = target.substr(std::min(split + 1, target.size()));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    query_.emplace_back(PercentDecode(pair.substr(0, equals), true),
                        PercentDecode(pair.substr(std::min(equals + 1, pair.size())), true));
  }
}

std::string_view FeedTarget::Get(std::string_view name) const {
  const auto found = std::find_if(query_.begin(), query_.end(),
                                  [name](const auto& pair) { return pair.first == name; });
  return found == query_.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<std::string_view> FeedTarget::All(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : query_)
    if (key == name) values.push_back(value);
  return values;
}

std::optional<std::uint64_t> FeedTarget::Number(std::string_view name) const {
  const std::string_view text = Get(name);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string FeedTarget::QueryWithout(const std::vector<std::string_view>& without) const {
  std::string query;
  for (const auto& [key, value] : query_) {
    if (std::find(without.begin(), without.end(), key) != without.end()) continue;
    query.append(query.empty() ? "?" : "&").append(PercentEncode(key)).append("=");
    query.append(PercentEncode(value));
  }
  return query;
}

std::string PercentEncode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return out;
}

std::string RssTime(WallTime time) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %d %02d:%02d:%02d +0000",
                kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string PercentEncodePath(std::string_view path) {
  std::string out;
  for (;;) {
    const std::size_t end = std::min(path.find('/'), path.size());
    out += PercentEncode(path.substr(0, end));
    if (end == path.size()) return out;
    out += '/';
    path.remove_prefix(end + 1);
  }
}

FeedPage ErrorPage(int status, std::string_view message) {
  FeedPage page;
  page.status = status;
  page.body = [text = std::string(message)] {
    return JsonWriter().StartObject().Field("error", text).EndObject().Take();
  };
  return page;
}

}  // namespace webcare

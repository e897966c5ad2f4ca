#include "rules/regex_check.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "daemon/base/utf8.h"
#include "rules/rule_set.h"
#include "rules/text/fold.h"

namespace webcare {
namespace {

constexpr std::size_t kMaxPattern = 500;
constexpr std::int64_t kMaxMemory = 1 << 20;  // Of one compiled pattern.

bool IsHigh(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// The end of the escape that begins at `at` ("\b", "\pL", "\p{Greek}", "\x{1F600}").
std::size_t EscapeEnd(std::string_view pattern, std::size_t at) {
  if (at + 1 >= pattern.size()) return pattern.size();
  const char kind = pattern[at + 1];
  if (kind != 'p' && kind != 'P' && kind != 'x') return at + 2;
  if (at + 2 < pattern.size() && pattern[at + 2] == '{')
    return std::min(pattern.find('}', at), pattern.size() - 1) + 1;
  return std::min(at + (kind == 'x' ? 4 : 3), pattern.size());
}

std::string CheckLetters(std::string_view pattern) {
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '\\') {
      at = EscapeEnd(pattern, at);
      continue;
    }
    if (pattern.substr(at).starts_with("(?P<")) {  // RE2 writes names with a capital P.
      at += 4;
      continue;
    }
    const std::size_t start = at;
    DecodeUtf8(pattern, at);
    const std::string_view one = pattern.substr(start, at - start);
    Folded folded;
    Fold(one, folded);
    if (folded.text() == one) continue;
    const std::string shown(one);
    if (one[0] >= 'A' && one[0] <= 'Z')
      return "capital '" + shown + "' never matches: text is folded to lower case";
    return "'" + shown + "' never matches: text is folded, write '" + std::string(folded.text()) +
           "'";
  }
  return "";
}

const char* Hint(re2::RE2::ErrorCode code) {
  if (code == re2::RE2::ErrorRepeatSize) return " (at most 1000 in all)";
  if (code == re2::RE2::ErrorBadPerlOp) return " (there is no looking around; use none or near)";
  return "";
}

// What RE2 would take and never match; "" when the pattern is fine.
std::string Mistake(std::string_view pattern) {
  if (pattern.size() > kMaxPattern) return "a pattern of over 500 bytes";
  if (std::string mistake = CheckLetters(pattern); !mistake.empty()) return mistake;
  for (std::size_t at = pattern.find("\\b"); at != std::string_view::npos;
       at = pattern.find("\\b", at + 2)) {
    const bool before = at > 0 && IsHigh(pattern[at - 1]);
    const bool after = at + 2 < pattern.size() && IsHigh(pattern[at + 2]);
    if (before || after) return "\\b beside a character that is not ASCII never matches as meant";
  }
  return "";
}

Error Refused(std::string why) { return {ErrorCode::kInvalid, std::move(why)}; }

}  // namespace

Result<std::unique_ptr<re2::RE2>> CompileRegex(const std::string& pattern) {
  if (std::string mistake = Mistake(pattern); !mistake.empty()) return Refused(std::move(mistake));
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxMemory);
  auto regex = std::make_unique<re2::RE2>(pattern, options);
  if (!regex->ok()) return Refused(regex->error() + Hint(regex->error_code()));
  if (re2::RE2::PartialMatch("", *regex))
    return Refused("the pattern matches the empty text, so it matches everywhere");
  return regex;
}

LibraryVersion PatternLibrary() { return {"re2", WEBCARE_RE2_VERSION, WEBCARE_RE2_VERSION}; }

}  // namespace webcare

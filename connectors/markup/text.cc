#include "connectors/markup/text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <cstdint>

#include "daemon/base/eight_bytes.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

constexpr int kMostMarksInARow = 30;  // UAX #15, 13 "Stream-Safe Text Format".

// What bytes 0x80 to 0x9F mean in windows-1252 (WHATWG Encoding); five of them stay controls.
constexpr char32_t kWindows1252[32] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

// Text below U+0300 is in NFC whatever its order: nothing there composes with its neighbour.
bool IsSurelyNfc(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0xCC; });
}

bool IsPlainAscii(char c) { return (c >= ' ' && c < 0x7F) || c == '\n' || c == '\t'; }

// Eight characters that are all in [' ', 0x7F): no high bit, nothing that borrows when 0x20 is taken
// off, nothing that carries when 1 is added. A false no costs a closer look, a false yes cannot be.
bool AreEightPlain(const char* text) {
  const std::uint64_t bytes = LoadEight(text);
  return ((bytes | (bytes - 0x20 * kOnes) | (bytes + kOnes)) & kHighBits) == 0;
}

bool IsBetween(char c, unsigned char low, unsigned char high) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= low && byte <= high;
}

// The size of the character that `text` starts with where it is one that CleanText leaves alone:
// Latin letters (U+00C0 to U+02FF), dashes, quotes and dots (U+2010 to U+2027), the euro sign, emoji
// (U+1F000 to U+1FFFF). All are in NFC and compose with nothing; 0 for any other.
std::size_t PlainSize(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
  if (IsPlainAscii(byte(0))) return 1;
  if (IsBetween(byte(0), 0xC3, 0xCB)) return IsBetween(byte(1), 0x80, 0xBF) ? 2 : 0;
  if (text.starts_with("\xE2\x80")) return IsBetween(byte(2), 0x90, 0xA7) ? 3 : 0;
  if (text.starts_with("\xE2\x82\xAC")) return 3;
  if (!text.starts_with("\xF0\x9F")) return 0;
  return IsBetween(byte(2), 0x80, 0xBF) && IsBetween(byte(3), 0x80, 0xBF) ? 4 : 0;
}

bool IsInvisible(char32_t c) { return c == 0xAD || c == 0x200B || c == 0x2060 || c == 0xFEFF; }
bool IsNoBreakSpace(char32_t c) { return c == 0xA0 || c == 0x202F; }

// Expects valid UTF-8 without controls.
std::string DropInvisible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  int marks = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      out.push_back(text[at++]);
      marks = 0;
      continue;
    }
    const std::size_t from = at;
    const char32_t c = DecodeUtf8(text, at);
    if (IsInvisible(c)) continue;
    marks = c >= 0x300 && u_getCombiningClass(static_cast<UChar32>(c)) != 0 ? marks + 1 : 0;
    if (marks > kMostMarksInARow) continue;
    if (IsNoBreakSpace(c)) {
      out.push_back(' ');
    } else {
      out.append(text.substr(from, at - from));
    }
  }
  return out;
}

// No white space but single spaces between words.
bool IsOneLine(std::string_view text) {
  char before = ' ';
  for (const char c : text) {
    if (IsHtmlSpace(c) && (c != ' ' || before == ' ')) return false;
    before = c;
  }
  return text.empty() || before != ' ';
}

std::string Normalize(std::string text) {
  if (IsSurelyNfc(text)) return text;
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return text;
  std::string out;
  icu::StringByteSink<std::string> sink(&out, static_cast<int32_t>(text.size()));
  nfc->normalizeUTF8(0, text, sink, nullptr, status);
  return U_FAILURE(status) ? text : out;
}

}  // namespace

bool IsSurelyClean(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = text.size() >= 8 && AreEightPlain(text.data()) ? 8 : PlainSize(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string CleanText(std::string_view text) {
  if (IsSurelyClean(text)) return std::string(text);
  std::string valid = IsValidUtf8(text) ? StripControls(text) : StripControls(RepairUtf8(text));
  if (IsSurelyClean(valid)) return valid;
  return Normalize(DropInvisible(valid));
}

std::string CleanLine(std::string_view text) {
  std::string clean = CleanText(text);
  if (IsOneLine(clean)) return clean;
  std::string out;
  out.reserve(clean.size());
  bool space = false;
  for (const char c : clean) {
    if (IsHtmlSpace(c)) {
      space = !out.empty();
      continue;
    }
    if (space) out.push_back(' ');
    space = false;
    out.push_back(c);
  }
  return out;
}

char32_t FromWindows1252(unsigned char byte) {
  return byte >= 0x80 && byte <= 0x9F ? kWindows1252[byte - 0x80] : byte;
}

std::string_view TrimSpace(std::string_view text) {
  while (!text.empty() && IsHtmlSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsHtmlSpace(text.back())) text.remove_suffix(1);
  return text;
}

std::string LowerAscii(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = LowerAscii(c);
  return out;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return LowerAscii(x) == LowerAscii(y);
         });
}

}  // namespace webcare

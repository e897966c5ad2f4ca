#include "connectors/markup/text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>

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

bool IsPlainAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= ' ' && c < 0x7F) || c == '\n' || c == '\t'; });
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

std::string CleanText(std::string_view text) {
  if (IsPlainAscii(text)) return std::string(text);
  std::string valid = IsValidUtf8(text) ? StripControls(text) : StripControls(RepairUtf8(text));
  if (IsPlainAscii(valid)) return valid;
  return Normalize(DropInvisible(valid));
}

std::string CleanLine(std::string_view text) {
  const std::string clean = CleanText(text);
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
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           const auto lower = [](char c) {
             return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
           };
           return lower(x) == lower(y);
         });
}

}  // namespace webcare

#include "daemon/base/utf8.h"

#include "daemon/base/eight_bytes.h"

namespace webcare {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Bytes of text[at..] that are plain ASCII, eight at a time.
std::size_t AsciiRun(std::string_view text, std::size_t at) {
  const std::size_t start = at;
  while (at + 8 <= text.size() && (LoadEight(text.data() + at) & kHighBits) == 0) at += 8;
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at - start;
}

struct Sequence {
  int size;  // Bytes to consume: of the character, or of its ill-formed prefix.
  bool valid;
};

// Table 3-7 of the Unicode standard: the second byte's range depends on the first.
Sequence ReadSequence(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {1, true};
  int size = 0;
  unsigned char low = 0x80, high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF)
    size = 2;
  else if (first >= 0xE0 && first <= 0xEF)
    size = 3;
  else if (first >= 0xF0 && first <= 0xF4)
    size = 4;
  else
    return {1, false};
  if (first == 0xE0) low = 0xA0;
  if (first == 0xED) high = 0x9F;
  if (first == 0xF0) low = 0x90;
  if (first == 0xF4) high = 0x8F;
  for (int i = 1; i < size; ++i) {
    if (at + i >= text.size() || byte(at + i) < low || byte(at + i) > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {size, true};
}

bool IsDroppedControl(char32_t c) {
  if (c < 0x20) return c != '\n' && c != '\t';
  return (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    at += AsciiRun(text, at);
    if (at >= text.size()) break;
    const Sequence sequence = ReadSequence(text, at);
    if (!sequence.valid) return false;
    at += static_cast<std::size_t>(sequence.size);
  }
  return true;
}

std::string RepairUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const Sequence sequence = ReadSequence(text, at);
    out += sequence.valid ? text.substr(at, static_cast<std::size_t>(sequence.size)) : kReplacement;
    at += static_cast<std::size_t>(sequence.size);
  }
  return out;
}

std::string StripControls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t start = at;
    const char32_t c = DecodeUtf8(text, at);
    if (c == '\r') {
      if (at < text.size() && text[at] == '\n') ++at;
      out += '\n';
    } else if (!IsDroppedControl(c)) {
      out += text.substr(start, at - start);
    }
  }
  return out;
}

std::string_view CutUtf8(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return text.substr(0, limit);
}

void AppendUtf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

char32_t DecodeUtf8(std::string_view text, std::size_t& at) {
  const auto next = [&] { return static_cast<char32_t>(static_cast<unsigned char>(text[at++])); };
  const char32_t first = next();
  if (first < 0x80) return first;
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  char32_t c = first & (0x3Fu >> more);
  for (int i = 0; i < more && at < text.size(); ++i) c = (c << 6) | (next() & 0x3F);
  return c;
}

}  // namespace webcare

// Text from outside, made fit for a Post: valid UTF-8 in NFC without control characters.
#pragma once

#include <string>
#include <string_view>

namespace webcare {

// For text that is not markup. Bad bytes become U+FFFD; line ends become '\n'; controls,
// bidirectional controls and invisible joiners without a script (U+00AD, U+200B, U+2060, U+FEFF)
// go; no-break spaces become spaces; at most 30 combining marks stay in a row (UAX #15, stream-safe
// text: normalising a long run is quadratic); NFC (ICU). ZWJ and ZWNJ stay: emoji and scripts need
// them. Linear.
std::string CleanText(std::string_view text);

// True: CleanText changes nothing. Knows at a glance what most posts are made of (ASCII, Latin
// letters with accents, typographic quotes, emoji); false of anything else, clean or not.
bool IsSurelyClean(std::string_view text);

// CleanText in one line: white space runs become one space, ends trimmed. For names and titles.
std::string CleanLine(std::string_view text);

std::string_view TrimSpace(std::string_view text);  // ASCII white space.

// The character that a byte means in windows-1252, the practical superset of ISO-8859-1.
char32_t FromWindows1252(unsigned char byte);

constexpr char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string LowerAscii(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);  // ASCII letters only.

constexpr bool IsHtmlSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

}  // namespace webcare

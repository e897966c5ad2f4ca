#include "connectors/markup/entities.h"

#include <algorithm>
#include <iterator>

#include "connectors/markup/entity_table.h"
#include "connectors/markup/text.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

constexpr std::size_t kLongestName = 32;
constexpr char32_t kReplacement = 0xFFFD;

constexpr bool ByName(const NamedEntity& a, const NamedEntity& b) { return a.name < b.name; }
static_assert(std::is_sorted(std::begin(kNamedEntities), std::end(kNamedEntities), ByName));

bool IsAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// C1 controls are read as windows-1252 (WHATWG HTML 13.2.5.80).
char32_t NumberedCharacter(char32_t number) {
  if (number >= 0x80 && number <= 0x9F) return FromWindows1252(static_cast<unsigned char>(number));
  if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) {
    return kReplacement;
  }
  return number;
}

// `text` starts with "&#".
std::size_t DecodeNumber(std::string_view text, std::string& out) {
  std::size_t at = 2;
  int base = 10;
  if (at < text.size() && (text[at] == 'x' || text[at] == 'X')) {
    base = 16;
    ++at;
  }
  const std::size_t first = at;
  char32_t number = 0;
  while (at < text.size() && at < kLongestName && DigitValue(text[at]) < base) {
    number = std::min<char32_t>(
        number * static_cast<char32_t>(base) + static_cast<char32_t>(DigitValue(text[at])),
        0x110000);
    ++at;
  }
  if (at == first) return 0;
  AppendUtf8(out, NumberedCharacter(number));
  return at < text.size() && text[at] == ';' ? at + 1 : at;
}

const NamedEntity* Find(std::string_view name) {
  const auto* found = std::lower_bound(std::begin(kNamedEntities), std::end(kNamedEntities),
                                       NamedEntity{name, 0}, ByName);
  return found != std::end(kNamedEntities) && found->name == name ? found : nullptr;
}

// The longest name that may stand without ';' at the start of `word`.
const NamedEntity* FindBare(std::string_view word) {
  constexpr std::size_t kLongestBareName = 6;  // "Yacute", "frac12".
  for (std::size_t size = std::min(word.size(), kLongestBareName); size >= 2; --size) {
    const NamedEntity* found = Find(word.substr(0, size));
    if (found != nullptr && found->bare) return found;
  }
  return nullptr;
}

}  // namespace

std::size_t DecodeEntity(std::string_view text, EntityPlace place, std::string& out) {
  if (text.size() < 3) return 0;
  if (text[1] == '#') return DecodeNumber(text, out);
  std::size_t end = 1;
  while (end < text.size() && end <= kLongestName && IsAlnum(text[end])) ++end;
  const std::string_view word = text.substr(1, end - 1);
  const char next = end < text.size() ? text[end] : '\0';
  if (next == ';') {
    if (const NamedEntity* found = Find(word); found != nullptr) {
      AppendUtf8(out, found->code_point);
      return end + 1;
    }
  }
  const NamedEntity* found = FindBare(word);
  if (found == nullptr) return 0;
  const bool goes_on = found->name.size() < word.size() || next == '=';
  if (place == EntityPlace::kAttribute && goes_on) return 0;
  AppendUtf8(out, found->code_point);
  return 1 + found->name.size();
}

std::string DecodeEntities(std::string_view text, EntityPlace place) {
  std::string out;
  out.reserve(text.size());
  DecodeEntities(text, place, out);
  return out;
}

void DecodeEntities(std::string_view text, EntityPlace place, std::string& out) {
  while (!text.empty()) {
    const std::size_t amp = std::min(text.find('&'), text.size());
    out.append(text.substr(0, amp));
    text.remove_prefix(amp);
    if (text.empty()) break;
    const std::size_t taken = DecodeEntity(text, place, out);
    if (taken == 0) out.push_back('&');
    text.remove_prefix(std::max<std::size_t>(taken, 1));
  }
}

}  // namespace webcare

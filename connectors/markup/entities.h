// Character references of HTML (WHATWG HTML 13.5, "Named character references"): the full sets of
// HTML 4 and the names of HTML 5 that feeds use (ASCII punctuation, Latin Extended-A, typography).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace webcare {

enum class EntityPlace {
  kText,       // "&copy 2026" is a reference without its ';'.
  kAttribute,  // "?a=1&copy=2" is not (WHATWG HTML 13.2.5.73).
};

// Reads the reference that starts at `text[0] == '&'`, appends its character to `out` and returns
// how many bytes it took; 0 and nothing appended where it is no known reference. Looks at most 40
// bytes ahead. Numbers that name no character become U+FFFD; 128 to 159 are read as windows-1252.
std::size_t DecodeEntity(std::string_view text, EntityPlace place, std::string& out);

// Every reference of `text` decoded once; what is no reference stays.
std::string DecodeEntities(std::string_view text, EntityPlace place);
// The same, appended to `out`.
void DecodeEntities(std::string_view text, EntityPlace place, std::string& out);

}  // namespace webcare

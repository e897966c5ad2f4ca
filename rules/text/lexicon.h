// Words the text analysis itself knows: function words that betray a language, spellings of chat
// and Flemish, number words, words that open a clause. All in folded form.
#pragma once

#include <cstdint>
#include <string_view>

namespace webcare {

struct LexiconEntry {
  std::string_view word;
  bool dutch = false;         // A function word of Dutch that English does not have.
  bool english = false;       // And the reverse.
  bool number = false;        // two to twelve.
  bool opens_clause = false;  // "maar", "but".
  std::string_view reads_as;  // "kheb" -> "ik heb"; empty: only itself.
};

// The entry of a word, given with its HashWord, or null.
const LexiconEntry* FindInLexicon(std::string_view word, std::uint64_t hash);

}  // namespace webcare

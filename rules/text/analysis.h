// A post as rules see it: folded text, words with their other spellings, clauses, features.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/text/fold.h"

namespace webcare {

// One place of a word. Most words fill one slot; "kheb", read as "ik heb", fills two.
struct Slot {
  std::uint32_t begin = 0;  // Of its characters in Folded::text().
  std::uint32_t end = 0;
  std::uint32_t first_token = 0;  // tokens[first_token, slots[i+1].first_token) begin here.
  std::uint32_t segment = 0;      // Changes at . , ! ? ; : and line ends. Phrases stay inside.
  std::uint32_t clause = 0;       // Changes there and before maar and but. Negation stays inside.
  bool opens_sentence = false;  // First word of a sentence, or a mention, link or emoji before it.
};

// One reading of the text from slot `from` up to slot `to`. A word that can be read in several ways
// gives several tokens; a chain of tokens, each beginning where the last one ended, is one reading.
struct Token {
  std::string_view text;   // Folded; or "<mention>", "<link>", "<number>".
  std::uint64_t hash = 0;  // HashWord(text).
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  bool primary = false;  // As written, not as read: exactly one for each word.
};

struct Features {
  double caps_share = 0;  // Capital letters of all letters.
  int exclamations = 0;
  int question_marks = 0;
  int words = 0;
  int mentions = 0;
  int links = 0;
  int tags = 0;
  int emoji = 0;
  bool elongated = false;  // A letter three times in a row.
};

// Memory and result of Analyze: reuse one object for many posts. Tokens point into it and into
// constants. Movable only by name of its owner: not copied.
class Analysis {
 public:
  Analysis() = default;
  Analysis(const Analysis&) = delete;
  Analysis& operator=(const Analysis&) = delete;

  // The tokens that begin at a slot: [first, second) as indices. REQUIRES: slot < slots.size().
  std::uint32_t TokensBegin(std::uint32_t slot) const { return slots[slot].first_token; }
  std::uint32_t TokensEnd(std::uint32_t slot) const {
    return slot + 1 < slots.size() ? slots[slot + 1].first_token
                                   : static_cast<std::uint32_t>(tokens.size());
  }
  // Where [from, to) stands in the original text.
  Span OriginalSpan(std::uint32_t from, std::uint32_t to) const {
    return folded.ToOriginal(slots[from].begin, slots[to - 1].end);
  }

  Folded folded;
  std::vector<Slot> slots;
  std::vector<Token> tokens;  // In order of `from`.
  Features features;
  int dutch_words = 0;  // Function words of that language.
  int english_words = 0;
  std::uint32_t longest_token = 1;  // In slots.

 private:
  friend class Tokenizer;
  friend void Analyze(std::string_view text, Analysis& out);
  std::vector<char> squeezed_;  // Text of squeezed words.
};

// Linear in the length of the text. Expects valid UTF-8; ill-formed text never crashes.
void Analyze(std::string_view text, Analysis& out);

// The words of a pattern, folded and as written: "Geïrriteerd!" -> {"geirriteerd"}.
std::vector<std::string> FoldedWords(std::string_view pattern);

}  // namespace webcare

// What a person writes under word, phrase, begins and near, taken apart and folded.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace webcare {

// Longest phrase, in words. Engine and reference count slots of one phrase in 64 bits.
inline constexpr std::size_t kMaxPhraseWords = 8;
// A lone star stands for up to so many words.
inline constexpr int kGapWords = 3;

// One place of a phrase: any of these words. Each is folded text, "stem*", "*tail", "*part*" or one of
// the classes "<mention>", "<link>", "<number>". Sorted, without duplicates.
struct PhraseWord {
  std::vector<std::string> any_of;
  bool gap_before = false;  // Up to kGapWords words may stand before this one.
  auto operator<=>(const PhraseWord&) const = default;
};
using Phrase = std::vector<PhraseWord>;

using ListIndex = std::map<std::string, const WrittenList*, std::less<>>;

class PhraseParser {
 public:
  // Both are borrowed. Names of lists that were used are added to `used_lists`.
  PhraseParser(const ListIndex& lists, Diagnostics& diagnostics)
      : lists_(lists), diagnostics_(diagnostics) {}

  // All phrases that `texts` stand for: "$list" gives its entries, an optional word doubles a phrase.
  // `single` allows only single words (the key `word`). Mistakes are reported and left out.
  std::vector<Phrase> Parse(const std::vector<Written>& texts, bool single);

  const std::map<std::string, bool, std::less<>>& used_lists() const { return used_lists_; }

 private:
  struct Piece {
    PhraseWord word;
    bool optional = false;
  };

  void ParseOne(const Written& text, bool single, std::vector<Phrase>& out);
  bool ParseChunk(const Written& text, std::string_view chunk, bool gap,
                  std::vector<Piece>& pieces);
  bool ParsePlain(const Written& text, std::string_view chunk, Piece piece,
                  std::vector<Piece>& pieces);
  static void Expand(const std::vector<Piece>& pieces, std::vector<Phrase>& out);
  bool AddAlternative(const Written& text, std::string_view word, std::vector<std::string>& out);
  const WrittenList* FindList(const Written& text, std::string_view name);
  bool Fail(const Written& text, std::string message);
  bool CheckShape(const Written& text, const std::vector<Piece>& pieces, bool open_gap,
                  bool single);

  const ListIndex& lists_;
  Diagnostics& diagnostics_;
  std::map<std::string, bool, std::less<>> used_lists_;
};

}  // namespace webcare

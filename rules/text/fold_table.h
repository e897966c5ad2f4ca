// How one character folds, from ICU's Unicode data. The only users are fold.cc and tokenizer.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace webcare {

enum class CharClass : std::uint8_t { kOther, kWord, kEmoji };

struct FoldedChar {
  std::array<char, 9> bytes{};         // UTF-8.
  std::uint8_t size = 0;               // 0: the character is dropped (marks, joiners, skin tones).
  CharClass kind = CharClass::kOther;  // Of the first character of `bytes`.
  bool is_letter = false;
  bool is_upper = false;

  std::string_view text() const { return {bytes.data(), size}; }
};

// NFKD, full case folding (Unicode 15, CaseFolding.txt C + F), NFKD again, marks (Mn, Me) and
// format characters dropped, quotes, dashes and spaces made ASCII. Since every character is
// decomposed and no mark survives, folding needs no neighbours: NFC and NFD text fold to the same
// bytes. Where the result would be over three times as long as the character (U+FDFA: 33 bytes),
// the character stays as it is. Threads: any; the table is built at first use.
FoldedChar FoldChar(char32_t code_point);

}  // namespace webcare

// The copy of a post that rules match on: lower case, no accents, ASCII where Dutch and English
// allow it. RE2's \b and \w know ASCII only, and people drop accents half of the time (écht,
// geïrriteerd).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "daemon/base/library_version.h"
#include "daemon/base/verdict.h"

namespace webcare {

// The result and, at the same time, the memory of Fold: reuse one object for many texts.
class Folded {
 public:
  std::string_view text() const { return {bytes_.data(), size_}; }
  // The smallest run of whole characters of the original that made the folded bytes [begin, end).
  // REQUIRES: begin < end <= text().size().
  Span ToOriginal(std::uint32_t begin, std::uint32_t end) const;
  // Where the character that made folded byte `at` begins in the original.
  std::uint32_t Origin(std::uint32_t at) const { return mapped_ ? origin_[at] : at; }

  std::uint32_t letters = 0;  // Of the original.
  std::uint32_t capitals = 0;

 private:
  friend void Fold(std::string_view text, Folded& out);
  void StartMap(std::size_t done, std::size_t original_size);

  std::vector<char> bytes_;  // Only ever grows; the first size_ bytes count.
  std::size_t size_ = 0;
  // For each folded byte and one past the last. Unused while !mapped_: then the offsets are the
  // same.
  std::vector<std::uint32_t> origin_;
  bool mapped_ = false;
};

// Folds by FoldChar (fold_table.h). ASCII, eight bytes at a time, costs little more than a copy.
// Expects valid UTF-8; ill-formed text gives some text, never a crash.
void Fold(std::string_view text, Folded& out);

LibraryVersion UnicodeLibrary();

}  // namespace webcare

// Whether an author has a case, as far as memory can tell: a "no" is certain and saves a look-up, and most
// posts are by people who never complained. A "maybe" is wrong about once in a hundred.
//
// A Bloom filter whose bits for one key lie in one word (Putze, Sanders, Singler: "Cache-, hash- and
// space-efficient Bloom filters", 2007), 16 bits an author. Numbers come from a hash (AuthorNo()), so their
// bits need no further mixing. Nothing is taken out: one who has left costs a look-up until the next Reset().
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace webcare {

class AuthorFilter {
 public:
  // Nobody is in it any more; it holds `authors` and as many again. Before the first call everybody may be.
  void Reset(std::size_t authors);
  void Add(std::int64_t author);
  bool MayHave(std::int64_t author) const;
  // Holds what it was made for: more would make "maybe" wrong more often. The caller may Reset() it.
  bool full() const { return held_ >= most_; }

 private:
  // Set in the word of the author.
  static std::uint64_t BitsOf(std::uint64_t author);
  std::size_t WordOf(std::uint64_t author) const;

  std::vector<std::uint64_t> words_;  // A power of two of them.
  std::size_t held_ = 0;
  std::size_t most_ = 0;
};

}  // namespace webcare

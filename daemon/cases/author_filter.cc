#include "daemon/cases/author_filter.h"

#include <algorithm>
#include <bit>

namespace webcare {
namespace {

constexpr std::size_t kLeastWords = 256;
constexpr std::size_t kAuthorsInAWord = 4;

}  // namespace

void AuthorFilter::Reset(std::size_t authors) {
  words_.assign(std::bit_ceil(std::max(kLeastWords, 2 * authors / kAuthorsInAWord)), 0);
  held_ = 0;
  most_ = words_.size() * kAuthorsInAWord;
}

void AuthorFilter::Add(std::int64_t author) {
  if (words_.empty() || MayHave(author)) return;
  const auto number = static_cast<std::uint64_t>(author);
  words_[WordOf(number)] |= BitsOf(number);
  ++held_;
}

bool AuthorFilter::MayHave(std::int64_t author) const {
  if (words_.empty()) return true;
  const auto number = static_cast<std::uint64_t>(author);
  const std::uint64_t bits = BitsOf(number);
  return (words_[WordOf(number)] & bits) == bits;
}

// Three of them, each named by six of the author's lowest bits.
std::uint64_t AuthorFilter::BitsOf(std::uint64_t author) {
  constexpr std::uint64_t kOne = 1;
  return kOne << (author & 63) | kOne << (author >> 6 & 63) | kOne << (author >> 12 & 63);
}

std::size_t AuthorFilter::WordOf(std::uint64_t author) const {
  return static_cast<std::size_t>(author >> 18) & (words_.size() - 1);
}

}  // namespace webcare

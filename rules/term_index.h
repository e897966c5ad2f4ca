// From a word of a post to the words of the rules that match it: one table look-up for whole words and
// a walk down a tree for stems, tails and parts, whatever the number of rules.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace webcare {

using TermId = std::uint32_t;

// Words under a tree of bytes. Children of a node lie side by side, sorted.
class StemTree {
 public:
  // `stems` must be sorted and without duplicates.
  void Build(const std::vector<std::pair<std::string, TermId>>& stems);
  bool empty() const { return nodes_.empty(); }
  // Appends the terms of all stems that `text` starts with.
  void FindPrefixes(std::string_view text, std::vector<TermId>& out) const;
  // The same for stems stored backwards, walking from the end of `text`.
  void FindSuffixes(std::string_view text, std::vector<TermId>& out) const;

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  struct Node {
    std::uint32_t first_child = 0;
    std::uint16_t children = 0;
    char byte = 0;
    TermId term = kNone;
  };
  // The child of `node` for `byte`, or kNone.
  std::uint32_t Child(std::uint32_t node, char byte) const;
  template <typename It>
  void Walk(It it, It end, std::vector<TermId>& out) const;

  std::vector<Node> nodes_;
  std::array<std::uint32_t, 256> root_{};
};

// Add terms, Freeze once, then look up from any thread.
class TermIndex {
 public:
  // The id of a term in the form of PhraseWord::any_of; the same text gives the same id.
  TermId Add(const std::string& term);
  void Freeze();
  // Appends the terms that match a token, given with its HashWord, each once, ascending per kind.
  void Find(std::string_view token, std::uint64_t hash, std::vector<TermId>& out) const;
  std::size_t size() const { return count_; }

 private:
  struct Slot {
    std::uint32_t hash = 0;  // Upper half.
    std::uint32_t term = 0;  // Plus one; 0: free.
  };
  std::string_view TextOf(TermId term) const {
    return std::string_view(text_).substr(begin_[term], begin_[term + 1] - begin_[term]);
  }
  void FindParts(std::string_view token, std::vector<TermId>& out) const;

  std::map<std::string, TermId, std::less<>> building_;  // Empty once frozen.
  std::size_t count_ = 0;
  std::vector<Slot> slots_;
  std::string text_;  // Of whole-word terms, one after the other.
  std::vector<std::uint32_t> begin_;
  StemTree stems_;
  StemTree tails_;
  StemTree parts_;
};

}  // namespace webcare

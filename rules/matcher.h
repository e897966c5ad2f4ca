// Finds all patterns of a program in one post. Private to this folder.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rules/program.h"
#include "rules/text/analysis.h"

namespace webcare {

// One place where a pattern was found.
struct Match {
  std::uint32_t from = 0;  // Slots [from, to).
  std::uint32_t to = 0;
  std::uint32_t begin = 0;  // Bytes of the folded text.
  std::uint32_t end = 0;
  std::uint32_t clause = 0;
  std::uint32_t next = 0;  // Index of the pattern's next match; kNoMatch after the last.
};
inline constexpr std::uint32_t kNoMatch = 0xFFFFFFFF;

// Working memory of one thread; grows to the largest program and post it has seen.
class Matcher {
 public:
  // Reads `text` and finds everything. The results are valid until the next call.
  void Run(const Program& program, std::string_view text);

  const Analysis& analysis() const { return analysis_; }
  bool Found(PatternId pattern) const { return states_[pattern].run == run_; }
  // The first match of a pattern, in order of `from`, or kNoMatch.
  std::uint32_t FirstMatch(PatternId pattern) const {
    return Found(pattern) ? states_[pattern].head : kNoMatch;
  }
  const Match& match(std::uint32_t index) const { return matches_[index]; }
  // Patterns that were found, each once.
  std::span<const PatternId> found() const { return found_; }

  // "niet zo [goed]", "[werkt] niet": see rules/README.md.
  bool IsNegated(const Match& match) const;

 private:
  struct State {
    std::uint32_t run = 0;  // Found in that run.
    std::uint32_t head = 0;
    std::uint32_t tail = 0;
    std::uint32_t tried_run = 0;  // kWords: starts below `tried` were tried in that run.
    std::uint32_t tried = 0;
  };

  void Prepare(const Program& program);
  void FindTerms(const Program& program);
  void FindWords(const Program& program);
  void TryPattern(const Program& program, PatternId id, const Token& token);
  std::uint32_t EndOfPhrase(const Program& program, const Pattern& pattern,
                            std::uint32_t start) const;
  std::uint64_t Step(const Program& program, const Element& element, std::uint32_t start,
                     std::uint64_t places) const;
  bool Matches(const Program& program, const Element& element, std::uint32_t token) const;
  void FindNears(const Program& program);
  void FindNear(const Near& near, PatternId id);
  void PairUp(const Near& near, const std::vector<Match>& before, const std::vector<Match>& after);
  void Gather(const std::vector<PatternId>& patterns, std::vector<Match>& out) const;
  void FindRegexes(const Program& program);
  void FindRegex(const Program& program, std::size_t index);
  void AddMatch(PatternId pattern, Match match);
  Match SlotMatch(std::uint32_t from, std::uint32_t to) const;
  Match ByteMatch(std::size_t begin, std::size_t end) const;
  bool Negates(std::uint32_t token, bool behind) const;

  Analysis analysis_;
  std::uint64_t program_ = 0;  // Program::serial of the last run.
  std::uint32_t run_ = 0;
  std::vector<State> states_;  // By pattern.
  std::vector<std::uint32_t> near_run_;
  std::vector<PatternId> found_;
  std::vector<Match> matches_;
  std::vector<TermId> terms_;              // Of all tokens, one after the other;
  std::vector<std::uint32_t> first_term_;  // those of token i begin here.
  std::vector<Match> left_, right_, near_matches_;
  std::vector<int> regex_hits_;
};

}  // namespace webcare

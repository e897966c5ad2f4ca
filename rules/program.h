// A rule set as the compiler makes it and the matcher and evaluator run it: flat tables of numbers.
// Private to this folder.
#pragma once

#include <re2/re2.h>
#include <re2/set.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rules/rule.h"
#include "rules/term_index.h"

namespace webcare {

using PatternId = std::uint32_t;
using NodeId = std::uint32_t;

// For each of n keys a run of values, all in one array.
class Runs {
 public:
  // `pairs` are (key, value); values keep their order, duplicates are dropped.
  void Build(std::size_t keys, std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs);
  std::span<const std::uint32_t> operator[](std::uint32_t key) const {
    return {values_.data() + first_[key], first_[key + 1] - first_[key]};
  }

 private:
  std::vector<std::uint32_t> first_;
  std::vector<std::uint32_t> values_;
};

struct Element {
  std::uint32_t first_term = 0;  // In Program::element_terms, sorted.
  std::uint32_t terms = 0;
  bool gap_before = false;
};

// Something that can be found in a text. `first` and `count` point into the table of its kind.
struct Pattern {
  enum class Kind : std::uint8_t { kWords, kNear, kRegex };
  Kind kind = Kind::kWords;
  bool begins = false;      // kWords: only where a sentence begins.
  std::uint8_t anchor = 0;  // kWords: the element that is rarest, whose words start the search.
  std::uint8_t gaps = 0;    // kWords: before the anchor.
  std::uint8_t count = 0;   // kWords: elements.
  std::uint32_t first = 0;
};

struct Near {
  std::vector<PatternId> left;
  std::vector<PatternId> right;
  std::uint32_t within = 0;
  bool ordered = true;
  bool across = false;
};

struct Node {
  enum class Kind : std::uint8_t { kAll, kAny, kNone, kText, kFact, kSource, kPostKind, kLabel };
  Kind kind = Kind::kAll;
  Fact fact = Fact::kRating;
  std::uint32_t first =
      0;  // kAll, kAny, kNone: child nodes; kText: patterns; both in Program::operands.
  std::uint32_t count = 0;  // kSource: in Program::sources. kPostKind: bits. kLabel: the label.
  double least = 0;
  double most = 0;
};

struct CompiledRule {
  std::string id;
  std::uint32_t label = 0;
  std::uint32_t flip_label = 0;
  double weight = 0;
  double flip_weight = 0;
  NodeId when = 0;
  std::uint32_t stage =
      0;  // Rules that look at a label run in a later stage than those that make it.
  std::uint8_t languages = kRulesForAny;
  bool one_clause = false;
  Negated negated = Negated::kIgnore;
};

struct Program {
  std::uint64_t serial =
      0;  // Differs for every program of the process: memory of matchers goes by it.
  std::vector<WrittenLabel> labels;
  std::vector<CompiledRule> rules;    // Phase 1, switched on, in the order of the files.
  std::vector<CompiledRule> notes;    // Phase 2.
  std::vector<std::uint32_t> always;  // Rules that can speak although no pattern was found.

  TermIndex terms;
  std::vector<Pattern> patterns;
  std::vector<Element> elements;
  std::vector<TermId> element_terms;
  std::vector<Near> nears;
  std::vector<PatternId> near_patterns;  // The pattern of each near.
  std::vector<std::unique_ptr<re2::RE2>> regexes;
  std::vector<PatternId> regex_patterns;     // The pattern of each regex.
  std::unique_ptr<re2::RE2::Set> regex_set;  // All of them; null without any.

  std::vector<Node> nodes;
  std::vector<std::uint32_t> operands;
  std::vector<std::string> sources;

  Runs patterns_of_term;  // By the anchor's words.
  Runs nears_of_pattern;  // By the left side.
  Runs rules_of_pattern;  // Rules that cannot speak unless one of their patterns is found.
};

}  // namespace webcare

#include "rules/rule_compiler.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "rules/book_check.h"
#include "rules/phrase.h"
#include "rules/regex_check.h"
#include "rules/text/lexicon.h"
#include "rules/text/token_hash.h"

namespace webcare {
namespace {

constexpr std::int64_t kRegexSetMemory = 64
                                         << 20;  // All of them; RE2's default fails at some 2,000.

// How common a word is likely to be; the lower, the better to start a search from.
unsigned Commonness(const std::string& term) {
  if (term.starts_with('<')) return 30;
  if (term.find('*') != std::string::npos) return 10;
  const LexiconEntry* entry = FindInLexicon(term, HashWord(term));
  if (entry != nullptr) return 100;
  return term.size() <= 3 ? 8 : term.size() <= 5 ? 3 : 1;
}

class Compiler {
 public:
  Compiler(const RuleBook& book, Diagnostics& diagnostics)
      : book_(book), diagnostics_(diagnostics), phrases_(lists_, diagnostics) {
    for (const WrittenList& list : book.lists) lists_.try_emplace(list.name.text, &list);
    for (const WrittenLabel& label : book.labels)
      label_ids_.try_emplace(label.name.text, static_cast<std::uint32_t>(label_ids_.size()));
  }

  std::unique_ptr<Program> Compile() {
    const std::vector<std::uint32_t> stages = CheckBook(book_, diagnostics_);
    program_->labels = book_.labels;
    sound_ = diagnostics_.ok();
    for (std::size_t i = 0; i < book_.rules.size(); ++i) Rule(book_.rules[i], stages[i]);
    if (diagnostics_.ok()) CheckUse();
    if (!diagnostics_.ok()) return std::move(program_);
    CompileRegexSet();
    program_->terms.Freeze();
    BuildRuns();
    return std::move(program_);
  }

 private:
  using Kind = Condition::Kind;

  void Rule(const WrittenRule& rule, std::uint32_t stage) {
    CompiledRule compiled;
    compiled.id = rule.id.text;
    compiled.weight = rule.weight;
    compiled.flip_weight = rule.flip_weight;
    compiled.label = LabelId(rule.label.text);
    compiled.flip_label = LabelId(rule.flip_label.text);
    compiled.stage = stage;
    compiled.languages = rule.languages;
    compiled.one_clause = rule.one_clause;
    compiled.negated = rule.negated;
    compiled.when = CompileCondition(rule.when);
    if (sound_ && !Asserts(compiled.when))
      diagnostics_.Add(rule.when.pos,
                       "the condition names only what must not be; add what must be");
    if (!rule.on) return;
    (rule.phase == 2 ? program_->notes : program_->rules).push_back(std::move(compiled));
  }

  std::uint32_t LabelId(const std::string& name) const {
    const auto found = label_ids_.find(name);
    return found == label_ids_.end() ? 0 : found->second;
  }

  // True when the node can only hold if something is there, not merely absent.
  bool Asserts(NodeId id) const {
    const Node& node = program_->nodes[id];
    const auto first = program_->operands.begin() + node.first;
    const auto asserts = [this](NodeId child) { return Asserts(child); };
    if (node.kind == Node::Kind::kAll) return std::any_of(first, first + node.count, asserts);
    if (node.kind == Node::Kind::kAny) return std::all_of(first, first + node.count, asserts);
    return node.kind != Node::Kind::kNone;
  }

  NodeId AddNode(Node node, const std::vector<std::uint32_t>& operands) {
    node.first = static_cast<std::uint32_t>(program_->operands.size());
    node.count = static_cast<std::uint32_t>(operands.size());
    program_->operands.insert(program_->operands.end(), operands.begin(), operands.end());
    return AddNode(node);
  }
  NodeId AddNode(Node node) {
    program_->nodes.push_back(node);
    return static_cast<NodeId>(program_->nodes.size() - 1);
  }

  NodeId Named(const std::string& name) {
    const auto found = named_.find(name);
    if (found != named_.end()) return found->second;
    named_[name] = 0;  // Circles were reported; this one ends here.
    for (const NamedCondition& named : book_.conditions)
      if (named.name.text == name) return named_[name] = CompileCondition(named.condition);
    return 0;
  }

  NodeId CompileCondition(const Condition& condition) {
    Node node;
    switch (condition.kind) {
      case Kind::kAll:
      case Kind::kAny:
      case Kind::kNone:
        return Group(condition);
      case Kind::kUse:
        return Named(condition.texts.empty() ? "" : condition.texts[0].text);
      case Kind::kWord:
      case Kind::kPhrase:
      case Kind::kBegins:
        node.kind = Node::Kind::kText;
        return AddNode(node, TextPatterns(condition.texts, condition.kind));
      case Kind::kNear:
        node.kind = Node::Kind::kText;
        return AddNode(node, {NearPattern(condition)});
      case Kind::kRegex:
        node.kind = Node::Kind::kText;
        return AddNode(node, RegexPatterns(condition.texts));
      case Kind::kFact:
        return AddNode(FactNode(condition));
      case Kind::kSource:
        return Sources(condition);
      case Kind::kPostKind:
        node.kind = Node::Kind::kPostKind;
        node.count = condition.post_kinds;
        return AddNode(node);
      case Kind::kLabel:
        node.kind = Node::Kind::kLabel;
        node.count = LabelId(condition.texts.empty() ? "" : condition.texts[0].text);
        return AddNode(node);
    }
    return 0;
  }

  NodeId Group(const Condition& condition) {
    std::vector<std::uint32_t> children;
    for (const Condition& child : condition.children) children.push_back(CompileCondition(child));
    Node node;
    node.kind = condition.kind == Kind::kAll   ? Node::Kind::kAll
                : condition.kind == Kind::kAny ? Node::Kind::kAny
                                               : Node::Kind::kNone;
    return AddNode(node, children);
  }

  static Node FactNode(const Condition& condition) {
    Node node;
    node.kind = Node::Kind::kFact;
    node.fact = condition.fact;
    node.least = condition.at_least.value_or(-std::numeric_limits<double>::infinity());
    node.most = condition.at_most.value_or(std::numeric_limits<double>::infinity());
    return node;
  }

  NodeId Sources(const Condition& condition) {
    Node node;
    node.kind = Node::Kind::kSource;
    node.first = static_cast<std::uint32_t>(program_->sources.size());
    node.count = static_cast<std::uint32_t>(condition.texts.size());
    for (const Written& text : condition.texts) program_->sources.push_back(text.text);
    return AddNode(node);
  }

  // All single words of a condition together make one pattern, each phrase one of its own.
  std::vector<PatternId> TextPatterns(const std::vector<Written>& texts, Kind kind) {
    std::vector<PatternId> patterns;
    PhraseWord words;
    for (Phrase& phrase : phrases_.Parse(texts, kind == Kind::kWord)) {
      if (phrase.size() == 1) {
        words.any_of.insert(words.any_of.end(), phrase[0].any_of.begin(), phrase[0].any_of.end());
      } else {
        patterns.push_back(WordsPattern(phrase, kind == Kind::kBegins));
      }
    }
    if (!words.any_of.empty()) {
      std::sort(words.any_of.begin(), words.any_of.end());
      words.any_of.erase(std::unique(words.any_of.begin(), words.any_of.end()), words.any_of.end());
      patterns.push_back(WordsPattern({words}, kind == Kind::kBegins));
    }
    std::sort(patterns.begin(), patterns.end());
    patterns.erase(std::unique(patterns.begin(), patterns.end()), patterns.end());
    return patterns;
  }

  PatternId AddPattern(Pattern pattern) {
    program_->patterns.push_back(pattern);
    return static_cast<PatternId>(program_->patterns.size() - 1);
  }

  PatternId WordsPattern(const Phrase& phrase, bool begins) {
    const auto [it, fresh] = words_.try_emplace({phrase, begins}, 0);
    if (!fresh) return it->second;
    Pattern pattern;
    pattern.begins = begins;
    pattern.first = static_cast<std::uint32_t>(program_->elements.size());
    pattern.count = static_cast<std::uint8_t>(phrase.size());
    unsigned least = std::numeric_limits<unsigned>::max();
    std::uint8_t gaps = 0;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
      gaps = static_cast<std::uint8_t>(gaps + (phrase[i].gap_before ? 1 : 0));
      const unsigned common = AddElement(phrase[i]);
      if (common >= least) continue;
      least = common;
      pattern.anchor = static_cast<std::uint8_t>(i);
      pattern.gaps = gaps;
    }
    return it->second = AddPattern(pattern);
  }

  unsigned AddElement(const PhraseWord& word) {
    Element element;
    element.gap_before = word.gap_before;
    element.first_term = static_cast<std::uint32_t>(program_->element_terms.size());
    element.terms = static_cast<std::uint32_t>(word.any_of.size());
    unsigned common = 0;
    for (const std::string& term : word.any_of) {
      program_->element_terms.push_back(program_->terms.Add(term));
      common += Commonness(term);
    }
    std::sort(program_->element_terms.end() - element.terms, program_->element_terms.end());
    program_->elements.push_back(element);
    return common;
  }

  PatternId NearPattern(const Condition& condition) {
    Near near;
    near.left = TextPatterns(condition.texts, Kind::kPhrase);
    near.right = TextPatterns(condition.right, Kind::kPhrase);
    near.within = static_cast<std::uint32_t>(condition.within);
    near.ordered = condition.ordered;
    near.across = condition.across;
    Pattern pattern;
    pattern.kind = Pattern::Kind::kNear;
    pattern.first = static_cast<std::uint32_t>(program_->nears.size());
    program_->nears.push_back(std::move(near));
    program_->near_patterns.push_back(AddPattern(pattern));
    return program_->near_patterns.back();
  }

  std::vector<PatternId> RegexPatterns(const std::vector<Written>& texts) {
    std::vector<PatternId> patterns;
    for (const Written& text : texts) {
      if (const auto id = RegexPattern(text)) patterns.push_back(*id);
    }
    return patterns;
  }

  std::optional<PatternId> RegexPattern(const Written& text) {
    if (const auto found = regexes_.find(text.text); found != regexes_.end()) return found->second;
    Result<std::unique_ptr<re2::RE2>> regex = CompileRegex(text.text);
    if (!regex) {
      diagnostics_.Add(text.pos, "regex: " + regex.error().message);
      return std::nullopt;
    }
    Pattern pattern;
    pattern.kind = Pattern::Kind::kRegex;
    pattern.first = static_cast<std::uint32_t>(program_->regexes.size());
    program_->regexes.push_back(std::move(*regex));
    program_->regex_patterns.push_back(AddPattern(pattern));
    first_regex_ = program_->regexes.size() == 1 ? text.pos : first_regex_;
    return regexes_[text.text] = program_->regex_patterns.back();
  }

  void CompileRegexSet() {
    if (program_->regexes.empty()) return;
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kRegexSetMemory);
    program_->regex_set = std::make_unique<re2::RE2::Set>(options, re2::RE2::UNANCHORED);
    bool good = true;
    for (const auto& regex : program_->regexes)
      good &= program_->regex_set->Add(regex->pattern(), nullptr) >= 0;
    if (!good || !program_->regex_set->Compile())
      diagnostics_.Add(
          {first_regex_.file, 0, 0},
          "the " + std::to_string(program_->regexes.size()) +
              " regexes together need more than 64 MiB: use word or phrase where possible");
  }

  // What nothing uses is most likely misspelt elsewhere.
  void CheckUse() {
    for (const WrittenList& list : book_.lists)
      if (!phrases_.used_lists().contains(list.name.text))
        diagnostics_.Add(list.name.pos, "list '" + list.name.text + "' is used by no rule");
    std::map<std::string_view, double> most;
    for (const WrittenRule& rule : book_.rules) {
      most[rule.label.text] += std::max(rule.weight, 0.0);
      most[rule.flip_label.text] += std::max(rule.flip_weight, 0.0);
    }
    for (const WrittenLabel& label : book_.labels)
      if (most[label.name.text] < label.threshold)
        diagnostics_.Add(label.name.pos,
                         "label '" + label.name.text +
                             "' can never be given: its rules together stay below the threshold");
  }

  // The patterns of which one must be found for the node to hold, or nothing if it can hold without.
  std::optional<std::vector<PatternId>> Triggers(NodeId id) {
    const Node& node = program_->nodes[id];
    const auto operands = std::span(program_->operands)
                              .subspan(node.first, node.kind <= Node::Kind::kText ? node.count : 0);
    if (node.kind == Node::Kind::kText)
      return std::vector<PatternId>(operands.begin(), operands.end());
    if (node.kind == Node::Kind::kAll) {
      std::optional<std::vector<PatternId>> best;
      for (const NodeId child : operands) {
        auto triggers = Triggers(child);
        if (triggers && (!best || Cost(*triggers) < Cost(*best))) best = std::move(triggers);
      }
      return best;
    }
    if (node.kind != Node::Kind::kAny) return std::nullopt;
    std::vector<PatternId> all;
    for (const NodeId child : operands) {
      const auto triggers = Triggers(child);
      if (!triggers) return std::nullopt;
      all.insert(all.end(), triggers->begin(), triggers->end());
    }
    return all;
  }

  // How many words can wake the rule.
  std::size_t Cost(const std::vector<PatternId>& patterns) const {
    std::size_t cost = 0;
    for (const PatternId id : patterns) {
      const Pattern& pattern = program_->patterns[id];
      cost += pattern.kind == Pattern::Kind::kWords
                  ? program_->elements[pattern.first + pattern.anchor].terms
                  : 1;
    }
    return cost;
  }

  void BuildRuns() {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> by_term, by_left, by_pattern;
    for (PatternId id = 0; id < program_->patterns.size(); ++id) {
      const Pattern& pattern = program_->patterns[id];
      if (pattern.kind == Pattern::Kind::kNear)
        for (const PatternId left : program_->nears[pattern.first].left)
          by_left.emplace_back(left, pattern.first);
      if (pattern.kind != Pattern::Kind::kWords) continue;
      const Element& anchor = program_->elements[pattern.first + pattern.anchor];
      for (std::uint32_t i = 0; i < anchor.terms; ++i)
        by_term.emplace_back(program_->element_terms[anchor.first_term + i], id);
    }
    for (std::uint32_t rule = 0; rule < program_->rules.size(); ++rule) {
      const auto triggers = Triggers(program_->rules[rule].when);
      if (!triggers) program_->always.push_back(rule);
      if (!triggers) continue;
      for (const PatternId pattern : *triggers) by_pattern.emplace_back(pattern, rule);
    }
    program_->patterns_of_term.Build(program_->terms.size(), std::move(by_term));
    program_->nears_of_pattern.Build(program_->patterns.size(), std::move(by_left));
    program_->rules_of_pattern.Build(program_->patterns.size(), std::move(by_pattern));
  }

  const RuleBook& book_;
  Diagnostics& diagnostics_;
  ListIndex lists_;
  PhraseParser phrases_;
  bool sound_ = false;  // No circles: conditions can be walked.
  std::map<std::string, std::uint32_t, std::less<>> label_ids_;
  std::map<std::string, NodeId, std::less<>> named_;
  std::map<std::pair<Phrase, bool>, PatternId> words_;
  std::map<std::string, PatternId, std::less<>> regexes_;
  SourcePos first_regex_;
  std::unique_ptr<Program> program_ = std::make_unique<Program>();
};

}  // namespace

void Runs::Build(std::size_t keys, std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  first_.assign(keys + 1, 0);
  for (const auto& [key, value] : pairs) ++first_[key + 1];
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  values_.clear();
  for (const auto& [key, value] : pairs) values_.push_back(value);
}

std::unique_ptr<Program> CompileRules(const RuleBook& book, Diagnostics& diagnostics) {
  return Compiler(book, diagnostics).Compile();
}

}  // namespace webcare

#include "rules/book_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace webcare {
namespace {

constexpr std::size_t kMaxExpanded =
    10'000;  // Conditions of one rule with all it uses written out.

std::string Quoted(std::string_view name) { return "'" + std::string(name) + "'"; }
std::string Place(const SourcePos& pos) { return pos.file + ":" + std::to_string(pos.line); }

// What a condition touches, with everything it uses.
struct Touched {
  const Condition* reach = nullptr;         // The first sight of reach.
  const Condition* beyond_reach = nullptr;  // The first thing only phase 1 can see.
  std::vector<const Condition*> labels;
  std::size_t size = 1;
};

class BookChecker {
 public:
  BookChecker(const RuleBook& book, Diagnostics& diagnostics)
      : book_(book), diagnostics_(diagnostics) {}

  std::vector<std::uint32_t> Check() {
    const bool complete = diagnostics_.ok();  // Else the use may stand in what could not be read.
    Index("label", book_.labels, labels_);
    Index("list", book_.lists, lists_);
    Index("condition", book_.conditions, conditions_);
    RuleIds();
    std::vector<Touched> touched;
    for (const WrittenRule& rule : book_.rules) touched.push_back(Rule(rule));
    for (const NamedCondition& named : book_.conditions)
      if (complete && !used_.contains(&named))
        Add(named.name.pos, "condition " + Quoted(named.name.text) + " is used by no rule");
    return Stages(touched);
  }

 private:
  void Add(const SourcePos& pos, std::string message) { diagnostics_.Add(pos, std::move(message)); }

  template <typename T>
  void Index(const std::string& what, const std::vector<T>& all,
             std::map<std::string_view, const T*>& index) {
    for (const T& one : all) {
      const auto [it, fresh] = index.try_emplace(one.name.text, &one);
      if (!fresh)
        Add(one.name.pos, what + " " + Quoted(one.name.text) + " is defined twice (first at " +
                              Place(it->second->name.pos) + ")");
    }
  }

  template <typename T>
  static std::string Suggest(std::string_view name,
                             const std::map<std::string_view, const T*>& index) {
    std::vector<std::string_view> names;
    names.reserve(index.size());
    for (const auto& [known, value] : index) names.push_back(known);
    return DidYouMean(name, names);
  }

  void RuleIds() {
    std::map<std::string_view, const WrittenRule*> ids;
    for (const WrittenRule& rule : book_.rules) {
      if (rule.id.text.empty()) continue;
      const auto [it, fresh] = ids.try_emplace(rule.id.text, &rule);
      if (!fresh)
        Add(rule.id.pos, "rule " + Quoted(rule.id.text) + " is defined twice (first at " +
                             Place(it->second->id.pos) + ")");
    }
  }

  void CheckLabel(const Written& label) {
    if (label.text.empty() || labels_.contains(label.text)) return;
    std::string why = "label " + Quoted(label.text) + " is not defined";
    if (label.text == "loud") {
      why += ": loud is a note, made from reach; no label and no rule of phase 1 may depend on it";
    } else {
      why += Suggest(label.text, labels_);
    }
    Add(label.pos, std::move(why));
  }

  Touched Rule(const WrittenRule& rule) {
    Touched touched;
    if (rule.phase == 1) CheckLabel(rule.label);
    if (rule.negated == Negated::kFlip) CheckLabel(rule.flip_label);
    Visit(rule.when, touched);
    if (touched.size > kMaxExpanded)
      Add(rule.when.pos, "the condition is too large with all it uses");
    if (rule.phase == 1 && touched.reach != nullptr) {
      Add(rule.when.pos,
          "rule " + Quoted(rule.id.text) + " sees reach (" + Place(touched.reach->pos) +
              "): loudness must not decide who is helped; make it phase: 2, note: loud");
    }
    if (rule.phase == 2 && touched.beyond_reach != nullptr) {
      Add(touched.beyond_reach->pos,
          "a rule of phase 2 sees reach and labels only; put this in a rule of phase 1 and use its "
          "label");
    }
    return touched;
  }

  void Visit(const Condition& condition, Touched& out) {
    using Kind = Condition::Kind;
    if (++out.size > kMaxExpanded) return;
    switch (condition.kind) {
      case Kind::kAll:
      case Kind::kAny:
      case Kind::kNone:
        for (const Condition& child : condition.children) Visit(child, out);
        return;
      case Kind::kUse:
        return VisitNamed(condition, out);
      case Kind::kLabel:
        if (condition.texts.empty()) return;
        if (seen_.insert(&condition).second) CheckLabel(condition.texts[0]);
        out.labels.push_back(&condition);
        return;
      case Kind::kFact:
        if (IsReach(condition.fact) && out.reach == nullptr) out.reach = &condition;
        if (IsReach(condition.fact)) return;
        break;
      default:
        break;
    }
    if (out.beyond_reach == nullptr) out.beyond_reach = &condition;
  }

  void VisitNamed(const Condition& use, Touched& out) {
    if (use.texts.empty()) return;
    const Written& name = use.texts[0];
    const auto found = conditions_.find(name.text);
    if (found == conditions_.end()) {
      if (seen_.insert(&use).second)
        Add(name.pos,
            "condition " + Quoted(name.text) + " is not defined" + Suggest(name.text, conditions_));
      return;
    }
    used_.insert(found->second);
    if (!open_.insert(found->second).second) {
      if (seen_.insert(&use).second)
        Add(name.pos, "condition " + Quoted(name.text) + " uses itself");
      return;
    }
    Visit(found->second->condition, out);
    open_.erase(found->second);
  }

  // A rule that looks at labels runs one stage after the last rule that argues for any of them.
  std::vector<std::uint32_t> Stages(const std::vector<Touched>& touched) {
    std::vector<std::uint32_t> stages(book_.rules.size(), 0);
    std::map<std::string_view, std::uint32_t> ready;  // The last stage that argues for a label.
    for (std::size_t round = 0; round <= book_.labels.size() + 1; ++round) {
      bool changed = false;
      for (std::size_t i = 0; i < stages.size(); ++i) {
        const WrittenRule& rule = book_.rules[i];
        if (rule.phase == 2) continue;
        for (const Condition* label : touched[i].labels)
          stages[i] = std::max(stages[i], ready[label->texts[0].text] + 1);
        changed |= Raise(ready[rule.label.text], stages[i]);
        if (rule.negated == Negated::kFlip)
          changed |= Raise(ready[rule.flip_label.text], stages[i]);
      }
      if (!changed) return stages;
    }
    ReportCircle(touched, stages);
    return stages;
  }

  static bool Raise(std::uint32_t& value, std::uint32_t least) {
    const bool raised = value < least;
    value = std::max(value, least);
    return raised;
  }

  // Stages that never settle mean a circle; the rule that climbed highest stands in it.
  void ReportCircle(const std::vector<Touched>& touched, const std::vector<std::uint32_t>& stages) {
    const auto top =
        static_cast<std::size_t>(std::max_element(stages.begin(), stages.end()) - stages.begin());
    const WrittenRule& rule = book_.rules[top];
    const SourcePos pos = touched[top].labels.empty() ? rule.id.pos : touched[top].labels[0]->pos;
    Add(pos, "labels in a circle: rule " + Quoted(rule.id.text) + " argues for " +
                 Quoted(rule.label.text) + ", which this condition depends on");
  }

  const RuleBook& book_;
  Diagnostics& diagnostics_;
  std::map<std::string_view, const WrittenLabel*> labels_;
  std::map<std::string_view, const WrittenList*> lists_;
  std::map<std::string_view, const NamedCondition*> conditions_;
  std::set<const NamedCondition*> used_;
  std::set<const NamedCondition*> open_;
  std::set<const Condition*> seen_;  // Already reported.
};

}  // namespace

std::vector<std::uint32_t> CheckBook(const RuleBook& book, Diagnostics& diagnostics) {
  return BookChecker(book, diagnostics).Check();
}

}  // namespace webcare

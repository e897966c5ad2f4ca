#include "rules/evaluator.h"

#include <algorithm>
#include <span>

namespace webcare {
namespace {

constexpr std::size_t kMaxSpans = 16;  // Of one hit: enough to show why.
constexpr double kRounding = 1e-9;     // 0.1 + 0.2 reaches 0.3.
constexpr std::int64_t kAnyClause = -1;
constexpr int kMaxClauses = 256;  // Looked at by a rule with scope: clause; keeps the cost linear.

// How text conditions are read.
struct View {
  std::int64_t clause = kAnyClause;  // Only matches of this clause count.
  bool drop_negated = false;         // Negated matches do not count.
};

std::optional<double> Count(std::optional<std::int64_t> value) {
  if (!value) return std::nullopt;
  return static_cast<double>(*value);
}

std::optional<double> ReachFact(Fact fact, const Reach& reach) {
  switch (fact) {
    case Fact::kFollowers:
      return Count(reach.followers);
    case Fact::kFollowing:
      return Count(reach.following);
    case Fact::kLikes:
      return Count(reach.likes);
    case Fact::kShares:
      return Count(reach.shares);
    case Fact::kReplies:
      return Count(reach.replies);
    case Fact::kViews:
      return Count(reach.views);
    case Fact::kVerified:
      return reach.verified ? 1 : 0;
    default:
      return std::nullopt;
  }
}

std::optional<double> PostFact(Fact fact, const Post& post, const PostContext& context,
                               const Features& features) {
  switch (fact) {
    case Fact::kRating:
      if (!post.rating || !(post.rating->max > 0)) return std::nullopt;
      return post.rating->value / post.rating->max * 5;
    case Fact::kReply:
      return context.is_reply ? 1 : 0;
    case Fact::kAddressed:
      return context.addressed ? 1 : 0;
    case Fact::kJoinsCase:
      return context.joins_case ? 1 : 0;
    case Fact::kEarlierCases:
      return context.earlier_cases;
    case Fact::kBot:
      return post.author.is_bot ? 1 : 0;
    case Fact::kCapsShare:
      return features.caps_share;
    case Fact::kExclamations:
      return features.exclamations;
    case Fact::kQuestionMarks:
      return features.question_marks;
    case Fact::kWords:
      return features.words;
    case Fact::kMentions:
      return features.mentions;
    case Fact::kLinks:
      return features.links;
    case Fact::kTags:
      return features.tags;
    case Fact::kEmoji:
      return features.emoji;
    case Fact::kElongated:
      return features.elongated ? 1 : 0;
    default:
      return std::nullopt;  // Reach does not exist in phase 1; such a rule does not load.
  }
}

bool Within(const Node& node, std::optional<double> value) {
  return value && *value >= node.least - kRounding && *value <= node.most + kRounding;
}

class Evaluator {
 public:
  Evaluator(const Program& program, const Matcher& matcher, const Post& post,
            const PostContext& context, const std::vector<double>& scores)
      : program_(program), matcher_(matcher), post_(post), context_(context), scores_(scores) {}

  // The rule's hit if it speaks; its weight goes to the label it argues for.
  std::optional<RuleHit> Judge(const CompiledRule& rule, std::vector<double>& scores) const {
    std::vector<Span> spans;
    if (Speaks(rule, rule.negated != Negated::kIgnore, spans)) {
      scores[rule.label] += rule.weight;
      return RuleHit{rule.id, program_.labels[rule.label].name.text, rule.weight, std::move(spans)};
    }
    if (rule.negated == Negated::kFlip && Speaks(rule, false, spans)) {
      scores[rule.flip_label] += rule.flip_weight;
      return RuleHit{rule.id, program_.labels[rule.flip_label].name.text, rule.flip_weight,
                     std::move(spans)};
    }
    return std::nullopt;
  }

 private:
  bool Speaks(const CompiledRule& rule, bool drop_negated, std::vector<Span>& spans) const {
    bool speaks = false;
    const auto look = [&](std::int64_t clause) {
      const View view{clause, drop_negated};
      if (!Holds(rule.when, view)) return;
      speaks = true;
      Collect(rule.when, view, spans);
    };
    if (rule.one_clause) {
      ForEachClause(look);
    } else {
      look(kAnyClause);
    }
    Tidy(spans);
    return speaks;
  }

  template <typename Fn>
  void ForEachClause(Fn fn) const {
    const auto& slots = matcher_.analysis().slots;
    if (slots.empty()) return fn(0);
    int clauses = 0;
    for (std::size_t i = 0; i < slots.size() && clauses < kMaxClauses; ++i) {
      if (i > 0 && slots[i].clause == slots[i - 1].clause) continue;
      ++clauses;
      fn(slots[i].clause);
    }
  }

  bool Holds(NodeId id, const View& view) const {
    const Node& node = program_.nodes[id];
    const auto holds = [&](NodeId child) { return Holds(child, view); };
    switch (node.kind) {
      case Node::Kind::kAll:
        return std::ranges::all_of(Operands(node), holds);
      case Node::Kind::kAny:
        return std::ranges::any_of(Operands(node), holds);
      case Node::Kind::kNone:
        return std::ranges::none_of(Operands(node), holds);
      case Node::Kind::kText:
        return std::ranges::any_of(Operands(node),
                                   [&](PatternId pattern) { return Stands(pattern, view); });
      case Node::Kind::kFact:
        return Within(node, PostFact(node.fact, post_, context_, matcher_.analysis().features));
      case Node::Kind::kSource:
        return std::ranges::any_of(std::span(program_.sources).subspan(node.first, node.count),
                                   [&](const std::string& name) {
                                     return name == context_.source || name == context_.source_type;
                                   });
      case Node::Kind::kPostKind:
        return (node.count >> static_cast<unsigned>(post_.kind) & 1) != 0;
      case Node::Kind::kLabel:
        return scores_[node.count] >= program_.labels[node.count].threshold - kRounding;
    }
    return false;
  }

  std::span<const std::uint32_t> Operands(const Node& node) const {
    return std::span(program_.operands).subspan(node.first, node.count);
  }

  bool Counts(const Match& match, const View& view) const {
    return (view.clause == kAnyClause || match.clause == view.clause) &&
           !(view.drop_negated && matcher_.IsNegated(match));
  }

  bool Stands(PatternId pattern, const View& view) const {
    for (std::uint32_t m = matcher_.FirstMatch(pattern); m != kNoMatch; m = matcher_.match(m).next)
      if (Counts(matcher_.match(m), view)) return true;
    return false;
  }

  // The words that made a node hold. REQUIRES: Holds(id, view).
  void Collect(NodeId id, const View& view, std::vector<Span>& spans) const {
    const Node& node = program_.nodes[id];
    if (node.kind == Node::Kind::kText) {
      for (const PatternId pattern : Operands(node)) CollectMatches(pattern, view, spans);
    } else if (node.kind == Node::Kind::kAll || node.kind == Node::Kind::kAny) {
      for (const NodeId child : Operands(node))
        if (node.kind == Node::Kind::kAll || Holds(child, view)) Collect(child, view, spans);
    }
  }

  void CollectMatches(PatternId pattern, const View& view, std::vector<Span>& spans) const {
    for (std::uint32_t m = matcher_.FirstMatch(pattern); m != kNoMatch;
         m = matcher_.match(m).next) {
      const Match& match = matcher_.match(m);
      if (Counts(match, view))
        spans.push_back(matcher_.analysis().folded.ToOriginal(match.begin, match.end));
    }
  }

  static void Tidy(std::vector<Span>& spans) {
    std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
      return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    });
    spans.erase(std::unique(spans.begin(), spans.end()), spans.end());
    if (spans.size() > kMaxSpans) spans.resize(kMaxSpans);
  }

  const Program& program_;
  const Matcher& matcher_;
  const Post& post_;
  const PostContext& context_;
  const std::vector<double>& scores_;
};

// Conditions of phase 2: reach and the labels of phase 1, nothing else.
class NoteEvaluator {
 public:
  NoteEvaluator(const Program& program, const Verdict& verdict, const Reach& reach)
      : program_(program), verdict_(verdict), reach_(reach) {}

  bool Holds(NodeId id) const {
    const Node& node = program_.nodes[id];
    const auto holds = [&](NodeId child) { return Holds(child); };
    const auto children = [&] {
      return std::span(program_.operands).subspan(node.first, node.count);
    };
    switch (node.kind) {
      case Node::Kind::kAll:
        return std::ranges::all_of(children(), holds);
      case Node::Kind::kAny:
        return std::ranges::any_of(children(), holds);
      case Node::Kind::kNone:
        return std::ranges::none_of(children(), holds);
      case Node::Kind::kFact:
        return Within(node, ReachFact(node.fact, reach_));
      case Node::Kind::kLabel:
        return std::ranges::any_of(verdict_.labels, [&](const LabelScore& given) {
          return given.label == program_.labels[node.count].name.text;
        });
      default:
        return false;  // The compiler lets nothing else into phase 2.
    }
  }

 private:
  const Program& program_;
  const Verdict& verdict_;
  const Reach& reach_;
};

std::uint8_t LanguageBits(Language language) {
  switch (language) {
    case Language::kDutch:
      return kRulesForDutch;
    case Language::kEnglish:
      return kRulesForEnglish;
    case Language::kUnsure:
      return kRulesForAny;
    case Language::kOther:
      break;
  }
  return kRulesForAny & ~(kRulesForDutch | kRulesForEnglish);
}

// Rules that may speak, in the order in which they have to be asked.
void FindCandidates(const Program& program, const Matcher& matcher, std::uint8_t languages,
                    EvaluatorMemory& memory) {
  if (memory.program != program.serial || memory.run == 0xFFFFFFFF) {
    memory.rule_run.assign(program.rules.size(), 0);
    memory.program = program.serial;
    memory.run = 0;
  }
  ++memory.run;
  memory.candidates.clear();
  const auto add = [&](std::uint32_t rule) {
    if (memory.rule_run[rule] == memory.run || (program.rules[rule].languages & languages) == 0)
      return;
    memory.rule_run[rule] = memory.run;
    memory.candidates.push_back(rule);
  };
  for (const PatternId pattern : matcher.found())
    for (const std::uint32_t rule : program.rules_of_pattern[pattern]) add(rule);
  for (const std::uint32_t rule : program.always) add(rule);
  std::sort(memory.candidates.begin(), memory.candidates.end(),
            [&](std::uint32_t a, std::uint32_t b) {
              const std::uint32_t stage_a = program.rules[a].stage;
              const std::uint32_t stage_b = program.rules[b].stage;
              return stage_a != stage_b ? stage_a < stage_b : a < b;
            });
}

void GiveLabels(const Program& program, const std::vector<double>& scores, Verdict& out) {
  for (std::size_t i = 0; i < program.labels.size(); ++i) {
    const WrittenLabel& label = program.labels[i];
    if (scores[i] < label.threshold - kRounding) continue;
    out.labels.push_back({label.name.text, scores[i], label.threshold});
    if (out.team.empty()) out.team = label.team;
    out.enters_queue |= label.queue;
  }
}

}  // namespace

void EvaluateRules(const Program& program, const Matcher& matcher, Language language,
                   const Post& post, const PostContext& context, EvaluatorMemory& memory,
                   Verdict& out) {
  FindCandidates(program, matcher, LanguageBits(language), memory);
  memory.scores.assign(program.labels.size(), 0);
  const Evaluator evaluator(program, matcher, post, context, memory.scores);
  memory.hits.clear();
  for (const std::uint32_t rule : memory.candidates)
    if (auto hit = evaluator.Judge(program.rules[rule], memory.scores))
      memory.hits.emplace_back(rule, std::move(*hit));
  // Asked by stage, told in the order of the files.
  std::sort(memory.hits.begin(), memory.hits.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [rule, hit] : memory.hits) out.hits.push_back(std::move(hit));
  GiveLabels(program, memory.scores, out);
}

ReachNote EvaluateNotes(const Program& program, const Verdict& verdict, const Reach& reach) {
  ReachNote note;
  const NoteEvaluator evaluator(program, verdict, reach);
  for (const CompiledRule& rule : program.notes) {
    if (!evaluator.Holds(rule.when)) continue;
    note.loud = true;
    note.hits.push_back({rule.id, "loud", 0, {}});
  }
  return note;
}

}  // namespace webcare

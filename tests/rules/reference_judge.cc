#include "tests/rules/reference_judge.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>

#include "rules/negation.h"
#include "rules/rule_file.h"
#include "rules/text/language.h"

namespace webcare {
namespace {

bool TermMatches(const std::string& term, std::string_view token) {
  const bool open_start = term.front() == '*';
  const bool open_end = term.back() == '*';
  const std::string body = term.substr(open_start, term.size() - open_start - open_end);
  if (!open_start && !open_end) return token == body;
  if (token.front() == '<') return false;
  if (open_start && open_end) return token.find(body) != std::string_view::npos;
  return open_end ? token.starts_with(body) : token.ends_with(body);
}

bool WordMatches(const PhraseWord& word, std::string_view token) {
  return std::any_of(word.any_of.begin(), word.any_of.end(),
                     [&](const std::string& term) { return TermMatches(term, token); });
}

}  // namespace

ReferenceJudge::ReferenceJudge(const std::string& text) {
  Diagnostics diagnostics;
  ReadRuleFile("reference", text, book_, diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.ToText();
  for (const WrittenList& list : book_.lists) lists_.try_emplace(list.name.text, &list);
}

// Every slot where the phrase from `word` on can end, when that word begins at `slot`.
std::set<std::uint32_t> ReferenceJudge::Ends(const Phrase& phrase, std::size_t word,
                                             std::uint32_t slot, std::uint32_t segment) const {
  if (word == phrase.size()) return {slot};
  std::set<std::uint32_t> ends;
  for (std::uint32_t skip = 0; skip <= (phrase[word].gap_before ? 3u : 0u); ++skip) {
    for (const Token& token : analysis_.tokens) {
      if (token.from != slot + skip || analysis_.slots[token.from].segment != segment) continue;
      if (!WordMatches(phrase[word], token.text)) continue;
      ends.merge(Ends(phrase, word + 1, token.to, segment));
    }
  }
  return ends;
}

ReferenceJudge::Places ReferenceJudge::FindTexts(const std::vector<Written>& texts, bool single,
                                                 bool begins) const {
  Diagnostics diagnostics;
  PhraseParser parser(lists_, diagnostics);
  Phrase words(1);
  std::vector<Phrase> phrases;
  for (Phrase& phrase : parser.Parse(texts, single)) {
    if (phrase.size() > 1) phrases.push_back(phrase);
    if (phrase.size() == 1)
      words[0].any_of.insert(words[0].any_of.end(), phrase[0].any_of.begin(),
                             phrase[0].any_of.end());
  }
  if (!words[0].any_of.empty()) phrases.push_back(words);
  Places places;
  for (const Phrase& phrase : phrases) {
    for (std::uint32_t from = 0; from < analysis_.slots.size(); ++from) {
      const Slot& slot = analysis_.slots[from];
      if (begins && !slot.opens_sentence) continue;
      const auto ends = Ends(phrase, 0, from, slot.segment);
      if (ends.empty()) continue;
      places.push_back(
          {from, *ends.begin(), slot.begin, analysis_.slots[*ends.begin() - 1].end, slot.clause});
    }
  }
  return places;
}

ReferenceJudge::Places ReferenceJudge::FindNear(const Condition& condition) const {
  const Places left = FindTexts(condition.texts, false, false);
  const Places right = FindTexts(condition.right, false, false);
  std::set<Place> found;
  const auto pair_up = [&](const Places& before, const Places& after) {
    for (const Place& one : before) {
      const Place* nearest = nullptr;
      for (const Place& other : after) {
        if (other.from < one.to) continue;
        if (nearest == nullptr ||
            std::pair(other.from, other.to) < std::pair(nearest->from, nearest->to))
          nearest = &other;
      }
      if (nearest == nullptr ||
          nearest->from - one.to > static_cast<std::uint32_t>(condition.within))
        continue;
      if (!condition.across && nearest->clause != one.clause) continue;
      found.insert(one);
      found.insert(*nearest);
    }
  };
  pair_up(left, right);
  if (!condition.ordered) pair_up(right, left);
  Places places;
  for (const Place& place : found)  // Of two that begin together the shorter shows enough.
    if (places.empty() || places.back().from != place.from) places.push_back(place);
  return places;
}

ReferenceJudge::Places ReferenceJudge::FindRegex(const std::string& pattern) const {
  const std::string_view text = analysis_.folded.text();
  const re2::RE2 regex(pattern);
  Places places;
  for (std::size_t at = 0; at <= text.size();) {
    re2::StringPiece hit;
    const re2::StringPiece all(text.data(), text.size());
    if (!regex.Match(all, at, text.size(), re2::RE2::UNANCHORED, &hit, 1)) break;
    const auto begin = static_cast<std::uint32_t>(hit.data() - text.data());
    const auto end = begin + static_cast<std::uint32_t>(hit.size());
    at = std::max<std::size_t>(end, begin + 1);
    if (hit.empty()) continue;
    Place place{0, 0, begin, end, 0};
    for (const Slot& slot : analysis_.slots) {
      place.from += slot.end <= begin;
      place.to += slot.begin < end;
    }
    place.to = std::max(place.to, place.from);
    if (!analysis_.slots.empty())
      place.clause =
          analysis_.slots[std::min<std::size_t>(place.from, analysis_.slots.size() - 1)].clause;
    places.push_back(place);
  }
  return places;
}

ReferenceJudge::Places ReferenceJudge::Find(const Condition& condition) const {
  switch (condition.kind) {
    case Condition::Kind::kNear:
      return FindNear(condition);
    case Condition::Kind::kRegex: {
      Places all;
      for (const Written& text : condition.texts)
        for (const Place& place : FindRegex(text.text)) all.push_back(place);
      return all;
    }
    default:
      return FindTexts(condition.texts, condition.kind == Condition::Kind::kWord,
                       condition.kind == Condition::Kind::kBegins);
  }
}

bool ReferenceJudge::Negates(const Token& token, bool behind) const {
  if (!(behind ? IsNegatorBehind(token.text) : IsNegator(token.text))) return false;
  return std::none_of(analysis_.tokens.begin(), analysis_.tokens.end(), [&](const Token& next) {
    return next.from == token.to && CancelsNegation(next.text);
  });
}

bool ReferenceJudge::IsNegated(const Place& place) const {
  return std::any_of(analysis_.tokens.begin(), analysis_.tokens.end(), [&](const Token& token) {
    if (analysis_.slots[token.from].clause != place.clause) return false;
    if (token.from == place.to) return Negates(token, true);
    return token.to <= place.from && token.from + 3 >= place.from && Negates(token, false);
  });
}

ReferenceJudge::Places ReferenceJudge::Counted(const Condition& condition, const View& view) const {
  const auto [known, fresh] = found_.try_emplace(&condition);
  if (fresh) known->second = Find(condition);
  Places places = known->second;
  std::erase_if(places, [&](const Place& place) {
    return (view.clause && place.clause != *view.clause) || (view.drop_negated && IsNegated(place));
  });
  return places;
}

const Condition& ReferenceJudge::Named(const std::string& name) const {
  return std::find_if(book_.conditions.begin(), book_.conditions.end(),
                      [&](const NamedCondition& named) { return named.name.text == name; })
      ->condition;
}

std::optional<double> ReferenceJudge::FactOf(Fact fact) const {
  const Features& features = analysis_.features;
  switch (fact) {
    case Fact::kRating:
      return post_->rating ? std::optional(post_->rating->value / post_->rating->max * 5)
                           : std::nullopt;
    case Fact::kReply:
      return context_->is_reply;
    case Fact::kExclamations:
      return features.exclamations;
    case Fact::kWords:
      return features.words;
    case Fact::kElongated:
      return features.elongated;
    default:
      ADD_FAILURE() << "the generator makes no such fact";
      return std::nullopt;
  }
}

bool ReferenceJudge::Holds(const Condition& condition, const View& view) const {
  const auto holds = [&](const Condition& child) { return Holds(child, view); };
  const auto& children = condition.children;
  switch (condition.kind) {
    case Condition::Kind::kAll:
      return std::all_of(children.begin(), children.end(), holds);
    case Condition::Kind::kAny:
      return std::any_of(children.begin(), children.end(), holds);
    case Condition::Kind::kNone:
      return std::none_of(children.begin(), children.end(), holds);
    case Condition::Kind::kUse:
      return Holds(Named(condition.texts[0].text), view);
    case Condition::Kind::kFact: {
      const auto value = FactOf(condition.fact);
      return value && *value >= condition.at_least.value_or(*value) &&
             *value <= condition.at_most.value_or(*value);
    }
    case Condition::Kind::kSource:
      return std::any_of(
          condition.texts.begin(), condition.texts.end(), [&](const Written& source) {
            return source.text == context_->source || source.text == context_->source_type;
          });
    case Condition::Kind::kPostKind:
      return (condition.post_kinds >> static_cast<unsigned>(post_->kind)) & 1;
    case Condition::Kind::kLabel:
      return std::any_of(book_.labels.begin(), book_.labels.end(), [&](const WrittenLabel& label) {
        return label.name.text == condition.texts[0].text && IsGiven(label);
      });
    default:
      return !Counted(condition, view).empty();
  }
}

void ReferenceJudge::Collect(const Condition& condition, const View& view, Spoken& out) const {
  if (!Holds(condition, view)) return;
  switch (condition.kind) {
    case Condition::Kind::kAll:
    case Condition::Kind::kAny:
      for (const Condition& child : condition.children) Collect(child, view, out);
      return;
    case Condition::Kind::kUse:
      return Collect(Named(condition.texts[0].text), view, out);
    case Condition::Kind::kWord:
    case Condition::Kind::kPhrase:
    case Condition::Kind::kBegins:
    case Condition::Kind::kNear:
    case Condition::Kind::kRegex:
      for (const Place& place : Counted(condition, view)) {
        const Span span = analysis_.folded.ToOriginal(place.begin, place.end);
        out.spans.emplace(span.begin, span.end);
      }
      return;
    default:
      return;
  }
}

bool ReferenceJudge::SpeaksIn(const WrittenRule& rule, bool drop_negated, Spoken& out) const {
  std::vector<View> views;
  if (!rule.one_clause) views.push_back({std::nullopt, drop_negated});
  if (rule.one_clause) {
    std::set<std::uint32_t> clauses;
    for (const Slot& slot : analysis_.slots) clauses.insert(slot.clause);
    if (clauses.empty()) clauses.insert(0);
    for (const std::uint32_t clause : clauses) views.push_back({clause, drop_negated});
  }
  bool speaks = false;
  for (const View& view : views) {
    if (!Holds(rule.when, view)) continue;
    speaks = true;
    Collect(rule.when, view, out);
  }
  return speaks;
}

std::optional<ReferenceJudge::Spoken> ReferenceJudge::Ask(const WrittenRule& rule) const {
  const auto known = asked_.find(&rule);
  if (known != asked_.end()) return known->second;
  return asked_[&rule] = AskAnew(rule);
}

std::optional<ReferenceJudge::Spoken> ReferenceJudge::AskAnew(const WrittenRule& rule) const {
  if (!rule.on || rule.phase != 1 || (rule.languages & languages_) == 0) return std::nullopt;
  Spoken spoken{rule.label.text, rule.weight, {}};
  if (SpeaksIn(rule, rule.negated != Negated::kIgnore, spoken)) return spoken;
  spoken = {rule.flip_label.text, rule.flip_weight, {}};
  if (rule.negated == Negated::kFlip && SpeaksIn(rule, false, spoken)) return spoken;
  return std::nullopt;
}

double ReferenceJudge::Score(const std::string& label) const {
  double score = 0;
  for (const WrittenRule& rule : book_.rules) {
    if (rule.label.text != label && rule.flip_label.text != label) continue;
    const auto spoken = Ask(rule);
    if (spoken && spoken->label == label) score += spoken->weight;
  }
  return score;
}

bool ReferenceJudge::IsGiven(const WrittenLabel& label) const {
  return Score(label.name.text) >= label.threshold;
}

Verdict ReferenceJudge::Decide(const Post& post, const PostContext& context) {
  post_ = &post;
  context_ = &context;
  found_.clear();
  asked_.clear();
  Analyze(post.text, analysis_);
  const Language language = IdentifyLanguage(post.text, analysis_, post.language);
  languages_ = language == Language::kDutch     ? kRulesForDutch
               : language == Language::kEnglish ? kRulesForEnglish
               : language == Language::kUnsure  ? kRulesForAny
                                                : kRulesForAny - kRulesForDutch - kRulesForEnglish;
  Verdict verdict;
  verdict.language = ToString(language);
  for (const WrittenRule& rule : book_.rules) {
    const auto spoken = Ask(rule);
    if (!spoken) continue;
    RuleHit hit{rule.id.text, spoken->label, spoken->weight, {}};
    for (const auto& [begin, end] : spoken->spans)
      if (hit.spans.size() < 16) hit.spans.push_back({begin, end});
    verdict.hits.push_back(std::move(hit));
  }
  for (const WrittenLabel& label : book_.labels) {
    if (!IsGiven(label)) continue;
    verdict.labels.push_back({label.name.text, Score(label.name.text), label.threshold});
    if (verdict.team.empty()) verdict.team = label.team;
    verdict.enters_queue |= label.queue;
  }
  return verdict;
}

}  // namespace webcare

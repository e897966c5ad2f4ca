#include "rules/matcher.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "rules/negation.h"
#include "rules/phrase.h"

namespace webcare {
namespace {

constexpr int kMaxRegexMatches = 16;         // Of one pattern in one post: enough to show why.
constexpr std::uint32_t kNegationReach = 3;  // Slots between a negation and what it negates.

}  // namespace

void Matcher::Run(const Program& program, std::string_view text) {
  Prepare(program);
  Analyze(text, analysis_);
  FindTerms(program);
  FindWords(program);
  if (!program.nears.empty()) FindNears(program);
  if (program.regex_set) FindRegexes(program);
}

void Matcher::Prepare(const Program& program) {
  if (program_ != program.serial || run_ == 0xFFFFFFFF) {
    states_.assign(program.patterns.size(), {});
    near_run_.assign(program.nears.size(), 0);
    program_ = program.serial;
    run_ = 0;
  }
  ++run_;
  found_.clear();
  matches_.clear();
}

void Matcher::FindTerms(const Program& program) {
  terms_.clear();
  first_term_.clear();
  for (const Token& token : analysis_.tokens) {
    first_term_.push_back(static_cast<std::uint32_t>(terms_.size()));
    program.terms.Find(token.text, token.hash, terms_);
  }
  first_term_.push_back(static_cast<std::uint32_t>(terms_.size()));
}

void Matcher::FindWords(const Program& program) {
  if (terms_.empty()) return;
  for (std::uint32_t t = 0; t < analysis_.tokens.size(); ++t) {
    for (std::uint32_t i = first_term_[t]; i < first_term_[t + 1]; ++i)
      for (const PatternId id : program.patterns_of_term[terms_[i]])
        TryPattern(program, id, analysis_.tokens[t]);
  }
}

// `token` matched the pattern's anchor: tries every place where the pattern may then begin.
void Matcher::TryPattern(const Program& program, PatternId id, const Token& token) {
  const Pattern& pattern = program.patterns[id];
  if (pattern.count == 1) {
    if (!pattern.begins || analysis_.slots[token.from].opens_sentence)
      AddMatch(id, SlotMatch(token.from, token.to));
    return;
  }
  State& state = states_[id];
  if (state.tried_run != run_) state.tried = 0;
  state.tried_run = run_;
  const std::uint32_t farthest = pattern.anchor * analysis_.longest_token +
                                 pattern.gaps * static_cast<std::uint32_t>(kGapWords);
  const std::uint32_t first = token.from - std::min(token.from, farthest);
  if (token.from < pattern.anchor) return;
  const std::uint32_t last = token.from - pattern.anchor;
  for (std::uint32_t start = std::max(first, state.tried); start <= last; ++start) {
    state.tried = start + 1;
    if (pattern.begins && !analysis_.slots[start].opens_sentence) continue;
    if (const std::uint32_t end = EndOfPhrase(program, pattern, start); end > start)
      AddMatch(id, SlotMatch(start, end));
  }
}

// The slot behind the shortest reading of the phrase that begins at `start`, or `start` if there is none.
// Places reached so far are bits counted from `start`: no phrase is longer than 64 slots.
std::uint32_t Matcher::EndOfPhrase(const Program& program, const Pattern& pattern,
                                   std::uint32_t start) const {
  std::uint64_t places = 1;
  for (std::uint32_t i = 0; i < pattern.count && places != 0; ++i) {
    const Element& element = program.elements[pattern.first + i];
    if (element.gap_before) places |= places << 1 | places << 2 | places << 3;
    places = Step(program, element, start, places);
  }
  return places == 0 ? start : start + static_cast<std::uint32_t>(std::countr_zero(places));
}

std::uint64_t Matcher::Step(const Program& program, const Element& element, std::uint32_t start,
                            std::uint64_t places) const {
  std::uint64_t next = 0;
  for (; places != 0; places &= places - 1) {
    const std::uint32_t slot = start + static_cast<std::uint32_t>(std::countr_zero(places));
    if (slot >= analysis_.slots.size() ||
        analysis_.slots[slot].segment != analysis_.slots[start].segment)
      break;
    for (std::uint32_t t = analysis_.TokensBegin(slot); t < analysis_.TokensEnd(slot); ++t)
      if (Matches(program, element, t))
        next |= std::uint64_t{1} << (analysis_.tokens[t].to - start);
  }
  return next;
}

bool Matcher::Matches(const Program& program, const Element& element, std::uint32_t token) const {
  const TermId* first = program.element_terms.data() + element.first_term;
  for (std::uint32_t i = first_term_[token]; i < first_term_[token + 1]; ++i)
    if (std::binary_search(first, first + element.terms, terms_[i])) return true;
  return false;
}

void Matcher::FindNears(const Program& program) {
  const std::size_t words = found_.size();  // Nears look at words and phrases only.
  for (std::size_t i = 0; i < words; ++i) {
    for (const std::uint32_t near : program.nears_of_pattern[found_[i]]) {
      if (near_run_[near] == run_) continue;
      near_run_[near] = run_;
      FindNear(program.nears[near], program.near_patterns[near]);
    }
  }
}

void Matcher::Gather(const std::vector<PatternId>& patterns, std::vector<Match>& out) const {
  out.clear();
  for (const PatternId pattern : patterns)
    for (std::uint32_t m = FirstMatch(pattern); m != kNoMatch; m = matches_[m].next)
      out.push_back(matches_[m]);
  std::sort(out.begin(), out.end(), [](const Match& a, const Match& b) {
    return a.from != b.from ? a.from < b.from : a.to < b.to;
  });
}

// For every match of the one side, the nearest of the other side that begins behind it.
void Matcher::FindNear(const Near& near, PatternId id) {
  Gather(near.left, left_);
  Gather(near.right, right_);
  near_matches_.clear();
  PairUp(near, left_, right_);
  if (!near.ordered) PairUp(near, right_, left_);
  std::sort(near_matches_.begin(), near_matches_.end(), [](const Match& a, const Match& b) {
    return a.from != b.from ? a.from < b.from : a.to < b.to;
  });
  for (const Match& match : near_matches_) AddMatch(id, match);
}

void Matcher::PairUp(const Near& near, const std::vector<Match>& before,
                     const std::vector<Match>& after) {
  for (const Match& one : before) {
    const auto other =
        std::lower_bound(after.begin(), after.end(), one.to,
                         [](const Match& match, std::uint32_t to) { return match.from < to; });
    if (other == after.end() || other->from - one.to > near.within) continue;
    if (!near.across && other->clause != one.clause) continue;
    near_matches_.push_back(one);
    near_matches_.push_back(*other);
  }
}

void Matcher::FindRegexes(const Program& program) {
  const std::string_view text = analysis_.folded.text();
  const re2::StringPiece piece(text.data(), text.size());
  re2::RE2::Set::ErrorInfo error{};
  regex_hits_.clear();
  if (program.regex_set->Match(piece, &regex_hits_, &error)) {
    for (const int index : regex_hits_) FindRegex(program, static_cast<std::size_t>(index));
  } else if (error.kind != re2::RE2::Set::kNoError) {
    // Out of memory looks like "no match": ask every pattern by itself.
    for (std::size_t index = 0; index < program.regexes.size(); ++index) FindRegex(program, index);
  }
}

void Matcher::FindRegex(const Program& program, std::size_t index) {
  const std::string_view text = analysis_.folded.text();
  std::size_t at = 0;
  for (int found = 0; found < kMaxRegexMatches && at <= text.size();) {
    re2::StringPiece hit;
    if (!program.regexes[index]->Match(re2::StringPiece(text.data(), text.size()), at, text.size(),
                                       re2::RE2::UNANCHORED, &hit, 1))
      return;
    const auto begin = static_cast<std::size_t>(hit.data() - text.data());
    at = begin + std::max<std::size_t>(hit.size(), 1);
    if (hit.empty()) continue;
    AddMatch(program.regex_patterns[index], ByteMatch(begin, begin + hit.size()));
    ++found;
  }
}

Match Matcher::SlotMatch(std::uint32_t from, std::uint32_t to) const {
  const auto& slots = analysis_.slots;
  return {from, to, slots[from].begin, slots[to - 1].end, slots[from].clause, kNoMatch};
}

// The slots that overlap the bytes; between words, the empty run before the next one.
Match Matcher::ByteMatch(std::size_t begin, std::size_t end) const {
  const auto& slots = analysis_.slots;
  const auto from = std::partition_point(slots.begin(), slots.end(),
                                         [&](const Slot& slot) { return slot.end <= begin; });
  const auto to =
      std::partition_point(from, slots.end(), [&](const Slot& slot) { return slot.begin < end; });
  Match match;
  match.from = static_cast<std::uint32_t>(from - slots.begin());
  match.to = static_cast<std::uint32_t>(to - slots.begin());
  match.begin = static_cast<std::uint32_t>(begin);
  match.end = static_cast<std::uint32_t>(end);
  match.clause = from != slots.end() ? from->clause : slots.empty() ? 0 : slots.back().clause;
  match.next = kNoMatch;
  return match;
}

// Matches of a pattern arrive in order of `from`; of two that begin at the same slot the shorter stays
// (a near may hold both).
void Matcher::AddMatch(PatternId pattern, Match match) {
  State& state = states_[pattern];
  const auto index = static_cast<std::uint32_t>(matches_.size());
  if (state.run != run_) {
    state.run = run_;
    state.head = index;
    found_.push_back(pattern);
  } else {
    Match& last = matches_[state.tail];
    if (last.from == match.from && last.begin == match.begin) {
      if (match.to < last.to) last = match;
      return;
    }
    last.next = index;
  }
  state.tail = index;
  match.next = kNoMatch;
  matches_.push_back(match);
}

// A negator, unless the word behind it takes that back.
bool Matcher::Negates(std::uint32_t token, bool behind) const {
  const Token& word = analysis_.tokens[token];
  if (!(behind ? IsNegatorBehind(word.text) : IsNegator(word.text))) return false;
  if (word.to >= analysis_.slots.size()) return true;
  for (std::uint32_t t = analysis_.TokensBegin(word.to); t < analysis_.TokensEnd(word.to); ++t)
    if (CancelsNegation(analysis_.tokens[t].text)) return false;
  return true;
}

bool Matcher::IsNegated(const Match& match) const {
  const auto& slots = analysis_.slots;
  const auto clause_at = [&](std::uint32_t slot) {
    return slot < slots.size() && slots[slot].clause == match.clause;
  };
  const std::uint32_t first = match.from - std::min(match.from, kNegationReach);
  for (std::uint32_t slot = first; slot < match.from; ++slot) {
    if (!clause_at(slot)) continue;
    for (std::uint32_t t = analysis_.TokensBegin(slot); t < analysis_.TokensEnd(slot); ++t)
      if (analysis_.tokens[t].to <= match.from && Negates(t, false)) return true;
  }
  if (!clause_at(match.to)) return false;
  for (std::uint32_t t = analysis_.TokensBegin(match.to); t < analysis_.TokensEnd(match.to); ++t)
    if (Negates(t, true)) return true;
  return false;
}

}  // namespace webcare

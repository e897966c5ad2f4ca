// A slow judge in obvious code, for tests only: asks every rule about every place of the text. It shares
// the reading of rule files and the analysis of text with the engine, and nothing of what makes it fast:
// no index, no anchors, no candidates, no stages, no RE2::Set.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/judge.h"
#include "rules/phrase.h"
#include "rules/rule.h"
#include "rules/text/analysis.h"

namespace webcare {

class ReferenceJudge {
 public:
  // REQUIRES: `text` is a rule file without mistakes.
  explicit ReferenceJudge(const std::string& text);

  Verdict Decide(const Post& post, const PostContext& context);

 private:
  struct Place {
    std::uint32_t from, to, begin, end, clause;
    auto operator<=>(const Place&) const = default;
  };
  using Places = std::vector<Place>;
  struct View {
    std::optional<std::uint32_t> clause;
    bool drop_negated = false;
  };
  struct Spoken {
    std::string label;
    double weight = 0;
    std::set<std::pair<std::uint32_t, std::uint32_t>> spans;
  };

  Places Find(const Condition& condition) const;
  Places FindTexts(const std::vector<Written>& texts, bool single, bool begins) const;
  Places FindNear(const Condition& condition) const;
  Places FindRegex(const std::string& pattern) const;
  std::set<std::uint32_t> Ends(const Phrase& phrase, std::size_t word, std::uint32_t slot,
                               std::uint32_t segment) const;
  bool IsNegated(const Place& place) const;
  bool Negates(const Token& token, bool behind) const;
  Places Counted(const Condition& condition, const View& view) const;
  bool Holds(const Condition& condition, const View& view) const;
  void Collect(const Condition& condition, const View& view, Spoken& out) const;
  const Condition& Named(const std::string& name) const;
  std::optional<double> FactOf(Fact fact) const;
  bool SpeaksIn(const WrittenRule& rule, bool drop_negated, Spoken& out) const;
  std::optional<Spoken> Ask(const WrittenRule& rule) const;
  std::optional<Spoken> AskAnew(const WrittenRule& rule) const;
  bool IsGiven(const WrittenLabel& label) const;
  double Score(const std::string& label) const;

  RuleBook book_;
  ListIndex lists_;
  Analysis analysis_;
  std::uint8_t languages_ = 0;
  const Post* post_ = nullptr;
  const PostContext* context_ = nullptr;
  // What was found out about this post, so that the tests end.
  mutable std::map<const Condition*, Places> found_;
  mutable std::map<const WrittenRule*, std::optional<Spoken>> asked_;
};

}  // namespace webcare

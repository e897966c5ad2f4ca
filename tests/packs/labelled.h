// The labelled sets beside the project (../shared/labelled): for judging only, never copied.
#pragma once

#include <string>
#include <vector>

#include "daemon/base/verdict.h"
#include "rules/rule_set.h"

namespace webcare {

struct LabelledRow {
  std::string text;
  std::vector<std::string> labels;  // Its label and second labels.
  // Every fifth row, by a hash of its text, was never looked at while the packs were written.
  bool unread = false;
};

// Whether the sets are there.
bool HasLabelledSets();
// Empty when there is no such set.
std::vector<LabelledRow> LoadLabelled(const std::string& set);

// `language` as a site would declare it. Said to us: `addressed`.
Verdict JudgeText(const RuleSet& rules, const std::string& text, const std::string& language,
                  bool addressed);
bool Gives(const Verdict& verdict, const std::string& label);

}  // namespace webcare

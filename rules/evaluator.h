// Which rules speak, given what the matcher found. Private to this folder.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "daemon/base/judge.h"
#include "daemon/base/reach.h"
#include "rules/matcher.h"
#include "rules/program.h"
#include "rules/text/language.h"

namespace webcare {

// Working memory of one thread.
struct EvaluatorMemory {
  std::vector<std::uint32_t> rule_run;  // By rule: the run in which it became a candidate.
  std::vector<std::uint32_t> candidates;
  std::vector<double> scores;  // By label.
  std::vector<std::pair<std::uint32_t, RuleHit>> hits;
  std::uint32_t run = 0;
  std::uint64_t program = 0;
};

// Phase 1: fills labels, hits, team and enters_queue of `out`.
void EvaluateRules(const Program& program, const Matcher& matcher, Language language,
                   const Post& post, const PostContext& context, EvaluatorMemory& memory,
                   Verdict& out);

// Phase 2.
ReachNote EvaluateNotes(const Program& program, const Verdict& verdict, const Reach& reach);

}  // namespace webcare

// The checks of a rule book that need no compiling: names, duplicates, circles, reach.
#pragma once

#include "rules/rule.h"

namespace webcare {

// Reports duplicate and undefined names, circles of conditions and of labels, and rules of phase 1 that
// can see reach, however indirectly. Returns the stage of every rule (see CompiledRule::stage); stages
// and conditions may only be used if nothing was reported.
std::vector<std::uint32_t> CheckBook(const RuleBook& book, Diagnostics& diagnostics);

}  // namespace webcare

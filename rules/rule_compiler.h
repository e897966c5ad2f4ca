// Rules as written to a Program, or Diagnostics: names are resolved, texts folded, mistakes found.
#pragma once

#include <memory>

#include "rules/program.h"
#include "rules/rule.h"

namespace webcare {

// Reports all mistakes of the book; the program is only good if none was reported.
std::unique_ptr<Program> CompileRules(const RuleBook& book, Diagnostics& diagnostics);

}  // namespace webcare

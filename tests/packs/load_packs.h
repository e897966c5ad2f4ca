// The starter packs, rules/packs/*.yaml, as the daemon would load them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/rule_set.h"

namespace webcare {

// Loaded once per program. Stops it, with the loader's messages, if they do not load.
std::shared_ptr<const RuleSet> StarterPacks();

// The files' contents in lower case.
std::vector<std::string> PackTexts();

}  // namespace webcare

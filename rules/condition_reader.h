// A condition's YAML to a Condition.
#pragma once

#include "daemon/base/yaml_node.h"
#include "rules/rule.h"

namespace webcare {

// Reports every mistake and returns what could be read. Which names exist, and whether
// the rule may see reach, is for the compiler to say.
Condition ReadCondition(const YamlNode& node, Diagnostics& diagnostics);

// Scalars of a list (or one scalar) with their positions.
std::vector<Written> ReadTexts(const YamlNode& node);

}  // namespace webcare

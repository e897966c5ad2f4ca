// A rule file as text to rules as written. rules/README.md is the manual of the language.
#pragma once

#include <string>
#include <string_view>

#include "rules/rule.h"

namespace webcare {

// Adds what `text` defines to `book`; reports every mistake that can be seen in one file. `file` is the
// name shown in messages. Never throws, whatever the bytes.
void ReadRuleFile(const std::string& file, std::string_view text, RuleBook& book,
                  Diagnostics& diagnostics);

}  // namespace webcare

// Words that turn what stands beside them into its opposite (rules/README.md, Negation).
#pragma once

#include <string_view>

namespace webcare {

// Negates what follows: niet, geen, nooit, without, n't, ...
bool IsNegator(std::string_view word);
// Of these, the ones that also negate the word right before them: "werkt niet".
bool IsNegatorBehind(std::string_view word);
// After such a word there is no negation: "niet alleen", "niet normaal", "not only".
bool CancelsNegation(std::string_view word);

}  // namespace webcare

// What is wrong with a pattern before RE2 sees it: mistakes that would silently never match.
#pragma once

#include <string>
#include <string_view>

namespace webcare {

// "" when the pattern is fine, else what to change. Patterns run on folded text (text/fold.h), so
// capitals and accents can never match, and RE2's \b knows ASCII only.
std::string RegexMistake(std::string_view pattern);

}  // namespace webcare

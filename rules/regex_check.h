// One pattern of a rule, compiled; refused are also those that would silently never match.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>

#include "daemon/base/result.h"

namespace webcare {

// kInvalid: what to change. Patterns run on folded text (text/fold.h), so capitals and accents can
// never match, and RE2's \b knows ASCII only. A pattern that matches the empty text is refused too.
Result<std::unique_ptr<re2::RE2>> CompileRegex(const std::string& pattern);

}  // namespace webcare

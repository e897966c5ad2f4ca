// Which language a post is in: a vote of function words, and cld2 where the vote is not clear.
#pragma once

#include <string_view>

#include "rules/text/analysis.h"

namespace webcare {

enum class Language {
  kUnsure,  // May be Dutch or English: rules of both run.
  kDutch,   // Afrikaans counts as Dutch.
  kEnglish,
  kOther,  // Surely neither: only rules for any language run.
};

// "nl", "en"; "und" for the other two (Verdict::language).
std::string_view ToString(Language language);

// `declared` is what the site or author says (BCP 47, lower case, may be empty); below 40
// characters of text it is believed rather than cld2. The vote costs nothing, cld2 about 20 us a
// text.
Language IdentifyLanguage(std::string_view text, const Analysis& analysis,
                          std::string_view declared);

}  // namespace webcare

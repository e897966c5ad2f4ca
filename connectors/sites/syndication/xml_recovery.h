// Ill-formed XML made fit for a strict parser (feeds.md 1: "Ill-formed XML is normal").
#pragma once

#include <string>
#include <string_view>

namespace webcare {

// Expects UTF-8. Drops what is before the first '<', control characters, U+FFFE and U+FFFF, comments and
// processing instructions (an XML declaration too: the text is UTF-8 by now). Escapes a '&' that starts
// no reference and a '<' that starts no markup. Named references of HTML and references to characters
// that XML forbids become text. CDATA sections and document types pass. One pass, linear; well-formed
// XML keeps its meaning.
std::string RecoverXml(std::string_view text);

}  // namespace webcare

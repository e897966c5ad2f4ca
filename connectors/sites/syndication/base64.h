// Base64 (RFC 4648 4) for the inline binary content of Atom.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace webcare {

// White space is skipped, padding may be missing. Absent where anything else is in the text.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace webcare

// UTF-8 without a library: validation, repair, cutting. (Normalisation and folding need ICU:
// rules/text.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace webcare {

// RFC 3629: no overlong forms, surrogates or values above U+10FFFF.
bool IsValidUtf8(std::string_view text);

// Every ill-formed byte sequence becomes one U+FFFD (the practice of WHATWG Encoding).
std::string RepairUtf8(std::string_view text);

// Drops C0 and C1 controls except '\n' and '\t', bidirectional controls and U+FEFF; "\r\n" and '\r'
// become '\n'. Expects valid UTF-8.
std::string StripControls(std::string_view text);

// The longest prefix of at most `limit` bytes that ends on a character boundary.
std::string_view CutUtf8(std::string_view text, std::size_t limit);

void AppendUtf8(std::string& out, char32_t code_point);

// Decodes the character at `text[at]` and moves `at` behind it. Expects valid UTF-8 and at < size.
char32_t DecodeUtf8(std::string_view text, std::size_t& at);

}  // namespace webcare

// Bodies of any declared character set to UTF-8 (feeds.md 1, "Encoding").
#pragma once

#include <string>
#include <string_view>

namespace webcare {

struct Utf8Text {
  std::string text;  // Valid UTF-8 without byte order mark.
  std::string
      charset;  // What it was read as, lower case: "utf-8", "windows-1252", "shift_jis", ...
  bool repaired = false;  // Some bytes did not fit and were read otherwise.
};

// Order: byte order mark, `charset` of the Content-Type, XML declaration (also in UTF-16 without
// mark), UTF-8. text/xml without charset is not US-ASCII here, whatever RFC 3023 says. ISO-8859-1
// and US-ASCII are read as windows-1252, their superset in practice; unknown names and UTF-16 that
// cannot be (the body starts with '<' in one byte) as UTF-8. Bytes that are not UTF-8 where it was
// claimed are read as windows-1252 one by one. Linear; the result has at most three times the
// bytes.
Utf8Text ToUtf8(std::string_view body, std::string_view content_type);

// The parameter "charset" of a Content-Type, lower case, without quotes; or "".
std::string CharsetOf(std::string_view content_type);

}  // namespace webcare

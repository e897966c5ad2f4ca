#include "connectors/markup/charset.h"

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <memory>

#include "connectors/markup/text.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

constexpr std::size_t kLongestDeclaration = 1024;
constexpr std::size_t kLongestLabel = 40;

struct Mark {
  std::string_view bytes;
  std::string_view charset;
};
// The longer UTF-32 marks first: they begin like those of UTF-16.
constexpr Mark kMarks[] = {{std::string_view("\x00\x00\xFE\xFF", 4), "utf-32be"},
                           {std::string_view("\xFF\xFE\x00\x00", 4), "utf-32le"},
                           {"\xEF\xBB\xBF", "utf-8"},
                           {"\xFE\xFF", "utf-16be"},
                           {"\xFF\xFE", "utf-16le"}};
// A document in UTF-16 without mark (XML 1.0, appendix F).
constexpr Mark kUnmarked[] = {{std::string_view("\0<\0?", 4), "utf-16be"},
                              {std::string_view("<\0?\0", 4), "utf-16le"}};

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel &&
         std::all_of(label.begin(), label.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                  c == '.' || c == ':';
         });
}

// The value of `name` = "..." or name=... in `text`, lower case.
std::string ValueOf(std::string_view text, std::string_view name) {
  const std::string lower = LowerAscii(text);
  const std::string_view view = lower;
  std::size_t at = view.find(name);
  if (at == std::string_view::npos) return "";
  at += name.size();
  const auto skip = [&] {
    while (at < view.size() && IsHtmlSpace(view[at])) ++at;
  };
  skip();
  if (at >= view.size() || view[at] != '=') return "";
  ++at;
  skip();
  if (at < view.size() && (view[at] == '"' || view[at] == '\'')) ++at;
  const std::size_t end = std::min(view.find_first_of("\"' \t\r\n;,?>", at), view.size());
  return std::string(view.substr(at, end - at));
}

std::string DeclaredInXml(std::string_view body) {
  while (!body.empty() && IsHtmlSpace(body.front())) body.remove_prefix(1);
  const std::string_view head = body.substr(0, kLongestDeclaration);
  if (head.substr(0, 5) != "<?xml") return "";
  return ValueOf(head.substr(0, head.find("?>")), "encoding");
}

// What a label means in practice.
std::string Practical(const std::string& label, std::string_view body) {
  if (!IsLabel(label)) return "utf-8";
  if (label == "utf8") return "utf-8";
  constexpr std::array<std::string_view, 9> kLatin1 = {"iso-8859-1", "iso8859-1", "iso_8859-1",
                                                       "latin1",     "latin-1",   "us-ascii",
                                                       "ascii",      "cp1252",    "l1"};
  if (std::find(kLatin1.begin(), kLatin1.end(), label) != kLatin1.end()) return "windows-1252";
  const bool wide = label.substr(0, 6) == "utf-16" || label.substr(0, 6) == "utf-32" ||
                    label.substr(0, 4) == "ucs-" || label.substr(0, 10) == "iso-10646-";
  const bool one_byte = body.size() < 2 || (body[0] != '\0' && body[1] != '\0');
  return wide && one_byte ? "utf-8" : label;
}

struct Closer {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, Closer>;

Converter Open(const std::string& charset) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(charset.c_str(), &status));
  return U_FAILURE(status) ? nullptr : std::move(converter);
}

// Empty where ICU does not know the name. Bytes without meaning become U+FFFD.
bool Convert(std::string_view body, const std::string& charset, std::string& out) {
  const Converter from = Open(charset);
  const Converter to = Open("utf-8");
  if (from == nullptr || to == nullptr) return false;
  std::array<UChar, 1024> pivot;
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  const char* source = body.data();
  const char* const end = source + body.size();
  std::array<char, 4096> buffer;
  UErrorCode status = U_BUFFER_OVERFLOW_ERROR;
  for (UBool reset = true; status == U_BUFFER_OVERFLOW_ERROR; reset = false) {
    char* target = buffer.data();
    status = U_ZERO_ERROR;
    ucnv_convertEx(to.get(), from.get(), &target, buffer.data() + buffer.size(), &source, end,
                   pivot.data(), &pivot_source, &pivot_target, pivot.data() + pivot.size(), reset,
                   true, &status);
    out.append(buffer.data(), static_cast<std::size_t>(target - buffer.data()));
  }
  return U_SUCCESS(status);
}

// The length of the well-formed character at `at`, or 0.
std::size_t CharacterSize(std::string_view text, std::size_t at) {
  for (std::size_t size = 1; size <= 4 && at + size <= text.size(); ++size) {
    if (IsValidUtf8(text.substr(at, size))) return size;
  }
  return 0;
}

// Good characters stay; each byte that is none is read as windows-1252.
std::string MendUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = CharacterSize(text, at);
    if (size > 0) {
      out.append(text.substr(at, size));
      at += size;
      continue;
    }
    AppendUtf8(out, FromWindows1252(static_cast<unsigned char>(text[at++])));
  }
  return out;
}

}  // namespace

std::string CharsetOf(std::string_view content_type) { return ValueOf(content_type, "charset"); }

Utf8Text ToUtf8(std::string_view body, std::string_view content_type) {
  Utf8Text result;
  for (const Mark& mark : kMarks) {
    if (body.substr(0, mark.bytes.size()) != mark.bytes) continue;
    result.charset = mark.charset;
    body.remove_prefix(mark.bytes.size());
    break;
  }
  for (const Mark& form : kUnmarked) {
    if (result.charset.empty() && body.substr(0, 4) == form.bytes) result.charset = form.charset;
  }
  if (result.charset.empty()) {
    std::string label = CharsetOf(content_type);
    if (label.empty()) label = DeclaredInXml(body);
    result.charset = Practical(label, body);
  }
  if (result.charset != "utf-8" && Convert(body, result.charset, result.text)) {
    if (IsValidUtf8(result.text)) return result;
  }
  result.charset = "utf-8";
  result.repaired = !IsValidUtf8(body);
  result.text = result.repaired ? MendUtf8(body) : std::string(body);
  return result;
}

}  // namespace webcare

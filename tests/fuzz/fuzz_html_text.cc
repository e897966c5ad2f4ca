// HTML to text, references, character sets, URLs: any bytes give valid UTF-8 within the limit.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "connectors/markup/charset.h"
#include "connectors/markup/html_text.h"
#include "connectors/markup/url.h"
#include "daemon/base/utf8.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckText(const webcare::HtmlText& html, std::size_t limit) {
  Require(webcare::IsValidUtf8(html.text) && html.text.size() <= limit);
  Require(webcare::StripControls(html.text) == html.text);
  for (const auto& link : html.links)
    Require(webcare::IsWebUrl(link) && webcare::IsValidUtf8(link));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::size_t kLimit = 300;
  CheckText(webcare::HtmlToText(text, {"https://shop.example/a/b", true, kLimit}), kLimit);
  CheckText(webcare::PlainToText(text, kLimit), kLimit);
  const std::size_t half = size / 2;
  Require(webcare::IsValidUtf8(webcare::ToUtf8(text.substr(half), text.substr(0, half)).text));
  webcare::ResolveUrl(text.substr(0, half), text.substr(half));
  return 0;
}

#include "connectors/http/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

namespace webcare {
namespace {

constexpr std::size_t kMaxUrl = 8u << 10;

struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, UrlFree>;

// "" where the URL has no such part.
std::string Part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* raw = nullptr;
  if (curl_url_get(url, part, &raw, flags) != CURLUE_OK) return {};
  std::string text(raw);
  curl_free(raw);
  return text;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  });
  return lower;
}

Error Refused(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

bool HasControls(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
}

}  // namespace

Result<ParsedUrl> ParseUrl(const std::string& url, bool allow_http) {
  if (url.size() > kMaxUrl) return Refused("URL over 8 KiB");
  if (HasControls(url)) return Refused("URL with white space or control characters");
  const UrlHandle handle(curl_url());
  if (!handle || curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return Refused("not a URL that can be fetched");
  ParsedUrl parsed;
  parsed.scheme = LowerCase(Part(handle.get(), CURLUPART_SCHEME));
  if (parsed.scheme != "https" && !(allow_http && parsed.scheme == "http"))
    return Refused("protocol " + parsed.scheme + " is not allowed");
  if (!Part(handle.get(), CURLUPART_USER).empty() ||
      !Part(handle.get(), CURLUPART_PASSWORD).empty())
    return Refused("URL with a user name or password");
  curl_url_set(handle.get(), CURLUPART_FRAGMENT, nullptr, 0);
  parsed.host = LowerCase(Part(handle.get(), CURLUPART_HOST, CURLU_PUNYCODE));
  if (parsed.host.size() > 2 && parsed.host.front() == '[')
    parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  const std::string port = Part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(), parsed.port);
  parsed.text = Part(handle.get(), CURLUPART_URL);
  if (parsed.host.empty() || parsed.text.empty()) return Refused("URL without a host");
  return parsed;
}

HeaderList CrossOriginHeaders(const HeaderList& headers) {
  constexpr std::array<std::string_view, 4> kHarmless = {"accept", "accept-language",
                                                         "if-modified-since", "if-none-match"};
  HeaderList kept;
  for (const auto& header : headers) {
    const std::string name = LowerCase(header.first);
    if (std::find(kHarmless.begin(), kHarmless.end(), name) != kHarmless.end())
      kept.push_back(header);
  }
  return kept;
}

}  // namespace webcare

// URLs as text: splitting, resolving, encoding (RFC 3986). Nothing is fetched and nothing is
// checked beyond the syntax that is needed; the transport decides what may be asked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace webcare {

// Views into the text given to SplitUrl (RFC 3986, appendix B). Absent and empty differ.
struct UrlParts {
  std::optional<std::string_view> scheme;
  std::optional<std::string_view> authority;  // "user@host:port".
  std::string_view path;
  std::optional<std::string_view> query;
  std::optional<std::string_view> fragment;
};

// Every text splits; "" gives an empty path.
UrlParts SplitUrl(std::string_view url);

// `reference` seen from `base` (RFC 3986 5.2.2). White space around it is dropped, as is every
// CR, LF and tab inside. With an empty or relative `base` the reference comes back as it is.
std::string ResolveUrl(std::string_view base, std::string_view reference);

// http:// or https:// with a host, at most 2048 bytes, no spaces or controls.
bool IsWebUrl(std::string_view url);

// The host in lower case without port and user; "[::1]" keeps its brackets. "" where there is none.
std::string UrlHost(std::string_view url);

// 127.0.0.0/8, [::1], localhost.
bool IsLoopbackHost(std::string_view host);

// For one name or value in a query: all but unreserved characters become %XX (RFC 3986 2.1).
std::string EncodeQuery(std::string_view text);

// `url` with "name=value" added to its query, before a fragment.
std::string AddQuery(std::string_view url, std::string_view name, std::string_view value);

}  // namespace webcare

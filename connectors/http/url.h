// URLs, always read by libcurl's own parser: a second parser is a second opinion about the host.
#pragma once

#include <string>
#include <string_view>

#include "connectors/http/transport.h"

namespace webcare {

struct ParsedUrl {
  std::string scheme;  // "https" or "http".
  std::string host;    // Lower case, punycode; IPv4 literals in dotted form, IPv6 without brackets.
  int port = 0;
  std::string text;  // The URL as libcurl writes it, without fragment.

  bool SameOrigin(const ParsedUrl& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
};

// kInvalid: no absolute http(s) URL, plain http where it is not allowed, a name or password inside,
// control characters or over 8 KiB. The message does not repeat the URL.
Result<ParsedUrl> ParseUrl(const std::string& url, bool allow_http);

// The headers that may go to an origin which the connector did not choose: what says which form of
// the answer is wanted. An allow-list, for a secret may stand in any header (Api-Key,
// PRIVATE-TOKEN, ...).
HeaderList CrossOriginHeaders(const HeaderList& headers);

}  // namespace webcare

// How the poller asks the world: many GET requests at once, one thread. curl_transport.h is the
// real one, tests/fakes/scripted_transport.h the one for tests.
//
// Limits     Everything a server can make large or long is bounded: time, body, headers, redirects,
//            and which addresses and protocols may be used at all (operations.md 3.1).
// Redirects  At most 5, followed for 301, 302, 303, 307 and 308. As soon as a hop leaves the first
//            origin (scheme, host, port) only the harmless headers of CrossOriginHeaders() go
//            along.
// Errors     kUnavailable: network, name, TLS, time, broken or cut-off answer: ask again later.
//            kInvalid: URL, protocol or address not allowed, answer over a limit: asking again
//            helps only when the other side changes. An HTTP status is never an Error.
//            Messages name the host, never the path, query or headers.
// Threads    All methods on the one thread that owns the transport, but Wake(), which is for any.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/base/time.h"

namespace webcare {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

inline constexpr int kMaxRedirects = 5;

struct FetchLimits {
  bool allow_http = false;     // Plain http, also as target of a redirect.
  bool allow_private = false;  // Addresses that IsPublicAddress() refuses.
  bool may_be_silent = false;  // A long poll: no low-speed limit, only `timeout` ends it.
  std::string ca_file;         // Trusted roots instead of the system's; empty: system.
  Bytes max_body = MiB(16);    // As declared, and as counted after decompression.
  std::chrono::milliseconds timeout{60'000};  // From Start to the last byte, all hops together.
};

struct FetchRequest {
  std::string url;
  HeaderList headers;
  std::string bearer_token;  // Sent as "Authorization: Bearer ..." to the first origin only.
  FetchLimits limits;
};

struct HttpAnswer {
  int status = 0;
  std::string final_url;           // After redirects.
  bool moved_permanently = false;  // There were redirects, and each was a 301 or 308.
  HeaderList headers;  // Of the last hop. Names in lower case, values without outer white space.
  std::string body;    // Decompressed.
  std::chrono::milliseconds duration{0};

  // The first value of that (lower-case) name, or "".
  std::string_view Header(std::string_view name) const;
};

using TransferId = std::uint64_t;

struct Completion {
  TransferId id = 0;
  Result<HttpAnswer> answer;
};

class Transport {
 public:
  virtual ~Transport() = default;

  // Never fails at once: a request that cannot even start completes with an error.
  virtual TransferId Start(FetchRequest request) = 0;
  // The transfer will not complete any more. An unknown or completed id is fine.
  virtual void Cancel(TransferId id) = 0;
  // Moves transfers on. Returns what completed, as soon as something did; nothing at `deadline` or
  // after a Wake().
  virtual std::vector<Completion> Wait(SteadyTime deadline) = 0;
  // Ends the current or the next Wait().
  virtual void Wake() = 0;
};

}  // namespace webcare

// What a connector is: a translator for one kind of source. It builds requests and reads answers;
// the poller owns sockets, time, retries and politeness. So it can be tested and fuzzed with two
// strings.
//
// A connector does no I/O, holds no clock, filters nothing and keeps no state between calls: all it
// needs to go on stands in the Cursor. See connectors/README.md for the five steps to add one.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/post.h"
#include "daemon/base/reach.h"
#include "daemon/base/result.h"
#include "daemon/base/yaml_node.h"

namespace webcare {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string url;
  HttpHeaders headers;  // Accept and the like. The poller adds User-Agent, conditional headers.
  // The poller may add If-None-Match / If-Modified-Since of the last good answer to this URL. False: "not
  // modified" would not do, or this is not where a poll begins; the validators stay as they are.
  bool conditional = true;
  // Sent as "Authorization: Bearer <secret>", never logged, never forwarded to another host.
  std::string bearer_token;
};

struct HttpResponse {
  int status = 0;         // 200 and 206 reach ParsePage; the poller deals with the others.
  std::string final_url;  // After redirects.
  HttpHeaders headers;    // Names in lower case.
  std::string body;       // Decompressed, within the source's limit.

  // The first value of that (lower-case) name, or "".
  std::string_view Header(std::string_view name) const;
};

// Where the next request goes on. Opaque to all but its connector: at most 64 KiB of text (JSON by
// convention) that starts with the connector's own version. Empty: first poll ever.
using Cursor = std::string;

struct Item {
  Post post;
  Reach reach;
};

// A post that the site says is gone.
struct Deletion {
  std::string native_id;
};

// An item that could not be read; the others of its page are unharmed.
struct RejectedItem {
  std::string native_id;  // Where it could be read; else empty.
  std::string reason;     // For the operator; without post text.
  std::string raw;        // The item as it came, at most 4 KiB.
};

// What one answer says.
struct Page {
  std::vector<Item> items;  // Oldest first: the order in which they are taken in.
  std::vector<Deletion> deletions;
  std::vector<RejectedItem> rejected;
  Cursor next_cursor;  // Stored in the same commit as the items.
  bool more =
      false;  // Ask again at once with next_cursor (bounded by the poller's pages per poll).
  // Wishes of the site; the poller clamps and obeys.
  std::optional<std::chrono::seconds> min_interval;  // ttl, max-age, updatePeriod.
  std::vector<std::string> warnings;  // "gap: none of the known items is in the feed any more", ...
};

// Rate-limit news in the answer's headers: how many calls are left and when the count starts anew.
struct RateLimit {
  std::int64_t remaining = 0;
  WallTime reset_at{};
};

// Thread-safety: const methods may run concurrently.
class Connector {
 public:
  virtual ~Connector() = default;

  // The cursor decides; `now` is for time windows only.
  virtual HttpRequest BuildRequest(const Cursor& cursor, WallTime now) const = 0;
  // `cursor` is the one BuildRequest got. Never throws, whatever the bytes. kInvalid: the page
  // cannot be read; the poller asks again later, shows the source as failing and leaves the cursor
  // alone.
  virtual Result<Page> ParsePage(const HttpResponse& response, const Cursor& cursor,
                                 WallTime now) const = 0;
  // The site's dialect of rate-limit headers; absent where it has none.
  virtual std::optional<RateLimit> ReadRateLimit(const HttpResponse& response) const;
  // How an error answer (status >= 400) is to be taken beyond the common rules of feeds.md 0.3, or
  // absent. May read the body.
  virtual std::optional<Error> ReadError(const HttpResponse& response, WallTime now) const;
  // Sites that serve a window without cursor (feeds) repeat what they sent: unchanged answers are
  // normal.
  virtual std::chrono::milliseconds default_interval() const = 0;
  virtual std::chrono::milliseconds least_interval() const = 0;
};

// Secrets by name, from systemd credentials or files; never from the configuration itself.
class SecretSource {
 public:
  virtual ~SecretSource() = default;
  // The secret without trailing newline. kInvalid: no such file, unreadable, empty, over 64 KiB or
  // with CR, LF or NUL inside.
  virtual Result<std::string> Read(std::string_view name) const = 0;
};

// One line of the registry.
struct ConnectorType {
  std::string_view name;     // `type:` in sources.d/*.yaml.
  std::string_view summary;  // One line for `webcarectl check --help`.
  // Reads the keys that only this kind of source has from the source's mapping (common keys are
  // read by daemon/config). Reports mistakes through the node; returns null after one.
  std::unique_ptr<Connector> (*make)(const YamlNode& source, const SecretSource& secrets);
};

}  // namespace webcare

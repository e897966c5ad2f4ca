// What the faces of the feed server have in common: a request's target taken apart, and a page
// whose body is only written when somebody needs it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/time.h"

namespace webcare {

using FeedHeaders = std::vector<std::pair<std::string, std::string>>;

// Path and query of a target, percent-decoded.
class FeedTarget {
 public:
  explicit FeedTarget(std::string_view target);

  const std::string& path() const { return path_; }
  // The first value of that name, or "".
  std::string_view Get(std::string_view name) const;
  std::vector<std::string_view> All(std::string_view name) const;
  bool Flag(std::string_view name) const { return Get(name) == "true" || Get(name) == "1"; }
  // A decimal number; absent where missing or something else.
  std::optional<std::uint64_t> Number(std::string_view name) const;
  // "?a=b&c=d" without the names in `without`, or "".
  std::string QueryWithout(const std::vector<std::string_view>& without) const;

 private:
  std::string path_;
  std::vector<std::pair<std::string, std::string>> query_;
};

std::string PercentEncode(std::string_view text);
std::string PercentEncodePath(std::string_view path);  // Leaves '/'.

struct FeedContext {
  WallTime now{};           // Virtual.
  std::string base_url;     // "http://127.0.0.1:8080"
  bool authorized = false;  // An Authorization header came along.
};

struct FeedPage {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  FeedHeaders headers;
  std::string version;  // Changes whenever the body does; empty: no ETag.
  std::optional<WallTime> last_modified;
  std::size_t posts = 0;
  std::function<std::string()> body;
};

// RFC 822 with four digits for the year: "Wed, 03 Jun 2026 08:12:00 +0000".
std::string RssTime(WallTime time);

FeedPage ErrorPage(int status, std::string_view message);

}  // namespace webcare

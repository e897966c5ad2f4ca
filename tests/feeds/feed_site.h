// The feed server without its socket: a request in, a reply out. Tests call it directly; FeedServer
// puts HTTP around it. The commands of POST /control are in tests/feeds/README.md.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/feeds/feed_day.h"
#include "tests/feeds/feed_page.h"
#include "tests/feeds/mastodon_face.h"
#include "tests/feeds/syndication_face.h"

namespace webcare {

struct FeedSiteOptions {
  WallTime at{};           // Virtual time at the start.
  double speed = 1;        // Virtual seconds per real second; 0: stands still.
  bool all = false;        // Start behind the last event and stand still.
  std::size_t copies = 1;  // Of the day.
};

struct FeedRequest {
  std::string method = "GET";
  std::string target = "/";
  FeedHeaders headers;  // Names in lower case.
  std::string body;
  std::string_view Header(std::string_view name) const;
};

// What is done to the body on its way out.
enum class BodyFault { kNone, kSlow, kCut, kEndless };

struct FeedReply {
  int status = 200;
  FeedHeaders headers;
  std::shared_ptr<const std::string> body;
  BodyFault fault = BodyFault::kNone;
  std::size_t bytes = 0;  // kSlow: a second; kCut: bytes sent before the connection is dropped.
};

// Threads: any thread may call any method.
class FeedSite {
 public:
  // Both clocks are read by the caller: the steady one moves virtual time, the wall clock is only
  // shown in X-RateLimit-Reset and Date.
  struct Now {
    SteadyTime steady{};
    WallTime wall{};
  };

  FeedSite(FeedDay day, const FeedSiteOptions& options, Now now);

  FeedReply Answer(const FeedRequest& request, Now now);
  // The Mastodon id of a post; "" where there is none.
  std::string MastodonId(std::string_view source, std::string_view id, std::size_t copy = 0) const;

 private:
  enum class FaultKind { kStatus, kSlow, kCut, kGarbage, kEndless };
  struct Fault {
    FaultKind kind = FaultKind::kStatus;
    std::string path;  // A prefix.
    std::int64_t times = 1;
    int status = 503;
    FeedHeaders headers;
    std::string body;
    std::size_t bytes = 1000;
  };
  struct Count {
    std::int64_t requests = 0;
    std::int64_t not_modified = 0;
    std::int64_t posts = 0;
  };
  struct Body {
    std::shared_ptr<const std::string> plain;
    std::shared_ptr<const std::string> gzip;
  };

  // All below REQUIRES mutex_ held.
  WallTime VirtualNow(SteadyTime now) const;
  void SetVirtual(WallTime at, SteadyTime now);
  FeedReply Control(const FeedRequest& request, Now now);
  Status Obey(std::string_view json, Now now);
  Result<Fault> ReadFault(class FeedFields& fields) const;
  std::string Stats(Now now) const;
  FeedReply Serve(const FeedRequest& request, const FeedTarget& target, Now now);
  FeedPage Find(const FeedTarget& target, const FeedContext& context) const;
  bool IsNotModified(const FeedRequest& request, const FeedPage& page,
                     const std::string& etag) const;
  std::shared_ptr<const std::string> BodyOf(const FeedPage& page, const std::string& etag,
                                            bool gzip);
  bool AddRateLimit(FeedReply& reply, Now now);
  // Removes one use of the first fault for `path`.
  std::optional<Fault> TakeFault(const std::string& path);

  const FeedDay day_;
  std::vector<std::pair<std::string, MastodonFace>> instances_;  // By base path.
  std::vector<SyndicationFace> feeds_;

  std::mutex mutex_;
  // Guarded by mutex_.
  WallTime virtual_start_{};
  SteadyTime steady_start_{};
  double speed_ = 1;
  std::list<Fault> faults_;
  std::map<std::string, Count> counts_;
  std::unordered_map<std::string, Body> bodies_;  // By ETag.
  std::size_t bodies_size_ = 0;
  std::int64_t rate_limit_ = 0;  // Requests in five minutes; 0: none.
  std::int64_t rate_used_ = 0;
  SteadyTime rate_start_{};
};

}  // namespace webcare

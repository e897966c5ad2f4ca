// The feed server: HTTP on 127.0.0.1 around a FeedSite, on threads of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "daemon/base/result.h"
#include "tests/feeds/feed_site.h"

struct MHD_Daemon;

namespace webcare {

// Stops in the destructor, after the replies under way.
// Threads: started and destroyed by one thread; site() from any.
class FeedServer {
 public:
  // Port 0: a free one. kUnavailable: the port is taken.
  static Result<std::unique_ptr<FeedServer>> Start(FeedDay day, const FeedSiteOptions& options,
                                                   std::uint16_t port);
  ~FeedServer();
  FeedServer(const FeedServer&) = delete;
  FeedServer& operator=(const FeedServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string BaseUrl() const { return "http://127.0.0.1:" + std::to_string(port_); }
  FeedSite& site() { return site_; }
  static FeedSite::Now ReadClocks();

 private:
  FeedServer(FeedDay day, const FeedSiteOptions& options);

  FeedSite site_;
  MHD_Daemon* daemon_ = nullptr;  // Owned; stopped before site_ goes.
  std::uint16_t port_ = 0;
};

}  // namespace webcare

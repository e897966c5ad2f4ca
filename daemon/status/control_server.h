// HTTP/1.1 over a unix socket: how webcarectl talks to the daemon. Who may open the socket (mode
// 0660) may command the daemon; nothing listens on the network.
//
// Limits   16 connections, 5 s without a byte, 4 KiB of request body (ignored), GET and POST only.
// Threads  One of libmicrohttpd's per connection; the handler is called from those.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/base/library_version.h"
#include "daemon/base/result.h"

namespace webcare {

struct ControlReply {
  int status = 200;
  std::string body;  // JSON.
};

// Must be thread-safe. `path` is without the query.
using ControlHandler = std::function<ControlReply(std::string_view method, std::string_view path)>;

class ControlServer {
 public:
  // Listens at `socket_path` (at most 107 bytes); a stale socket file of a dead daemon is replaced.
  // kUnavailable: the path cannot be bound.
  static Result<std::unique_ptr<ControlServer>> Start(const std::string& socket_path,
                                                      ControlHandler handler);
  ~ControlServer();  // Ends the connections and removes the socket file.
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

 private:
  struct Impl;
  explicit ControlServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

LibraryVersion ControlLibrary();

}  // namespace webcare

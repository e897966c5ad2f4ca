// One HTTP request to a server behind a socket on this machine: how webcarectl talks to the daemon.
#pragma once

#include <chrono>
#include <string>

#include "connectors/http/transport.h"
#include "daemon/base/library_version.h"

namespace webcare {

// `method` is "GET" or "POST"; `target` starts with '/'; `body` is sent with POST only. Blocks for
// at most `timeout`. kUnavailable: nobody listens, no right to connect, or the answer broke off.
// Any HTTP status is an answer. The answer's body is at most 64 MiB.
Result<HttpAnswer> UnixSocketRequest(const std::string& socket_path, const std::string& method,
                                     const std::string& target, const std::string& body,
                                     std::chrono::milliseconds timeout);

LibraryVersion HttpLibrary();

}  // namespace webcare

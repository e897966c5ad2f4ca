#include "connectors/http/unix_socket.h"

#include <cassert>

#include "connectors/http/curl_easy.h"

namespace webcare {

Result<HttpAnswer> UnixSocketRequest(const std::string& socket_path, const std::string& method,
                                     const std::string& target, const std::string& body,
                                     std::chrono::milliseconds timeout) {
  assert(method == "GET" || method == "POST");
  assert(!target.empty() && target.front() == '/');
  CurlEasy easy;
  easy.PrepareUnixSocket(socket_path, "http://localhost" + target, MiB(64), timeout);
  if (method == "POST") {
    curl_easy_setopt(easy.raw(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(easy.raw(), CURLOPT_POSTFIELDS, body.c_str());
    // No "Expect: 100-continue", which costs a second with servers that ignore it.
    easy.SetHeaders({{"Content-Type", "application/octet-stream"}, {"Expect", ""}}, "");
  }
  return easy.Finish(curl_easy_perform(easy.raw()), socket_path);
}

}  // namespace webcare

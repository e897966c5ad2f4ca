// One libcurl handle: a request of one hop, with every option that safety asks for
// (operations.md 3.1), and libcurl's codes as our errors. Only curl_transport.cc and unix_socket.cc
// use it.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/http/address_policy.h"
#include "connectors/http/answer_collector.h"
#include "connectors/http/resolver_pool.h"
#include "connectors/http/transport.h"
#include "connectors/http/url.h"

namespace webcare {

// What is the same for every transfer.
struct EasySettings {
  std::string user_agent;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::seconds low_speed_time{30};
  bool (*is_public)(const sockaddr& address) = IsPublicAddress;
};

// Pinned: libcurl keeps pointers into it. Must not be in a multi handle when destroyed.
class CurlEasy {
 public:
  CurlEasy();
  CurlEasy(const CurlEasy&) = delete;
  CurlEasy& operator=(const CurlEasy&) = delete;

  // Options of every request over the network. `addresses` are those `url.host` stands for,
  // checked.
  void PrepareFetch(const EasySettings& settings, const ParsedUrl& url, const FetchLimits& limits,
                    const Addresses& addresses, std::chrono::milliseconds time_left);
  // A request to a server on this machine.
  void PrepareUnixSocket(const std::string& socket_path, const std::string& url, Bytes max_body,
                         std::chrono::milliseconds timeout);
  void SetHeaders(const HeaderList& headers, const std::string& bearer_token);

  CURL* raw() { return handle_.get(); }
  // The answer of a transfer that ended with `code`. `who` names the other side in messages.
  Result<HttpAnswer> Finish(CURLcode code, const std::string& who);
  // Where a redirect leads, absolute; "" where the answer is none.
  std::string RedirectTarget() const;

 private:
  struct HandleFree {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct ListFree {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using List = std::unique_ptr<curl_slist, ListFree>;

  static void Append(List& list, const std::string& line);
  static std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t OnOpenSocket(void* self, curlsocktype purpose, curl_sockaddr* address);

  void Reset(Bytes max_body);
  Error ToError(CURLcode code, const std::string& who) const;

  std::unique_ptr<CURL, HandleFree> handle_;
  List headers_;
  List addresses_;
  Bytes max_body_;
  AnswerCollector collector_;
  char message_[CURL_ERROR_SIZE] = {};
  bool (*is_allowed_)(const sockaddr&) = nullptr;  // Null: every address.
  bool address_refused_ = false;
};

}  // namespace webcare

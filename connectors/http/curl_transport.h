// The real Transport: one curl_multi, names by our own ResolverPool, redirects by hand.
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "connectors/http/curl_easy.h"
#include "connectors/http/resolver_pool.h"
#include "connectors/http/transport.h"
#include "connectors/http/url.h"

namespace webcare {

struct CurlOptions {
  EasySettings easy;  // user_agent: "webcared/1.2 (+https://contact)".
  int max_connections = 32;
  int max_host_connections = 2;
  int resolver_threads = 4;
  std::chrono::milliseconds resolve_timeout{10'000};  // Waiting for a free thread included.
  ResolveFn resolve = SystemResolve;
};

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlOptions options);
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  TransferId Start(FetchRequest request) override;
  void Cancel(TransferId id) override;
  std::vector<Completion> Wait(SteadyTime deadline) override;
  void Wake() override;

 private:
  struct Transfer {
    TransferId id = 0;
    FetchRequest request;  // Headers and token as the current hop may see them.
    ParsedUrl first;
    ParsedUrl url;  // Of the current hop.
    int redirects = 0;
    bool only_permanent = true;
    SteadyTime started;
    SteadyTime lookup_ends;          // While waiting for a name.
    std::unique_ptr<CurlEasy> easy;  // Null while waiting for a name.
  };
  struct MultiFree {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  void StartHop(Transfer& transfer);
  bool IsPublic(const std::string& literal) const;
  void Connect(Transfer& transfer, const Addresses& addresses);
  void TakeNames();
  void ExpireLookups(SteadyTime now);
  void TakeFinished();
  void FinishHop(Transfer& transfer, CURLcode code);
  Status Redirect(Transfer& transfer, const std::string& target, int status);
  // Ends the transfer: `transfer` is gone afterwards.
  void Complete(Transfer& transfer, Result<HttpAnswer> answer);
  void Release(Transfer& transfer);
  bool IsAwaited(const std::string& host) const;
  SteadyTime NextLookupEnd(SteadyTime deadline) const;

  const CurlOptions options_;
  std::unique_ptr<CURLM, MultiFree> multi_;
  ResolverPool resolver_;  // Below multi_: its threads wake it.
  std::map<TransferId, std::unique_ptr<Transfer>> transfers_;
  std::vector<std::unique_ptr<CurlEasy>> idle_;  // Handles for the next transfers.
  std::vector<Completion> done_;
  TransferId last_id_ = 0;
  std::atomic<bool> woken_{false};
};

}  // namespace webcare

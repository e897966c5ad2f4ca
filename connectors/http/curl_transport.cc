#include "connectors/http/curl_transport.h"

#include <algorithm>
#include <new>
#include <utility>

#include "connectors/http/address_policy.h"

namespace webcare {
namespace {

using std::chrono::milliseconds;

SteadyTime Now() { return std::chrono::steady_clock::now(); }

milliseconds Since(SteadyTime then) {
  return std::chrono::duration_cast<milliseconds>(Now() - then);
}

// A line break in a value would be a header of somebody else's making.
bool HasLineBreak(const FetchRequest& request) {
  const auto has = [](const std::string& text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
  };
  return has(request.bearer_token) ||
         std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const auto& header) { return has(header.first) || has(header.second); });
}

}  // namespace

CurlTransport::CurlTransport(CurlOptions options)
    : options_(std::move(options)),
      multi_(curl_multi_init()),
      resolver_(options_.resolver_threads, options_.resolve,
                [this] { curl_multi_wakeup(multi_.get()); }) {
  if (!multi_) throw std::bad_alloc();
  CURLM* multi = multi_.get();
  curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
                    static_cast<long>(options_.max_connections));
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(options_.max_host_connections));
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.max_connections));
}

CurlTransport::~CurlTransport() {
  for (auto& entry : transfers_) Release(*entry.second);
}

TransferId CurlTransport::Start(FetchRequest request) {
  auto owned = std::make_unique<Transfer>();
  Transfer& transfer = *owned;
  transfer.id = ++last_id_;
  transfer.started = Now();
  transfer.request = std::move(request);
  const TransferId id = transfer.id;
  transfers_.emplace(id, std::move(owned));
  auto url = ParseUrl(transfer.request.url, transfer.request.limits.allow_http);
  if (url.ok() && HasLineBreak(transfer.request))
    url = Error{ErrorCode::kInvalid, "header with a line break"};
  if (!url.ok()) {
    Complete(transfer, url.error());
    return id;
  }
  transfer.first = transfer.url = *std::move(url);
  StartHop(transfer);
  return id;
}

void CurlTransport::StartHop(Transfer& transfer) {
  if (ParseAddress(transfer.url.host)) return Connect(transfer, {transfer.url.host});
  const Addresses addresses = resolver_.Ask(transfer.url.host, Now());
  if (!addresses.empty()) return Connect(transfer, addresses);
  transfer.lookup_ends = Now() + options_.resolve_timeout;
}

bool CurlTransport::IsPublic(const std::string& literal) const {
  const auto address = ParseAddress(literal);
  return address && options_.easy.is_public(reinterpret_cast<const sockaddr&>(*address));
}

void CurlTransport::Connect(Transfer& transfer, const Addresses& addresses) {
  const FetchLimits& limits = transfer.request.limits;
  Addresses allowed;
  std::copy_if(addresses.begin(), addresses.end(), std::back_inserter(allowed),
               [&](const std::string& ip) { return limits.allow_private || IsPublic(ip); });
  if (allowed.empty()) {
    return Complete(transfer,
                    Error{ErrorCode::kInvalid, transfer.url.host + ": address is not public"});
  }
  const milliseconds left = limits.timeout - Since(transfer.started);
  if (left <= milliseconds(0))
    return Complete(transfer, Error{ErrorCode::kUnavailable, transfer.url.host + ": timed out"});
  if (idle_.empty()) idle_.push_back(std::make_unique<CurlEasy>());
  transfer.easy = std::move(idle_.back());
  idle_.pop_back();
  if (ParseAddress(transfer.url.host)) allowed.clear();  // The URL says it itself.
  transfer.easy->PrepareFetch(options_.easy, transfer.url, limits, allowed, left);
  transfer.easy->SetHeaders(transfer.request.headers, transfer.request.bearer_token);
  curl_easy_setopt(transfer.easy->raw(), CURLOPT_PRIVATE, &transfer);
  curl_multi_add_handle(multi_.get(), transfer.easy->raw());
}

void CurlTransport::Cancel(TransferId id) {
  const auto found = transfers_.find(id);
  if (found == transfers_.end()) return;
  const std::string host = found->second->url.host;
  Release(*found->second);
  transfers_.erase(found);
  if (!IsAwaited(host)) resolver_.Cancel(host);
}

std::vector<Completion> CurlTransport::Wait(SteadyTime deadline) {
  while (true) {
    TakeNames();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    TakeFinished();
    const SteadyTime now = Now();
    ExpireLookups(now);
    if (!done_.empty() || woken_.exchange(false) || now >= deadline) break;
    const auto wait = std::chrono::ceil<milliseconds>(NextLookupEnd(deadline) - now);
    const auto bounded = std::clamp<milliseconds>(wait, milliseconds(0), std::chrono::minutes(10));
    curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(bounded.count()), nullptr);
  }
  return std::exchange(done_, {});
}

void CurlTransport::Wake() {
  woken_ = true;
  curl_multi_wakeup(multi_.get());
}

void CurlTransport::TakeNames() {
  for (auto& answer : resolver_.Take(Now())) {
    std::vector<Transfer*> waiting;
    for (auto& entry : transfers_)
      if (!entry.second->easy && entry.second->url.host == answer.host)
        waiting.push_back(entry.second.get());
    for (Transfer* transfer : waiting) {
      if (answer.addresses.ok()) {
        Connect(*transfer, *answer.addresses);
      } else {
        const Error& error = answer.addresses.error();
        Complete(*transfer, Error{error.code, answer.host + ": " + error.message});
      }
    }
  }
}

void CurlTransport::ExpireLookups(SteadyTime now) {
  std::vector<Transfer*> late;
  for (auto& entry : transfers_)
    if (!entry.second->easy && entry.second->lookup_ends <= now) late.push_back(entry.second.get());
  for (Transfer* transfer : late) {
    const std::string host = transfer->url.host;
    Complete(*transfer, Error{ErrorCode::kUnavailable, host + ": name server does not answer"});
    if (!IsAwaited(host)) resolver_.Cancel(host);
  }
}

bool CurlTransport::IsAwaited(const std::string& host) const {
  return std::any_of(transfers_.begin(), transfers_.end(), [&](const auto& entry) {
    return !entry.second->easy && entry.second->url.host == host;
  });
}

SteadyTime CurlTransport::NextLookupEnd(SteadyTime deadline) const {
  for (const auto& entry : transfers_)
    if (!entry.second->easy) deadline = std::min(deadline, entry.second->lookup_ends);
  return deadline;
}

void CurlTransport::TakeFinished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // The message dies with remove_handle.
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    FinishHop(*transfer, code);
  }
}

void CurlTransport::FinishHop(Transfer& transfer, CURLcode code) {
  auto answer = transfer.easy->Finish(code, transfer.url.host);
  const std::string target = answer.ok() ? transfer.easy->RedirectTarget() : "";
  Release(transfer);
  if (!answer.ok() || target.empty()) {
    if (answer.ok()) {
      answer->final_url = transfer.url.text;
      answer->moved_permanently = transfer.redirects > 0 && transfer.only_permanent;
      answer->duration = Since(transfer.started);
    }
    return Complete(transfer, std::move(answer));
  }
  const Status followed = Redirect(transfer, target, answer->status);
  if (!followed.ok()) return Complete(transfer, followed.error());
  StartHop(transfer);
}

Status CurlTransport::Redirect(Transfer& transfer, const std::string& target, int status) {
  const std::string& from = transfer.url.host;
  if (++transfer.redirects > kMaxRedirects)
    return Error{ErrorCode::kInvalid, from + ": more than 5 redirects"};
  auto url = ParseUrl(target, transfer.request.limits.allow_http);
  if (!url.ok())
    return Error{url.error().code, from + ": redirect refused: " + url.error().message};
  transfer.only_permanent = transfer.only_permanent && (status == 301 || status == 308);
  transfer.url = *std::move(url);
  if (!transfer.url.SameOrigin(transfer.first)) {
    transfer.request.bearer_token.clear();
    transfer.request.headers = CrossOriginHeaders(transfer.request.headers);
  }
  return OkStatus();
}

void CurlTransport::Complete(Transfer& transfer, Result<HttpAnswer> answer) {
  const TransferId id = transfer.id;
  done_.push_back({id, std::move(answer)});
  transfers_.erase(id);
}

void CurlTransport::Release(Transfer& transfer) {
  if (!transfer.easy) return;
  curl_multi_remove_handle(multi_.get(), transfer.easy->raw());
  idle_.push_back(std::move(transfer.easy));
}

}  // namespace webcare

#include "connectors/http/curl_easy.h"

#include <sys/socket.h>

#include <cstdlib>
#include <new>
#include <utility>

#include "connectors/http/unix_socket.h"
#include "connectors/http/unpack.h"

namespace webcare {
namespace {

// An option that this libcurl does not know is our mistake, or a build without a feature we rely
// on: never go on with a weaker request.
template <typename T>
void Set(CURL* handle, CURLoption option, T value) {
  const CURLcode code = curl_easy_setopt(handle, option, value);
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code != CURLE_OK) std::abort();
}

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

CurlEasy::CurlEasy() {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (global == CURLE_OK) handle_.reset(curl_easy_init());
  if (!handle_) throw std::bad_alloc();
}

void CurlEasy::Reset(Bytes max_body) {
  CURL* handle = raw();
  curl_easy_reset(handle);
  headers_.reset();
  addresses_.reset();
  max_body_ = max_body;
  collector_.Reset(max_body);
  message_[0] = '\0';
  address_refused_ = false;
  Set(handle, CURLOPT_ERRORBUFFER, message_);
  Set(handle, CURLOPT_NOSIGNAL, 1L);
  Set(handle, CURLOPT_HEADERFUNCTION, &CurlEasy::OnHeader);
  Set(handle, CURLOPT_HEADERDATA, this);
  Set(handle, CURLOPT_WRITEFUNCTION, &CurlEasy::OnBody);
  Set(handle, CURLOPT_WRITEDATA, this);
  Set(handle, CURLOPT_PROXY, "");  // Not even from the environment: it would hide the real address.
  Set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
}

void CurlEasy::PrepareFetch(const EasySettings& settings, const ParsedUrl& url,
                            const FetchLimits& limits, const Addresses& addresses,
                            std::chrono::milliseconds time_left) {
  Reset(limits.max_body);
  CURL* handle = raw();
  const char* protocols = limits.allow_http ? "http,https" : "https";
  Set(handle, CURLOPT_URL, url.text.c_str());
  Set(handle, CURLOPT_PROTOCOLS_STR, protocols);
  Set(handle, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
  Set(handle, CURLOPT_FOLLOWLOCATION, 0L);  // By hand: every hop is checked, resolved and stripped.
  Set(handle, CURLOPT_USERAGENT, settings.user_agent.c_str());
  Set(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
  Set(handle, CURLOPT_HTTP_CONTENT_DECODING, 0L);  // Finish() does it, faster.
  Set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  Set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  Set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!limits.ca_file.empty()) Set(handle, CURLOPT_CAINFO, limits.ca_file.c_str());
  Set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
  Set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(time_left.count()));
  if (!limits.may_be_silent) {
    Set(handle, CURLOPT_LOW_SPEED_LIMIT, 100L);
    Set(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings.low_speed_time.count()));
  }
  Set(handle, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits.max_body.count));
  Set(handle, CURLOPT_MAXLIFETIME_CONN, 3600L);
  is_allowed_ = limits.allow_private ? nullptr : settings.is_public;
  Set(handle, CURLOPT_OPENSOCKETFUNCTION, &CurlEasy::OnOpenSocket);
  Set(handle, CURLOPT_OPENSOCKETDATA, this);

  // Our resolver's answer, so that libcurl starts no lookup of its own. '+' lets the entry age out;
  // it must outlive the transfer.
  std::string entry = "+" + url.host + ":" + std::to_string(url.port) + ":";
  for (const std::string& address : addresses) {
    if (entry.back() != ':') entry += ',';
    const bool v6 = address.find(':') != std::string::npos;
    if (v6) entry += '[';
    entry += address;
    if (v6) entry += ']';
  }
  if (addresses.empty()) return;  // The URL has an address itself.
  Append(addresses_, entry);
  Set(handle, CURLOPT_RESOLVE, addresses_.get());
  Set(handle, CURLOPT_DNS_CACHE_TIMEOUT, static_cast<long>(time_left.count() / 1000 + 60));
}

void CurlEasy::PrepareUnixSocket(const std::string& socket_path, const std::string& url,
                                 Bytes max_body, std::chrono::milliseconds timeout) {
  Reset(max_body);
  Set(raw(), CURLOPT_UNIX_SOCKET_PATH, socket_path.c_str());
  Set(raw(), CURLOPT_URL, url.c_str());
  Set(raw(), CURLOPT_PROTOCOLS_STR, "http");
  Set(raw(), CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
}

void CurlEasy::SetHeaders(const HeaderList& headers, const std::string& bearer_token) {
  headers_.reset();
  for (const auto& [name, value] : headers) Append(headers_, name + ": " + value);
  if (!bearer_token.empty()) Append(headers_, "Authorization: Bearer " + bearer_token);
  Set(raw(), CURLOPT_HTTPHEADER, headers_.get());
}

void CurlEasy::Append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();  // `longer` is the same list, or its first node.
  list.reset(longer);
}

std::size_t CurlEasy::OnHeader(char* data, std::size_t size, std::size_t count, void* self) {
  const std::string_view line(data, size * count);
  return static_cast<CurlEasy*>(self)->collector_.AddHeaderLine(line) ? line.size() : 0;
}

std::size_t CurlEasy::OnBody(char* data, std::size_t size, std::size_t count, void* self) {
  const std::string_view bytes(data, size * count);
  if (bytes.empty() || static_cast<CurlEasy*>(self)->collector_.AddBody(bytes)) return bytes.size();
  return CURL_WRITEFUNC_ERROR;
}

curl_socket_t CurlEasy::OnOpenSocket(void* self, curlsocktype, curl_sockaddr* address) {
  auto* easy = static_cast<CurlEasy*>(self);
  if (easy->is_allowed_ != nullptr && !easy->is_allowed_(address->addr)) {
    easy->address_refused_ = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

Result<HttpAnswer> CurlEasy::Finish(CURLcode code, const std::string& who) {
  if (code != CURLE_OK) return ToError(code, who);
  HttpAnswer answer = std::move(collector_.answer());
  auto body = Unpack(answer.Header("content-encoding"), std::move(answer.body), max_body_);
  if (!body.ok()) return Error{body.error().code, who + ": " + body.error().message};
  answer.body = *std::move(body);
  long status = 0;
  curl_easy_getinfo(raw(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

std::string CurlEasy::RedirectTarget() const {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  const char* target = nullptr;
  curl_easy_getinfo(handle_.get(), CURLINFO_REDIRECT_URL, &target);
  return IsRedirect(static_cast<int>(status)) && target != nullptr ? target : "";
}

Error CurlEasy::ToError(CURLcode code, const std::string& who) const {
  if (!collector_.overrun().empty())
    return {ErrorCode::kInvalid, who + ": " + collector_.overrun()};
  if (address_refused_) return {ErrorCode::kInvalid, who + ": address is not public"};
  switch (code) {
    case CURLE_FILESIZE_EXCEEDED:
      return {ErrorCode::kInvalid, who + ": declared body is too large"};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CACERT_BADFILE:
      return {ErrorCode::kInvalid, who + ": " + curl_easy_strerror(code)};
    case CURLE_PEER_FAILED_VERIFICATION:  // libcurl says why: expired, wrong host, unknown issuer.
      return {ErrorCode::kUnavailable, who + ": " + std::string(message_).substr(0, 200)};
    default:
      return {ErrorCode::kUnavailable, who + ": " + curl_easy_strerror(code)};
  }
}

LibraryVersion HttpLibrary() {
  return {"libcurl", LIBCURL_VERSION, curl_version_info(CURLVERSION_NOW)->version};
}

}  // namespace webcare

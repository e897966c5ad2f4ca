#include "tests/feeds/feed_server.h"

#include <arpa/inet.h>
#include <microhttpd.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <thread>

namespace webcare {
namespace {

constexpr std::size_t kMostRequestBody = std::size_t{1} << 20;

// Collects one request's body; lives from the first to the last call of its handler.
struct Upload {
  std::string body;
};

// A body on its way out.
struct Stream {
  FeedReply reply;
  static ssize_t Read(void* self, std::uint64_t at, char* out, std::size_t most);
  static void Free(void* self) { delete static_cast<Stream*>(self); }
};

// Slow bodies leave in slices of a tenth of a second.
ssize_t Stream::Read(void* self, std::uint64_t at, char* out, std::size_t most) {
  const auto& [reply] = *static_cast<Stream*>(self);
  const std::string& body = *reply.body;
  if (reply.fault == BodyFault::kEndless) {
    std::memset(out, ' ', most);
    if (at == 0 && !body.empty()) out[0] = body[0];
    return static_cast<ssize_t>(most);
  }
  if (reply.fault == BodyFault::kCut && at >= reply.bytes)
    return static_cast<ssize_t>(MHD_CONTENT_READER_END_WITH_ERROR);
  std::size_t size = std::min<std::size_t>(most, body.size() - static_cast<std::size_t>(at));
  if (reply.fault == BodyFault::kCut)
    size = std::min<std::size_t>(size, reply.bytes - static_cast<std::size_t>(at));
  if (reply.fault == BodyFault::kSlow) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    size = std::min(size, std::max<std::size_t>(1, reply.bytes / 10));
  }
  std::memcpy(out, body.data() + at, size);
  return static_cast<ssize_t>(size);
}

MHD_Response* MakeResponse(const FeedReply& reply) {
  auto stream = std::make_unique<Stream>(Stream{reply});
  const std::uint64_t size =
      reply.fault == BodyFault::kEndless ? MHD_SIZE_UNKNOWN : reply.body->size();
  constexpr std::size_t kBlock = std::size_t{32} << 10;
  MHD_Response* response =
      MHD_create_response_from_callback(size, kBlock, &Stream::Read, stream.get(), &Stream::Free);
  if (response == nullptr) return nullptr;
  stream.release();
  for (const auto& [name, value] : reply.headers)
    MHD_add_response_header(response, name.c_str(), value.c_str());
  return response;
}

MHD_Result AddHeader(void* headers, MHD_ValueKind, const char* key, const char* value) {
  std::string name(key);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  static_cast<FeedHeaders*>(headers)->emplace_back(std::move(name), value == nullptr ? "" : value);
  return MHD_YES;
}

MHD_Result AddArgument(void* target, MHD_ValueKind, const char* key, const char* value) {
  auto& text = *static_cast<std::string*>(target);
  text.append(text.find('?') == std::string::npos ? "?" : "&").append(PercentEncode(key));
  if (value != nullptr) text.append("=").append(PercentEncode(value));
  return MHD_YES;
}

MHD_Result Handle(void* site, MHD_Connection* connection, const char* url, const char* method,
                  const char*, const char* data, std::size_t* size, void** state) {
  if (*state == nullptr) {
    *state = new Upload();
    return MHD_YES;
  }
  auto* const upload = static_cast<Upload*>(*state);
  if (*size > 0) {
    if (upload->body.size() + *size > kMostRequestBody) return MHD_NO;
    upload->body.append(data, *size);
    *size = 0;
    return MHD_YES;
  }
  FeedRequest request;
  request.method = method;
  request.target = PercentEncodePath(url);
  request.body = std::move(upload->body);
  MHD_get_connection_values(connection, MHD_HEADER_KIND, &AddHeader, &request.headers);
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, &AddArgument, &request.target);
  const FeedReply reply = static_cast<FeedSite*>(site)->Answer(request, FeedServer::ReadClocks());
  MHD_Response* const response = MakeResponse(reply);
  if (response == nullptr) return MHD_NO;
  const MHD_Result result =
      MHD_queue_response(connection, static_cast<unsigned>(reply.status), response);
  MHD_destroy_response(response);
  return result;
}

void Forget(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
  delete static_cast<Upload*>(*state);
  *state = nullptr;
}

}  // namespace

FeedSite::Now FeedServer::ReadClocks() {
  const auto wall = std::chrono::system_clock::now();
  return {std::chrono::steady_clock::now(),
          std::chrono::time_point_cast<std::chrono::milliseconds>(wall)};
}

FeedServer::FeedServer(FeedDay day, const FeedSiteOptions& options)
    : site_(std::move(day), options, ReadClocks()) {}

FeedServer::~FeedServer() {
  if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
}

Result<std::unique_ptr<FeedServer>> FeedServer::Start(FeedDay day, const FeedSiteOptions& options,
                                                      std::uint16_t port) {
  std::unique_ptr<FeedServer> server(new FeedServer(std::move(day), options));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // A thread each, because a slow body sleeps.
  server->daemon_ = MHD_start_daemon(
      MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL, port, nullptr,
      nullptr, &Handle, &server->site_, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_COMPLETED,
      &Forget, nullptr, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
  if (server->daemon_ == nullptr)
    return Error{ErrorCode::kUnavailable, "cannot listen on port " + std::to_string(port)};
  const MHD_DaemonInfo* const info =
      MHD_get_daemon_info(server->daemon_, MHD_DAEMON_INFO_BIND_PORT);
  server->port_ = info == nullptr ? port : info->port;
  return server;
}

}  // namespace webcare

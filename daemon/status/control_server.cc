#include "daemon/status/control_server.h"

#include <microhttpd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace webcare {
namespace {

constexpr unsigned kMaxConnections = 16;
constexpr unsigned kTimeoutSeconds = 5;

Error SocketError(const std::string& path, std::string_view what) {
  return {ErrorCode::kUnavailable,
          "control socket " + path + ": " + std::string(what) + ": " + std::strerror(errno)};
}

Result<int> Listen(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return Error{ErrorCode::kUnavailable,
                 "control socket " + path + ": the path is over 107 bytes"};
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return SocketError(path, "socket");
  // One daemon per state directory is ensured by the database's lock, so whatever stands here is
  // stale.
  unlink(path.c_str());
  const auto* const raw = reinterpret_cast<const sockaddr*>(&address);
  if (bind(fd, raw, sizeof address) != 0 || chmod(path.c_str(), 0660) != 0 || listen(fd, 16) != 0) {
    Error error = SocketError(path, "bind");
    close(fd);
    return error;
  }
  return fd;
}

}  // namespace

struct ControlServer::Impl {
  std::string path;
  ControlHandler handler;
  MHD_Daemon* daemon = nullptr;

  static MHD_Result Answer(MHD_Connection* connection, const ControlReply& reply) {
    MHD_Response* const response = MHD_create_response_from_buffer(
        reply.body.size(), const_cast<char*>(reply.body.data()), MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    const MHD_Result queued =
        MHD_queue_response(connection, static_cast<unsigned>(reply.status), response);
    MHD_destroy_response(response);
    return queued;
  }

  // Called once for the headers, then for body bytes (dropped), then to answer.
  static MHD_Result OnRequest(void* self, MHD_Connection* connection, const char* url,
                              const char* method, const char*, const char*, size_t* upload_size,
                              void** state) {
    static char begun;
    if (*state == nullptr) {
      *state = &begun;
      return MHD_YES;
    }
    if (*upload_size != 0) {
      *upload_size = 0;
      return MHD_YES;
    }
    const std::string_view verb(method);
    if (verb != "GET" && verb != "POST")
      return Answer(connection, {405, R"({"error":"GET and POST only"})"});
    return Answer(connection, static_cast<Impl*>(self)->handler(verb, url));
  }
};

ControlServer::ControlServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<ControlServer>> ControlServer::Start(const std::string& socket_path,
                                                            ControlHandler handler) {
  Result<int> fd = Listen(socket_path);
  if (!fd.ok()) return fd.error();
  auto impl = std::make_unique<Impl>();
  impl->path = socket_path;
  impl->handler = std::move(handler);
  impl->daemon = MHD_start_daemon(
      MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0, nullptr, nullptr,
      &Impl::OnRequest, impl.get(), MHD_OPTION_LISTEN_SOCKET, *fd, MHD_OPTION_CONNECTION_LIMIT,
      kMaxConnections, MHD_OPTION_CONNECTION_TIMEOUT, kTimeoutSeconds, MHD_OPTION_END);
  if (!impl->daemon) {
    close(*fd);
    unlink(socket_path.c_str());
    return Error{ErrorCode::kUnavailable, "control socket " + socket_path + ": cannot start"};
  }
  return std::unique_ptr<ControlServer>(new ControlServer(std::move(impl)));
}

ControlServer::~ControlServer() {
  MHD_stop_daemon(impl_->daemon);
  unlink(impl_->path.c_str());
}

LibraryVersion ControlLibrary() {
  char built[16];
  std::snprintf(built, sizeof built, "%x.%x.%x", MHD_VERSION >> 24, (MHD_VERSION >> 16) & 0xFF,
                (MHD_VERSION >> 8) & 0xFF);
  return {"libmicrohttpd", built, MHD_get_version()};
}

}  // namespace webcare

#include "tests/http/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace webcare {

std::string RawServer::Peer::ReadRequest() {
  std::string request;
  char byte = 0;
  while (request.size() < 65536 && recv(fd_, &byte, 1, 0) == 1) {
    request += byte;
    if (request.size() >= 4 && request.compare(request.size() - 4, 4, "\r\n\r\n") == 0)
      return request;
  }
  return "";
}

bool RawServer::Peer::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

RawServer::RawServer(Handler handler, bool keep_alive)
    : handler_(std::move(handler)), keep_alive_(keep_alive) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, raw, size) != 0 || listen(listener_, 64) != 0 ||
      getsockname(listener_, raw, &size) != 0)
    std::abort();
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { AcceptAll(); });
}

RawServer::RawServer(Handler handler, const std::string& unix_path)
    : handler_(std::move(handler)), keep_alive_(false) {
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  unix_path.copy(address.sun_path, sizeof address.sun_path - 1);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, 64) != 0)
    std::abort();
  acceptor_ = std::thread([this] { AcceptAll(); });
}

RawServer::~RawServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::scoped_lock lock(mutex_);
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  for (auto& peer : peers_) peer.join();
  close(listener_);
}

void RawServer::AcceptAll() {
  while (!stopping_) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    ++connections_;
    const std::scoped_lock lock(mutex_);
    open_.push_back(fd);
    peers_.emplace_back([this, fd] { Serve(fd); });
  }
}

void RawServer::Serve(int fd) {
  Peer peer(fd);
  do {
    const std::string request = peer.ReadRequest();
    if (request.empty()) break;
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(request);
    }
    handler_(peer, request);
  } while (keep_alive_ && !stopping_);
  const std::scoped_lock lock(mutex_);
  open_.erase(std::find(open_.begin(), open_.end(), fd));
  close(fd);
}

std::string RawServer::Url(const std::string& path, const std::string& host) const {
  return "http://" + host + ":" + std::to_string(port_) + path;
}

std::vector<std::string> RawServer::Requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

std::string Plain(const std::string& body, const std::string& more_headers) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         more_headers + "\r\n" + body;
}

std::string Redirection(int status, const std::string& location) {
  return "HTTP/1.1 " + std::to_string(status) + " Elsewhere\r\nLocation: " + location +
         "\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace webcare

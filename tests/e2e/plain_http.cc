#include "tests/e2e/plain_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>

namespace webcare {
namespace {

std::string Exchange(int socket, const sockaddr* address, socklen_t size,
                     const std::string& request) {
  std::string answer;
  if (socket >= 0 && connect(socket, address, size) == 0 &&
      write(socket, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
    std::array<char, 4096> part{};
    for (ssize_t n = 0; (n = read(socket, part.data(), part.size())) > 0;)
      answer.append(part.data(), static_cast<std::size_t>(n));
  }
  if (socket >= 0) close(socket);
  const std::size_t head = answer.find("\r\n\r\n");
  const bool good = answer.starts_with("HTTP/1.1 200") && head != std::string::npos;
  return good ? answer.substr(head + 4) : "";
}

std::string Request(const std::string& method, const std::string& path, const std::string& body) {
  return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

std::string HttpOverTcp(int port, const std::string& method, const std::string& path,
                        const std::string& body) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return Exchange(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
                  reinterpret_cast<const sockaddr*>(&address), sizeof(address),
                  Request(method, path, body));
}

std::string HttpOverUnix(const std::string& socket_path, const std::string& method,
                         const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof(address.sun_path)) return "";
  socket_path.copy(address.sun_path, socket_path.size());
  return Exchange(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
                  reinterpret_cast<const sockaddr*>(&address), sizeof(address),
                  Request(method, path, ""));
}

}  // namespace webcare

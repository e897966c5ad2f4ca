// A tiny server for one test: each connection is handled by a function on raw sockets, so that it can lie,
// drip, break off and flood. Listens on 127.0.0.1.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace webcare {

class RawServer {
 public:
  // One connection, in its own thread.
  class Peer {
   public:
    explicit Peer(int fd) : fd_(fd) {}
    // Up to the blank line; "" when the client is gone.
    std::string ReadRequest();
    // False once the client has hung up.
    bool Send(std::string_view bytes);

   private:
    int fd_;
  };
  using Handler = std::function<void(Peer&, const std::string& request)>;

  // `handler` is called for each request of a connection; the connection ends when `keep` says so.
  explicit RawServer(Handler handler, bool keep_alive = false);
  // Listens on a Unix socket instead.
  RawServer(Handler handler, const std::string& unix_path);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return port_; }
  // "http://<host>:<port><path>".
  std::string Url(const std::string& path = "/", const std::string& host = "127.0.0.1") const;
  std::vector<std::string> Requests() const;
  int Connections() const { return connections_; }

 private:
  void AcceptAll();
  void Serve(int fd);

  const Handler handler_;
  const bool keep_alive_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;  // Guards what follows.
  std::vector<std::string> requests_;
  std::vector<int> open_;
  std::vector<std::thread> peers_;
  std::thread acceptor_;
};

// "HTTP/1.1 200 OK" with Content-Length.
std::string Plain(const std::string& body, const std::string& more_headers = "");
std::string Redirection(int status, const std::string& location);

}  // namespace webcare

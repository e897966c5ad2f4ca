#include "daemon/status/control_server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace webcare {
namespace {

class ControlServerTest : public testing::Test {
 protected:
  ControlServerTest() : path_(testing::TempDir() + "control-" + std::to_string(getpid())) {}

  std::unique_ptr<ControlServer> Start() {
    auto server = ControlServer::Start(path_, [](std::string_view method, std::string_view path) {
      return ControlReply{200, std::string(method) + " " + std::string(path)};
    });
    EXPECT_TRUE(server.ok());
    return std::move(server).value();
  }

  // Sends raw bytes and reads until the server closes or has said enough.
  std::string Ask(const std::string& bytes) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close(fd);
      return "no connection";
    }
    (void)send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    std::string answer;
    char buffer[4096];
    for (ssize_t n = 0; (n = read(fd, buffer, sizeof buffer)) > 0;)
      answer.append(buffer, static_cast<std::size_t>(n));
    close(fd);
    return answer;
  }

  std::string path_;
};

TEST_F(ControlServerTest, AnswersOverTheSocketWithoutTheQuery) {
  const auto server = Start();
  const std::string answer =
      Ask("GET /status?x=1 HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("200 OK"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("GET /status")) << answer;
}

TEST_F(ControlServerTest, OtherMethodsAndGarbageAreRefused) {
  const auto server = Start();
  EXPECT_NE(Ask("DELETE / HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n").find("405"),
            std::string::npos);
  EXPECT_EQ(Ask("\x16\x03\x01garbage\r\n\r\n").find("200 OK"), std::string::npos);
}

TEST_F(ControlServerTest, ABodyIsReadAndDropped) {
  const auto server = Start();
  const std::string answer =
      Ask("POST /reload HTTP/1.1\r\nHost: d\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
  EXPECT_TRUE(answer.ends_with("POST /reload")) << answer;
}

TEST_F(ControlServerTest, OnlyOwnerAndGroupMayCommand) {
  const auto server = Start();
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0660u);
}

TEST_F(ControlServerTest, AStaleSocketIsReplacedAndOursIsRemoved) {
  std::ofstream(path_) << "left by a dead daemon";
  Start().reset();
  EXPECT_NE(access(path_.c_str(), F_OK), 0);
}

TEST_F(ControlServerTest, APathThatCannotBeBoundIsAnError) {
  const auto handler = [](std::string_view, std::string_view) { return ControlReply{}; };
  EXPECT_FALSE(ControlServer::Start("/nonexistent/x.sock", handler).ok());
  EXPECT_FALSE(ControlServer::Start("/tmp/" + std::string(200, 'x'), handler).ok());
}

}  // namespace
}  // namespace webcare

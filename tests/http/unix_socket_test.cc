#include "connectors/http/unix_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/http/raw_server.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class UnixSocket : public testing::Test {
 protected:
  UnixSocket() {
    char name[] = "/tmp/webcare_test_XXXXXX";
    directory_ = mkdtemp(name);
    path_ = directory_ + "/control.sock";
  }
  ~UnixSocket() override {
    unlink(path_.c_str());
    rmdir(directory_.c_str());
  }

  std::string directory_;
  std::string path_;
};

TEST_F(UnixSocket, GetsAndPosts) {
  RawServer server(
      [](auto& peer, const std::string&) {
        peer.Send("HTTP/1.1 409 Conflict\r\nX-A: b\r\nContent-Length: 2\r\n\r\nno");
      },
      path_);
  const auto answer = UnixSocketRequest(path_, "GET", "/status?x=1", "", 5s);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 409);
  EXPECT_EQ(answer->body, "no");
  EXPECT_EQ(answer->Header("x-a"), "b");
  ASSERT_TRUE(UnixSocketRequest(path_, "POST", "/reload", "wait", 5s).ok());
  EXPECT_THAT(server.Requests()[0], HasSubstr("GET /status?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(server.Requests()[1], HasSubstr("POST /reload HTTP/1.1\r\n"));
  EXPECT_THAT(server.Requests()[1], HasSubstr("Content-Length: 4\r\n"));
}

TEST_F(UnixSocket, NobodyListeningIsUnavailable) {
  const auto answer = UnixSocketRequest(path_, "GET", "/", "", 5s);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("control.sock"));
}

TEST_F(UnixSocket, SilentServerEndsWithTheTimeout) {
  RawServer server([](auto& peer, const std::string&) { peer.ReadRequest(); }, path_);
  const auto answer = UnixSocketRequest(path_, "GET", "/", "", 200ms);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace webcare

#include "daemon/app/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace webcare {
namespace {

// Stands where systemd would: a datagram socket named in $NOTIFY_SOCKET.
class ServiceManagerTest : public testing::Test {
 protected:
  ServiceManagerTest() : path_(testing::TempDir() + "notify-" + std::to_string(getpid())) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    fd_ = socket(AF_UNIX, SOCK_DGRAM, 0);
    unlink(path_.c_str());
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  }
  ~ServiceManagerTest() override {
    close(fd_);
    unlink(path_.c_str());
  }
  std::string Heard() const {
    char buffer[512];
    const ssize_t size = recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT);
    return size < 0 ? "" : std::string(buffer, static_cast<std::size_t>(size));
  }

  std::string path_;
  int fd_;
};

TEST_F(ServiceManagerTest, SpeaksTheProtocolOfSdNotify) {
  ServiceManager manager;
  manager.Ready("5/5 sources ok");
  EXPECT_EQ(Heard(), "READY=1\nSTATUS=5/5 sources ok");
  manager.Watchdog();
  EXPECT_EQ(Heard(), "WATCHDOG=1");
  manager.ExtendTimeout(std::chrono::seconds(6));
  EXPECT_EQ(Heard(), "EXTEND_TIMEOUT_USEC=6000000");
  manager.Stopping();
  EXPECT_EQ(Heard(), "STOPPING=1");
}

// systemd 253 and later hang without the time, and want both in one datagram.
TEST_F(ServiceManagerTest, ReloadingCarriesTheMonotonicTime) {
  ServiceManager manager;
  manager.Reloading();
  const std::string heard = Heard();
  ASSERT_TRUE(heard.starts_with("RELOADING=1\nMONOTONIC_USEC=")) << heard;
  EXPECT_GT(std::atoll(heard.c_str() + std::strlen("RELOADING=1\nMONOTONIC_USEC=")), 0);
}

TEST_F(ServiceManagerTest, AStatusCannotForgeAnotherField) {
  ServiceManager manager;
  manager.Status("a\nMAINPID=1");
  EXPECT_EQ(Heard(), "STATUS=a MAINPID=1");
}

TEST_F(ServiceManagerTest, NoChildInheritsTheSocket) {
  const ServiceManager manager;
  EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr);
}

TEST_F(ServiceManagerTest, TheWatchdogIsFedTwiceAsOftenAsAsked) {
  setenv("WATCHDOG_USEC", "120000000", 1);
  EXPECT_EQ(ServiceManager().watchdog_interval(), std::chrono::seconds(60));
  EXPECT_FALSE(ServiceManager().watchdog_interval());
}

TEST_F(ServiceManagerTest, WithoutAManagerNothingHappens) {
  unsetenv("NOTIFY_SOCKET");
  ServiceManager().Ready("x");
  EXPECT_EQ(Heard(), "");
}

}  // namespace
}  // namespace webcare

// The real programs, without a broker: a daemon whose Kafka is away still starts, polls and answers.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "daemon/app/exit_codes.h"
#include "daemon/base/json.h"
#include "tests/app/config_folder.h"
#include "tests/fakes/process.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;

class DaemonTest : public testing::Test {
 protected:
  DaemonTest() : folder_("daemon") {}

  Process Start(const std::string& log = "/daemon.log") {
    return Process({WEBCARED, "--config", folder_.config()}, folder_.path() + log);
  }
  // The tool's exit code; its output is in `said_`.
  int Ctl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {WEBCARECTL, "--config", folder_.config()});
    const std::string out = folder_.path() + "/ctl.out";
    std::filesystem::remove(out);
    Process tool(arguments, out);
    const int code = tool.Wait().value_or(-1);
    said_ = tool.Output();
    return code;
  }
  bool WaitUntilUp() {
    for (int i = 0; i < 1000; ++i) {
      if (Ctl({"status"}) == kExitOk) return true;
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }

  ConfigFolder folder_;
  std::string said_;
};

TEST_F(DaemonTest, StartsWithoutKafkaTellsItsStatusAndStopsCleanly) {
  auto daemon = Start();
  ASSERT_TRUE(WaitUntilUp()) << daemon.Output();
  ASSERT_EQ(Ctl({"status", "--json"}), kExitOk);
  const auto status = JsonDocument::Parse(said_);
  ASSERT_TRUE(status.ok()) << said_;
  EXPECT_EQ(status->root()["publisher"]["state"].Str(), "connecting");
  EXPECT_EQ(status->root()["sources"].size(), 1u);
  EXPECT_EQ(status->root()["rules"]["count"].Int(), 1);
  EXPECT_EQ(Ctl({"queue", "--json"}), kExitOk);
  daemon.Signal(SIGTERM);
  EXPECT_EQ(daemon.Wait(), kExitOk) << daemon.Output();
}

TEST_F(DaemonTest, ASecondOneOnTheSameStateStepsBack) {
  auto first = Start();
  ASSERT_TRUE(WaitUntilUp()) << first.Output();
  auto second = Start("/second.log");
  EXPECT_EQ(second.Wait(), kExitTemporary) << second.Output();
  // Some file systems (overlayfs) show another file in the list of locks than the one that is there.
  const std::string said = second.Output();
  const std::size_t held = said.find("held by process");
  if (held == std::string::npos) {
    std::puts("the kernel does not tell here whose the lock is");
  } else {
    EXPECT_TRUE(said.substr(held).starts_with("held by process " + std::to_string(first.pid())));
  }
  EXPECT_EQ(Ctl({"status"}), kExitOk) << "the first one's control socket must survive";
}

TEST_F(DaemonTest, AKilledOneLeavesNothingInTheWay) {
  auto first = Start();
  ASSERT_TRUE(WaitUntilUp()) << first.Output();
  first.Signal(SIGKILL);
  EXPECT_EQ(first.Wait(), 128 + SIGKILL);
  auto second = Start();
  EXPECT_TRUE(WaitUntilUp()) << second.Output();
}

TEST_F(DaemonTest, ReloadTakesGoodFilesAndRefusesBadOnes) {
  auto daemon = Start();
  ASSERT_TRUE(WaitUntilUp()) << daemon.Output();
  folder_.Write("rules.d/a.yaml", ConfigFolder::rules("4"));
  EXPECT_EQ(Ctl({"reload", "--wait"}), kExitOk) << said_;
  folder_.Write("rules.d/a.yaml", "version: 1\nrulez: []\n...\n");
  EXPECT_EQ(Ctl({"reload", "--wait"}), kExitConfig);
  EXPECT_NE(said_.find("a.yaml:2:1: unknown key 'rulez'"), std::string::npos) << said_;
  ASSERT_EQ(Ctl({"status", "--json"}), kExitOk);
  EXPECT_EQ(JsonDocument::Parse(said_)->root()["reload"]["ok"].Bool(), false);
}

TEST_F(DaemonTest, ErasesOnlyWhatIsNamedAndAgreed) {
  auto daemon = Start();
  ASSERT_TRUE(WaitUntilUp()) << daemon.Output();
  const std::string unknown(32, '0');
  EXPECT_EQ(Ctl({"erase", "author", unknown, "--yes"}), kExitNoInput);
  EXPECT_NE(said_.find("nothing is kept under that id"), std::string::npos) << said_;
  EXPECT_EQ(Ctl({"erase", "post", unknown, "--yes"}), kExitNoInput) << said_;
  EXPECT_EQ(Ctl({"erase", "post", unknown}), kExitUsage) << "without a yes";
  EXPECT_EQ(Ctl({"erase", "post", "@anna", "--yes"}), kExitUsage) << said_;
  EXPECT_EQ(Ctl({"erase", "everybody", unknown, "--yes"}), kExitUsage) << said_;
}

TEST_F(DaemonTest, MistakesOfTheConfigurationEndTheStartWithTheirPlaces) {
  folder_.Write("sources.d/a.yaml", "version: 1\nsources:\n  - id: x\n...\n");
  auto daemon = Start();
  EXPECT_EQ(daemon.Wait(), kExitConfig);
  EXPECT_NE(daemon.Output().find("a.yaml:3:5: missing key 'type'"), std::string::npos)
      << daemon.Output();
  EXPECT_EQ(Ctl({"check"}), kExitConfig);
  EXPECT_NE(said_.find("a.yaml:3:5: missing key 'type'"), std::string::npos) << said_;
}

TEST_F(DaemonTest, WithoutADaemonTheToolSaysSo) {
  EXPECT_EQ(Ctl({"status"}), kExitUnavailable);
  EXPECT_NE(said_.find("no daemon answers"), std::string::npos) << said_;
  EXPECT_EQ(Ctl({"stauts"}), kExitUsage);
}

TEST_F(DaemonTest, ExplainShowsTheWordsThatMadeTheLabel) {
  ASSERT_EQ(Ctl({"explain", "Mijn modem is kapot"}), kExitOk);
  EXPECT_NE(said_.find("Mijn modem is [kapot]"), std::string::npos) << said_;
  EXPECT_NE(said_.find("nl.broken \"kapot\""), std::string::npos) << said_;
  ASSERT_EQ(Ctl({"--json", "explain", "Alles werkt"}), kExitOk);
  EXPECT_EQ(JsonDocument::Parse(said_)->root()["enters_queue"].Bool(), false);
}

TEST_F(DaemonTest, VersionNamesTheLibrariesThatRun) {
  EXPECT_EQ(Ctl({"--version"}), kExitOk);
  for (const char* library :
       {"RapidJSON", "OpenSSL", "libcurl", "SQLite", "librdkafka", "expat", "ICU", "re2"})
    EXPECT_NE(said_.find(library), std::string::npos) << library << " in " << said_;
}

}  // namespace
}  // namespace webcare

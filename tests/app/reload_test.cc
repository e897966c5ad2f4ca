#include "daemon/app/reload.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/app/config_folder.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const Snapshot> Load(const ConfigFolder& folder) {
  Diagnostics diagnostics;
  auto snapshot = LoadSnapshot(folder.config(), diagnostics);
  EXPECT_TRUE(snapshot) << diagnostics.ToText();
  return snapshot;
}

TEST(Reload, ABadFileChangesNothing) {
  ConfigFolder folder("reload");
  const auto before = Load(folder);
  CurrentSnapshot current(before);
  folder.Write("rules.d/a.yaml", "version: 1\nrulez: []\n...\n");
  const ReloadReport report = ReloadSnapshot(folder.config(), current, WallTime{});
  EXPECT_FALSE(report.ok);
  EXPECT_NE(report.message.find("a.yaml:2:1: unknown key 'rulez'"), std::string::npos)
      << report.message;
  EXPECT_EQ(current.Get(), before);
}

TEST(Reload, AGoodOneSwapsEverythingAtOnce) {
  ConfigFolder folder("reload");
  CurrentSnapshot current(Load(folder));
  const std::string digest = current.Get()->rules->digest();
  folder.Write("rules.d/a.yaml", folder.rules("5"));
  folder.Write("sources.d/a.yaml", folder.sources("other"));
  EXPECT_TRUE(ReloadSnapshot(folder.config(), current, WallTime{}).ok);
  EXPECT_NE(current.Get()->rules->digest(), digest);
  EXPECT_EQ(current.Get()->config.sources.front().id, "other");
}

TEST(Reload, NamesSettingsThatWaitForARestart) {
  ConfigFolder folder("reload");
  CurrentSnapshot current(Load(folder));
  folder.Write("webcared.yaml", folder.settings("127.0.0.1:2") + "queue: {window: 9}\n...\n");
  const ReloadReport report = ReloadSnapshot(folder.config(), current, WallTime{});
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(report.message, "changes of these take effect at the next start: queue, kafka");
}

TEST(ReloadDesk, TheAskerGetsTheReportOfAReloadThatBeganAfterwards) {
  ReloadDesk desk;
  desk.Begin();  // One is under way that may have read the old files.
  std::optional<ReloadReport> report;
  std::atomic<bool> asked = false;
  std::thread asker([&] { report = desk.Ask([&] { asked = true; }, 10s); });
  while (!asked) std::this_thread::yield();
  desk.Done({true, WallTime{}, "old"});
  EXPECT_TRUE(desk.Asked());
  desk.Begin();
  desk.Done({true, WallTime{}, "new"});
  asker.join();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->message, "new");
  EXPECT_FALSE(desk.Asked());
}

TEST(ReloadDesk, PatienceEnds) {
  ReloadDesk desk;
  EXPECT_FALSE(desk.Ask([] {}, 1ms));
}

}  // namespace
}  // namespace webcare

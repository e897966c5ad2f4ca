#include "daemon/base/log.h"

#include <gtest/gtest.h>

#include "daemon/base/json.h"

namespace webcare {
namespace {

std::string Logged(LogFormat format, std::string_view value) {
  testing::internal::CaptureStderr();
  Log(LogLevel::kInfo, format).Warn("poll_failed", {{"reason", value}, {"tries", 3}});
  return testing::internal::GetCapturedStderr();
}

TEST(Log, AValueCannotForgeALine) {
  const std::string line = Logged(LogFormat::kText, "x\n<0>poll_ok a=b");
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_NE(line.find(R"(reason="x\n<0>poll_ok a=b" tries=3)"), std::string::npos) << line;
}

TEST(Log, JsonLinesParse) {
  const auto document = JsonDocument::Parse(Logged(LogFormat::kJson, "a \"b\" \xFF"));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->root()["event"].Str(), "poll_failed");
  EXPECT_EQ(document->root()["level"].Str(), "warning");
}

TEST(Log, LongValuesAreCut) {
  EXPECT_LT(Logged(LogFormat::kText, std::string(5000, 'x')).size(), 500u);
}

TEST(Log, BelowTheLeastLevelNothingIsWritten) {
  testing::internal::CaptureStderr();
  Log(LogLevel::kWarn, LogFormat::kText).Info("started");
  Log().Error("started");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace webcare

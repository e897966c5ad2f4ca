// The values that deploy/examples shows as defaults are the defaults: a key taken out of its comment changes
// nothing. Lines marked "no default" stay comments.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <tuple>

#include "daemon/config/config.h"

namespace webcare {
namespace {

namespace fs = std::filesystem;
constexpr char kExamples[] = WEBCARE_SOURCE_DIR "/deploy/examples";

// The text with its "#key: value" lines alive, but for those without a default and what stands below
// them.
std::string WithDefaults(const fs::path& file) {
  static const std::regex kKey("#( *)(- )?[a-z_]+:.*");
  std::ifstream in(file);
  std::string text, line;
  std::size_t left_out = std::string::npos;  // Deeper lines belong to a key left out.
  while (std::getline(in, line)) {
    std::smatch match;
    const bool dead = std::regex_match(line, match, kKey) && match[1].length() % 2 == 0;
    const std::size_t depth = dead ? static_cast<std::size_t>(match[1].length()) : 0;
    if (dead && depth <= left_out) left_out = std::string::npos;
    if (dead && left_out == std::string::npos) {
      if (line.ends_with("# no default"))
        left_out = depth;
      else
        line.erase(0, 1);
    }
    text += line + "\n";
  }
  return text;
}

std::optional<Config> Load(bool with_defaults) {
  const fs::path folder = testing::TempDir() + "defaults-" + std::to_string(getpid());
  fs::remove_all(folder);
  fs::copy(kExamples, folder, fs::copy_options::recursive);
  fs::create_directory(folder / "credentials");
  std::ofstream(folder / "credentials" / "mastodon.token") << "not-a-real-token\n";
  if (with_defaults)
    for (const auto& entry : fs::recursive_directory_iterator(kExamples))
      if (entry.path().extension() == ".yaml")
        std::ofstream(folder / fs::relative(entry.path(), kExamples)) << WithDefaults(entry.path());
  Diagnostics diagnostics;
  auto config = LoadConfig(
      folder / "webcared.yaml", [](const std::string&, const std::string&) { return std::nullopt; },
      diagnostics);
  EXPECT_TRUE(config) << diagnostics.ToText();
  fs::remove_all(folder);
  return config;
}

auto Files(const Settings& s) {
  return std::tie(s.state_directory, s.sources_directory, s.rules_directory, s.secrets_directory,
                  s.control_socket);
}
auto Numbers(const Settings& s) {
  return std::tie(s.seen_retention, s.case_retention, s.max_connections, s.queue.window,
                  s.queue.agents_group, s.batch.max_rows, s.batch.linger, s.log_level, s.log_format,
                  s.time_zone);
}
auto Kafka(const Settings& s) {
  return std::tie(s.kafka.bootstrap, s.kafka.delivery, s.kafka.name, s.kafka.topic_prefix,
                  s.kafka.replication, s.kafka.properties);
}
auto Common(const Source& s) {
  return std::tie(s.id, s.type, s.every, s.least_interval, s.most_interval, s.politeness_group,
                  s.group_gap, s.allow_http, s.allow_private, s.ca_file, s.max_pages, s.weight,
                  s.timeout);
}

TEST(ExampleDefaults, SettingsShownAsDefaultsAreTheDefaults) {
  const auto config = Load(false), shown = Load(true);
  ASSERT_TRUE(config && shown);
  const Settings &a = config->settings, &b = shown->settings;
  EXPECT_EQ(Files(a), Files(b));
  EXPECT_EQ(Numbers(a), Numbers(b));
  EXPECT_EQ(Kafka(a), Kafka(b));
  EXPECT_EQ(a.max_state.count, b.max_state.count);
  EXPECT_EQ(a.batch.max_bytes.count, b.batch.max_bytes.count);
  for (std::size_t day = 0; day < a.office_hours.size(); ++day)
    EXPECT_EQ(a.office_hours[day].close, b.office_hours[day].close);
}

TEST(ExampleDefaults, SourceKeysShownAsDefaultsAreTheDefaults) {
  const auto config = Load(false), shown = Load(true);
  ASSERT_TRUE(config && shown);
  ASSERT_EQ(config->sources.size(), shown->sources.size());
  for (std::size_t i = 0; i < config->sources.size(); ++i) {
    const Source &a = config->sources[i], &b = shown->sources[i];
    EXPECT_EQ(Common(a), Common(b)) << a.id;
    EXPECT_EQ(a.max_body.count, b.max_body.count);
    EXPECT_EQ(a.connector->BuildRequest("", WallTime{}).url,
              b.connector->BuildRequest("", WallTime{}).url);
  }
}

}  // namespace
}  // namespace webcare

#include "daemon/config/config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "daemon/config/secrets.h"

namespace webcare {
namespace {

constexpr char kSettings[] = R"(version: 1
brand:
  names: [Lumio]
  accounts:
    - handle: "@care@lumio.example"
  contact: https://lumio.example/webcare
  office_hours: {monday: "08:00-18:30", sunday: closed}
state: {directory: state}
kafka:
  bootstrap: 127.0.0.1:9092
  properties: {socket.keepalive.enable: "true"}
queue: {window: 12}
...
)";
constexpr char kSources[] = R"(version: 1
sources:
  - id: forum
    type: syndication
    url: https://forum.example/feed.atom
    every: 10min
    weight: 3
  - id: old
    type: syndication
    url: https://old.example/feed.rss
    enabled: false
...
)";

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() : folder_(testing::TempDir() + "config-" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_ + "/sources.d");
    Write("webcared.yaml", kSettings);
    Write("sources.d/10-forum.yaml", kSources);
  }
  ~ConfigTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
  }
  std::optional<Config> Load() {
    diagnostics_ = {};
    return LoadConfig(
        folder_ + "/webcared.yaml",
        [](const std::string&, const std::string&) { return std::nullopt; }, diagnostics_);
  }

  std::string folder_;
  Diagnostics diagnostics_;
};

TEST_F(ConfigTest, AWholeConfigurationLoads) {
  const auto config = Load();
  ASSERT_TRUE(config) << diagnostics_.ToText();
  EXPECT_EQ(config->settings.queue.window, 12);
  EXPECT_EQ(config->settings.state_directory, folder_ + "/state");
  EXPECT_EQ(config->settings.kafka.properties.at("socket.keepalive.enable"), "true");
  EXPECT_EQ(config->settings.office_hours[0].close, 18 * 60 + 30);
  ASSERT_EQ(config->sources.size(), 1u);
  EXPECT_EQ(config->sources[0].weight, 3);
  EXPECT_EQ(config->sources[0].every, std::chrono::minutes(10));
}

TEST_F(ConfigTest, AFileIsLookedForBesideTheFileThatNamesIt) {
  Write("sources.d/roots.pem", "");
  Write("sources.d/20-shop.yaml",
        "version: 1\nsources:\n  - {id: shop, type: syndication, url: https://shop.example/feed,\n"
        "     ca_file: roots.pem}\n...\n");
  const auto config = Load();
  ASSERT_TRUE(config) << diagnostics_.ToText();
  ASSERT_EQ(config->sources.size(), 2u);
  EXPECT_EQ(config->sources[1].ca_file, folder_ + "/sources.d/roots.pem");
}

TEST_F(ConfigTest, MistakesOfAllFilesComeInOnePass) {
  Write("webcared.yaml", "version: 1\n...\n");
  Write("sources.d/20-b.yaml", "version: 1\nsources: x\n...\n");
  EXPECT_FALSE(Load());
  EXPECT_EQ(diagnostics_.Sorted().size(), 3u) << diagnostics_.ToText();
}

TEST_F(ConfigTest, AnIdOfAnotherFileCountsAsTwice) {
  Write("sources.d/20-b.yaml", kSources);
  EXPECT_FALSE(Load());
  EXPECT_NE(diagnostics_.ToText().find("20-b.yaml:3:9: source 'forum' is configured twice"),
            std::string::npos)
      << diagnostics_.ToText();
}

TEST_F(ConfigTest, AnAccountAtAnUnknownSourceIsAMistake) {
  std::string settings = kSettings;
  settings.replace(settings.find("    - handle"), 0, "    - {source: fourm, handle: lumio}\n");
  Write("webcared.yaml", settings);
  EXPECT_FALSE(Load());
  EXPECT_NE(diagnostics_.ToText().find(
                "webcared.yaml:5:16: no source 'fourm' is configured (did you mean 'forum'?)"),
            std::string::npos)
      << diagnostics_.ToText();
}

TEST_F(ConfigTest, AKafkaPasswordComesFromASecret) {
  std::string settings = kSettings;
  settings.replace(settings.find("\"true\"}"), 7, "\"true\", sasl.password: {secret: kafka}}");
  Write("webcared.yaml", settings);
  const auto config = Load();
  ASSERT_TRUE(config) << diagnostics_.ToText();
  EXPECT_EQ(config->settings.kafka.properties.count("sasl.password"), 0u);
  Write("kafka", "hunter2\n");
  const auto kafka = WithSecrets(config->settings.kafka, SecretFiles(folder_));
  ASSERT_TRUE(kafka.ok());
  EXPECT_EQ(kafka->properties.at("sasl.password"), "hunter2");
  EXPECT_FALSE(WithSecrets(config->settings.kafka, SecretFiles("")).ok());
}

TEST_F(ConfigTest, EditorsLeftoversAreNotRead) {
  Write("sources.d/.10-forum.yaml.swp", "garbage");
  Write("sources.d/10-forum.yaml~", "garbage");
  Write("sources.d/10-forum.yaml.dpkg-old", "garbage");
  Write("sources.d/.hidden.yaml", "garbage");
  EXPECT_TRUE(Load()) << diagnostics_.ToText();
}

TEST_F(ConfigTest, NoSourceIsAMistake) {
  std::filesystem::remove(folder_ + "/sources.d/10-forum.yaml");
  EXPECT_FALSE(Load());
  EXPECT_NE(diagnostics_.ToText().find("nothing to poll"), std::string::npos);
}

TEST_F(ConfigTest, SystemdCredentialsOutrankTheFolder) {
  setenv("CREDENTIALS_DIRECTORY", "/run/credentials/webcared.service", 1);
  const auto config = Load();
  unsetenv("CREDENTIALS_DIRECTORY");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->settings.secrets_directory, "/run/credentials/webcared.service");
}

}  // namespace
}  // namespace webcare

#include "connectors/sites/mastodon/mastodon_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/sites/mastodon/mastodon_connector.h"

namespace webcare {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OneSecret : public SecretSource {
 public:
  Result<std::string> Read(std::string_view name) const override {
    if (name == "masto") return std::string("geheim");
    return Error{ErrorCode::kInvalid, "no such file"};
  }
};

struct Loaded {
  std::optional<MastodonConfig> config;
  std::string errors;
};

Loaded Load(const std::string& text) {
  Diagnostics diagnostics;
  const YamlNode node = ParseYaml("s.yaml", text + "...\n", diagnostics);
  Loaded loaded{ReadMastodonConfig(node, OneSecret()), ""};
  node.Done();
  loaded.errors = diagnostics.ToText();
  return loaded;
}

TEST(MastodonConfig, ReadsEveryKey) {
  const Loaded loaded = Load(
      "instance: https://plein.example/\nmode: hashtag\nhashtag: '#postduif'\nany: [a, b]\n"
      "all: c\nnone: [d]\nlocal: true\nonly_media: true\ntoken: masto\nlimit: 30\nrecheck: 24h\n");
  ASSERT_TRUE(loaded.config) << loaded.errors;
  EXPECT_EQ(loaded.errors, "");
  EXPECT_EQ(loaded.config->instance, "https://plein.example");
  EXPECT_EQ(loaded.config->hashtag, "postduif");
  EXPECT_THAT(loaded.config->any, ElementsAre("a", "b"));
  EXPECT_THAT(loaded.config->all, ElementsAre("c"));
  EXPECT_THAT(loaded.config->none, ElementsAre("d"));
  EXPECT_TRUE(loaded.config->local && loaded.config->only_media);
  EXPECT_EQ(loaded.config->token, "geheim");
  EXPECT_EQ(loaded.config->limit, 30);
  EXPECT_EQ(loaded.config->recheck, std::chrono::hours(24));
}

TEST(MastodonConfig, PathAndPlainHttpParse) {
  const Loaded loaded = Load("instance: http://127.0.0.1:8080/m/plein.example\nmode: public\n");
  ASSERT_TRUE(loaded.config) << loaded.errors;
  EXPECT_EQ(loaded.config->instance, "http://127.0.0.1:8080/m/plein.example");
  EXPECT_EQ(loaded.config->recheck, std::chrono::hours(48));
}

TEST(MastodonConfig, MistakesHaveAPosition) {
  const struct {
    const char* text;
    const char* error;
  } kCases[] = {
      {"mode: public\n", "instance"},
      {"instance: plein.example\nmode: public\n", "s.yaml:1:11: the instance is its address"},
      {"instance: https://a:b@plein.example\nmode: public\n", "the instance is its address"},
      {"instance: https://plein.example?x\nmode: public\n", "the instance is its address"},
      {"instance: https://plein.example\nmode: tag\n", "s.yaml:2:7:"},
      {"instance: https://plein.example\nmode: hashtag\n", "hashtag"},
      {"instance: https://plein.example\nmode: search\ntoken: masto\n", "query"},
      {"instance: https://plein.example\nmode: mentions\n", "token"},
      {"instance: https://plein.example\nmode: public\ntoken: other\n", "s.yaml:3:8: no such file"},
      {"instance: https://plein.example\nmode: public\nlimit: 41\n", "s.yaml:3:8:"},
      {"instance: https://plein.example\nmode: public\nlocal: true\nremote: true\n",
       "local and remote"},
      {"instance: https://plein.example\nmode: hashtag\nhashtag: a\nany: [b, c, d, e, f]\n",
       "at most four tags"},
      {"instance: https://plein.example\nmode: mentions\ntoken: masto\nquery: a\n", "query"},
  };
  for (const auto& test : kCases)
    EXPECT_THAT(Load(test.text).errors, HasSubstr(test.error)) << test.text;
}

TEST(MastodonConfig, NoConnectorIsMadeAfterAMistake) {
  Diagnostics diagnostics;
  EXPECT_EQ(
      MakeMastodonConnector(ParseYaml("s.yaml", "mode: public\n...\n", diagnostics), OneSecret()),
      nullptr);
  EXPECT_NE(
      MakeMastodonConnector(
          ParseYaml("s.yaml", "instance: https://a.example\nmode: public\n...\n", diagnostics),
          OneSecret()),
      nullptr);
}

}  // namespace
}  // namespace webcare

// Every file of testdata is named after its mistake and starts with the messages it must give:
// "# want: line:column: message". Exactly these, in this order, in one pass.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "daemon/base/yaml_node.h"
#include "daemon/config/secrets.h"
#include "daemon/config/settings_file.h"
#include "daemon/config/source_file.h"

namespace webcare {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> BadFiles(const char* kind) {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator(fs::path(WEBCARE_SOURCE_DIR "/tests/config/testdata") / kind))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string Wanted(const std::string& text) {
  constexpr std::string_view kMark = "# want: ";
  std::string wanted;
  for (std::size_t at = 0; text.compare(at, kMark.size(), kMark) == 0;) {
    const std::size_t end = text.find('\n', at);
    wanted += "f.yaml:" + text.substr(at + kMark.size(), end + 1 - at - kMark.size());
    at = end + 1;
  }
  return wanted;
}

std::string TestName(const testing::TestParamInfo<fs::path>& test) {
  const std::string name = test.param.filename().string();
  return name.substr(0, name.find('.'));
}

std::optional<std::string> GuardAcks(const std::string& key, const std::string&) {
  if (key != "acks") return std::nullopt;
  return "'acks' is needed for exactly-once delivery and cannot be set";
}

class BadSettings : public testing::TestWithParam<fs::path> {};

TEST_P(BadSettings, GivesExactlyTheWantedMessages) {
  const std::string text = ReadFile(GetParam());
  Diagnostics diagnostics;
  const YamlNode root = ParseYaml("f.yaml", text, diagnostics);
  if (root.present()) ReadSettings(root, "/etc/webcared", GuardAcks);
  EXPECT_EQ(diagnostics.ToText(), Wanted(text));
  EXPECT_FALSE(diagnostics.ok());
}
INSTANTIATE_TEST_SUITE_P(Settings, BadSettings, testing::ValuesIn(BadFiles("settings")), TestName);

class BadSources : public testing::TestWithParam<fs::path> {};

TEST_P(BadSources, GivesExactlyTheWantedMessages) {
  const std::string text = ReadFile(GetParam());
  Diagnostics diagnostics;
  SourceList sources;
  ReadSources(ParseYaml("f.yaml", text, diagnostics), "/nonexistent", SecretFiles(""), sources);
  EXPECT_EQ(diagnostics.ToText(), Wanted(text));
  EXPECT_FALSE(diagnostics.ok());
}
INSTANTIATE_TEST_SUITE_P(Sources, BadSources, testing::ValuesIn(BadFiles("sources")), TestName);

}  // namespace
}  // namespace webcare

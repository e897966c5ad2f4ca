// Files named after their mistake. Each begins with "# want: line:column: message" lines, which are
// compared exactly; these lines count as lines of the file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/rules/rule_testing.h"

namespace webcare {
namespace {

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream buffer;
  buffer << in.rdbuf();
  return buffer.str();
}

std::string Wanted(const std::string& text) {
  constexpr std::string_view kWant = "# want: ";
  std::istringstream in(text);
  std::string wanted;
  for (std::string line; std::getline(in, line) && line.starts_with(kWant);)
    wanted += line.substr(kWant.size()) + "\n";
  return wanted;
}

std::vector<std::string> BadFiles() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(WEBCARE_SOURCE_DIR "/tests/rules/testdata"))
    if (entry.path().string().ends_with(".bad.yaml")) names.push_back(entry.path().stem().stem());
  std::sort(names.begin(), names.end());
  return names;
}

class BadRuleFile : public ::testing::TestWithParam<std::string> {};

TEST_P(BadRuleFile, ReportsExactlyTheWantedErrors) {
  const std::string text =
      ReadText(WEBCARE_SOURCE_DIR "/tests/rules/testdata/" + GetParam() + ".bad.yaml");
  Diagnostics diagnostics;
  EXPECT_FALSE(LoadRules(std::vector<RuleText>{{"f", text}}, diagnostics));
  std::string got;
  for (const Diagnostic& error : diagnostics.Sorted())
    got += std::to_string(error.pos.line) + ":" + std::to_string(error.pos.column) + ": " +
           error.message + "\n";
  EXPECT_EQ(got, Wanted(text));
}

INSTANTIATE_TEST_SUITE_P(Testdata, BadRuleFile, ::testing::ValuesIn(BadFiles()),
                         [](const auto& test) { return test.param; });

// operations.md row 23: a reload that meets a file in the middle of its being written.
TEST(RuleFile, CutAtAnyByteItIsRefusedOrEqual) {
  const std::string text = RuleFile(
      "  - {id: r, label: a, weight: 1, when: {phrase: [\"werkt niet\", 'één']}}\n"
      "  - id: s\n    label: c\n    weight: -1.5\n    when:\n      word: |\n        stuk\n",
      "language: nl\n");
  const auto whole = Load(text);
  int loaded = 0;
  for (std::size_t size = 0; size < text.size(); ++size) {
    Diagnostics diagnostics;
    const auto cut = LoadRules(std::vector<RuleText>{{"f", text.substr(0, size)}}, diagnostics);
    EXPECT_EQ(cut == nullptr, !diagnostics.ok());
    if (!cut) continue;
    ++loaded;
    ASSERT_EQ(cut->rules().size(), whole->rules().size()) << "cut after " << size;
    EXPECT_EQ(cut->rules().back().weight, whole->rules().back().weight);
  }
  EXPECT_EQ(loaded, 1);  // Without the last line end.
}

TEST(RuleFile, NamesAreSharedByAllFiles) {
  const std::string labels = RuleFile("", "lists:\n  days: [dag]\n");
  Diagnostics diagnostics;
  const auto rules =
      LoadRules({{"a.yaml", labels},
                 {"b.yaml",
                  "version: 1\nrules:\n  - {id: r, label: a, weight: 1, when: {word: "
                  "$days}}\n...\n"}},
                diagnostics);
  ASSERT_TRUE(rules) << diagnostics.ToText();
  EXPECT_THAT(Evidence(*rules, PostOf("een dag")), ::testing::ElementsAre("dag"));
}

TEST(RuleFile, WhatIsDefinedTwiceNamesBothPlaces) {
  const std::string labels = RuleFile("");
  Diagnostics diagnostics;
  EXPECT_FALSE(LoadRules({{"a.yaml", labels}, {"b.yaml", labels}}, diagnostics));
  EXPECT_THAT(
      diagnostics.ToText(),
      ::testing::HasSubstr("b.yaml:7:10: rule 'rest.b' is defined twice (first at a.yaml:7)"));
}

class RuleFolder : public ::testing::Test {
 protected:
  RuleFolder() { std::filesystem::create_directory(path_); }
  ~RuleFolder() override { std::filesystem::remove_all(path_); }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
  }
  const std::filesystem::path path_ =
      std::filesystem::path(::testing::TempDir()) /
      ("rules" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "_" +
       std::to_string(reinterpret_cast<std::uintptr_t>(this)));
};

TEST_F(RuleFolder, OnlyYamlFilesAreReadInOrderOfTheirNames) {
  Write("20.yaml", "version: 1\nrules:\n  - {id: z, label: a, weight: 1, when: {word: z}}\n...\n");
  Write("10.yaml", RuleFile(""));
  for (const char* name : {".hidden.yaml", "10.yaml~", "10.yaml.dpkg-old", "README.md"})
    Write(name, "not rules");
  Diagnostics diagnostics;
  const auto rules = LoadRules(path_.string(), diagnostics);
  ASSERT_TRUE(rules) << diagnostics.ToText();
  EXPECT_EQ(rules->rules().back().id, "z");
  EXPECT_EQ(rules->digest(), LoadRules(path_.string(), diagnostics)->digest());
  Write("20.yaml", "version: 1\nrules:\n  - {id: z, label: a, weight: 2, when: {word: z}}\n...\n");
  EXPECT_NE(rules->digest(), LoadRules(path_.string(), diagnostics)->digest());
}

TEST_F(RuleFolder, AnEmptyOrMissingFolderIsRefused) {
  Diagnostics empty;
  EXPECT_FALSE(LoadRules(path_.string(), empty));
  EXPECT_THAT(empty.ToText(), ::testing::HasSubstr("holds no rule files"));
  Diagnostics missing;
  EXPECT_FALSE(LoadRules((path_ / "gone").string(), missing));
  EXPECT_FALSE(missing.ok());
}

}  // namespace
}  // namespace webcare

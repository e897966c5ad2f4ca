#include "daemon/base/yaml_node.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

using namespace std::chrono_literals;

std::string ErrorsOf(std::string_view text) {
  Diagnostics diagnostics;
  ParseYaml("f.yaml", text, diagnostics);
  return diagnostics.ToText();
}

struct Refused {
  const char* name;
  const char* text;
  const char* message;
};

class RefusedYaml : public testing::TestWithParam<Refused> {};

TEST_P(RefusedYaml, SaysWhatAndWhere) { EXPECT_EQ(ErrorsOf(GetParam().text), GetParam().message); }

constexpr Refused kRefused[] = {
    {"Empty", " \n", "f.yaml:1:1: the file is empty\n"},
    {"HalfWritten", "a: 1\nb: 2\n",
     "f.yaml:2:1: the file ends without its end mark: half-written? (the last line must be "
     "'...')\n"},
    {"DuplicateKey", "a: 1\nb: 2\na: 3\n...\n",
     "f.yaml:3:1: duplicate key 'a' (first on line 1)\n"},
    {"Anchor", "a: &x 1\nb: *x\n...\n",
     "f.yaml:1:4: anchors (&name) are not supported; write the value out\n"
     "f.yaml:2:4: aliases (*name) are not supported; write the value out\n"},
    {"Tag", "a: !!int 1\n...\n", "f.yaml:1:4: tags (tag:yaml.org,2002:int) are not supported\n"},
    {"OpenQuote", "a: 'x\n...\n",
     "f.yaml:2:1: a quoted text is still open here, at the end of the file\n"},
    {"SecondDocument", "a: 1\n---\nb: 2\n...\n",
     "f.yaml:3:1: a second document in the file; one file is one document\n"},
    {"NotUtf8", "a: \xFF\n...\n", "f.yaml: the file is not valid UTF-8\n"},
    {"ListAsKey", "? [a]\n: 1\n...\n", "f.yaml:1:3: a key must be a plain word\n"},
};
INSTANTIATE_TEST_SUITE_P(Yaml, RefusedYaml, testing::ValuesIn(kRefused),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Yaml, ColumnsCountCharactersNotBytes) {
  EXPECT_EQ(ErrorsOf("naam: {é: 1, é: 2}\n...\n"),
            "f.yaml:1:14: duplicate key 'é' (first on line 1)\n");
}

TEST(Yaml, DeepNestingIsRefused) {
  EXPECT_NE(
      ErrorsOf(std::string(40, '[') + std::string(40, ']') + "\n...\n").find("nested too deeply"),
      std::string::npos);
}

// Whatever byte a writer stopped at, the file is refused or means the same.
TEST(Yaml, AFileCutAnywhereIsRefusedOrEqual) {
  const std::string whole = "version: 1\nname: 'a b'\nlist: [x, y]\nmap:\n  key: \"v\"\n...\n";
  for (std::size_t size = 0; size + 1 < whole.size(); ++size)
    EXPECT_NE(ErrorsOf(whole.substr(0, size)), "") << size;
  EXPECT_EQ(ErrorsOf(whole.substr(0, whole.size() - 1)), "");
}

TEST(Yaml, UnknownKeysAreReportedWithTheKeyMeant) {
  Diagnostics diagnostics;
  const YamlNode root = ParseYaml("f.yaml", "window: 8\nagents: x\nwindwo: 9\n...\n", diagnostics);
  root.Get("window");
  root.Get("agents");
  root.Done();
  EXPECT_EQ(diagnostics.ToText(), "f.yaml:3:1: unknown key 'windwo' (did you mean 'window'?)\n");
}

TEST(Yaml, ScalarsReportEveryMistakeAndGoOn) {
  Diagnostics diagnostics;
  const YamlNode root = ParseYaml(
      "f.yaml", "a: 90\nb: 012\nc: yes\nd: 5MB\ne:\nf: [1]\ng: 40d\nh: blu\n...\n", diagnostics);
  EXPECT_EQ(root.Get("a").Duration(7s, 1s, 24h), 7s);
  EXPECT_EQ(root.Get("b").Int(5, 0, 100), 5);
  EXPECT_FALSE(root.Get("c").Bool(false));
  EXPECT_EQ(root.Get("d").Size(MiB(1), KiB(1), MiB(8)), MiB(1));
  EXPECT_EQ(root.Get("e").Text("none"), "none");
  EXPECT_EQ(root.Get("f").Text(), "");
  EXPECT_EQ(root.Get("g").Duration(7s, 1s, 24h), 7s);
  EXPECT_EQ(root.Get("h").Choice("red", {"red", "blue"}), "red");
  EXPECT_EQ(root.Get("missing").Int(5, 0, 100), 5);
  EXPECT_EQ(diagnostics.ToText(),
            "f.yaml:1:4: '90' is not a duration (a number with ms, s, min, h, d or w: 90s)\n"
            "f.yaml:2:4: '012' is not a whole number\n"
            "f.yaml:3:4: 'yes' is not true or false\n"
            "f.yaml:4:4: '5MB' is not a size (a number with B, KiB, MiB or GiB: 64MiB)\n"
            "f.yaml:5:1: empty value; a text expected\n"
            "f.yaml:6:4: a text expected\n"
            "f.yaml:7:4: 40d is out of range (1s to 1d)\n"
            "f.yaml:8:4: 'blu' is not one of red, blue (did you mean 'blue'?)\n");
}

TEST(Yaml, UnitsAreRead) {
  Diagnostics diagnostics;
  const YamlNode root =
      ParseYaml("f.yaml", "a: 250ms\nb: 15min\nc: 64KiB\nd: 0.5\ne: [x, x]\n...\n", diagnostics);
  EXPECT_EQ(root.Get("a").Duration(0s, 0s, 24h), 250ms);
  EXPECT_EQ(root.Get("b").Duration(0s, 0s, 24h), 15min);
  EXPECT_EQ(root.Get("c").Size({}, {}, MiB(1)), KiB(64));
  EXPECT_EQ(root.Get("d").Number(0, 0, 1), 0.5);
  EXPECT_EQ(root.Get("e").TextList().size(), 2u);
  EXPECT_EQ(diagnostics.ToText(), "f.yaml:5:8: 'x' stands twice\n");
}

TEST(Yaml, AnUnreadableFileIsOneError) {
  Diagnostics diagnostics;
  EXPECT_FALSE(LoadYaml("/nonexistent/x.yaml", diagnostics).present());
  EXPECT_EQ(diagnostics.ToText(), "/nonexistent/x.yaml: cannot be read\n");
}

}  // namespace
}  // namespace webcare

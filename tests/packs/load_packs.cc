#include "tests/packs/load_packs.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace webcare {
namespace {

const char* const kPacks = WEBCARE_SOURCE_DIR "/rules/packs";

}  // namespace

std::shared_ptr<const RuleSet> StarterPacks() {
  static const std::shared_ptr<const RuleSet> packs = [] {
    Diagnostics diagnostics;
    auto rules = LoadRules(kPacks, diagnostics);
    if (!rules || !diagnostics.ok()) {
      std::fputs(diagnostics.ToText().c_str(), stderr);
      std::abort();
    }
    return rules;
  }();
  return packs;
}

std::vector<std::string> PackTexts() {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(kPacks)) {
    std::ifstream file(entry.path());
    std::string text{std::istreambuf_iterator<char>(file), {}};
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : char(c); });
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace webcare

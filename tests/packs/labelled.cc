#include "tests/packs/labelled.h"

#include <openssl/sha.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "daemon/base/json.h"

namespace webcare {
namespace {

const std::string kFolder = WEBCARE_SOURCE_DIR "/../shared/labelled/";

bool IsFifth(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  const std::uint32_t first =
      std::uint32_t{digest[0]} << 24 | digest[1] << 16 | digest[2] << 8 | digest[3];
  return first % 5 == 0;
}

}  // namespace

bool HasLabelledSets() { return std::filesystem::exists(kFolder + "nl_handwritten/dev.jsonl"); }

std::vector<LabelledRow> LoadLabelled(const std::string& set) {
  std::vector<LabelledRow> rows;
  std::ifstream file(kFolder + set + "/dev.jsonl");
  std::string line;
  while (std::getline(file, line)) {
    const auto document = JsonDocument::Parse(line);
    if (!document.ok()) continue;
    const JsonValue json = document->root();
    LabelledRow row;
    row.text = json["text"].Str();
    row.labels.emplace_back(json["label"].Str());
    for (std::size_t i = 0; i < json["also"].size(); ++i)
      row.labels.emplace_back(json["also"].at(i).Str());
    row.unread = IsFifth(row.text);
    rows.push_back(std::move(row));
  }
  return rows;
}

Verdict JudgeText(const RuleSet& rules, const std::string& text, const std::string& language,
                  bool addressed) {
  Post post;
  post.native_id = "1";
  post.language = language;
  post.text = text;
  PostContext context;
  context.source = "labelled";
  context.source_type = "mastodon";
  context.addressed = addressed;
  return rules.Decide(post, context);
}

bool Gives(const Verdict& verdict, const std::string& label) {
  return std::any_of(verdict.labels.begin(), verdict.labels.end(),
                     [&](const LabelScore& score) { return score.label == label; });
}

}  // namespace webcare

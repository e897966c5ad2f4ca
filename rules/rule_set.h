// The rules of a folder, ready to judge. Immutable: a reload makes a new one and swaps the pointer.
//
//   Diagnostics diagnostics;
//   auto rules = LoadRules("/etc/webcare/rules.d", diagnostics);
//   if (!rules) return Refuse(diagnostics.ToText());   // The old set stays.
//   const Verdict verdict = rules->Decide(post, context);
//
// The language is described in rules/README.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/base/diagnostics.h"
#include "daemon/base/judge.h"
#include "daemon/base/library_version.h"

namespace webcare {

struct Program;

struct LabelInfo {
  std::string name;
  double threshold = 0;
  bool queue = false;
  std::string team;
};

struct RuleInfo {
  std::string id;
  std::string label;  // "loud" in phase 2.
  double weight = 0;
  int phase = 1;
  bool on = true;
  SourcePos pos;
};

// A rule file in memory.
struct RuleText {
  std::string file;  // Shown in messages.
  std::string text;
};

// Threads: all methods are const and may run concurrently; working memory is kept per thread.
// Time: linear in the post and in the rules that have a word in it, not in the number of rules.
class RuleSet final : public Judge {
 public:
  RuleSet(std::unique_ptr<const Program> program, std::vector<LabelInfo> labels,
          std::vector<RuleInfo> rules, std::string digest);
  ~RuleSet() override;

  Verdict Decide(const Post& post, const PostContext& context) const override;
  ReachNote Annotate(const Post& post, const Verdict& verdict, const Reach& reach) const override;

  // In the order of their definition, which is the order in which they are shown.
  const std::vector<LabelInfo>& labels() const { return labels_; }
  // In the order of the files, with those that are switched off.
  const std::vector<RuleInfo>& rules() const { return rules_; }
  // Of the contents of all files, hex: the same files in the same order give the same digest.
  const std::string& digest() const { return digest_; }

 private:
  const std::unique_ptr<const Program> program_;
  const std::vector<LabelInfo> labels_;
  const std::vector<RuleInfo> rules_;
  const std::string digest_;
};

// Reads all *.yaml files of `directory` in the order of their names. Null if there is any mistake, or
// nothing to read; then `diagnostics` holds all of them.
std::shared_ptr<const RuleSet> LoadRules(const std::string& directory, Diagnostics& diagnostics);
std::shared_ptr<const RuleSet> LoadRules(const std::vector<RuleText>& files,
                                         Diagnostics& diagnostics);

LibraryVersion PatternLibrary();  // re2 does not tell what runs.

}  // namespace webcare

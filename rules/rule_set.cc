#include "rules/rule_set.h"

#include <atomic>
#include <fstream>
#include <iterator>
#include <utility>

#include "daemon/base/digest.h"
#include "daemon/base/yaml_files.h"
#include "rules/evaluator.h"
#include "rules/matcher.h"
#include "rules/program.h"
#include "rules/rule_compiler.h"
#include "rules/rule_file.h"
#include "rules/text/language.h"

namespace webcare {
namespace {

struct ThreadMemory {
  Matcher matcher;
  EvaluatorMemory evaluator;
};

ThreadMemory& Memory() {
  thread_local ThreadMemory memory;
  return memory;
}

std::vector<LabelInfo> LabelsOf(const RuleBook& book) {
  std::vector<LabelInfo> labels;
  for (const WrittenLabel& label : book.labels)
    labels.push_back({label.name.text, label.threshold, label.queue, label.team});
  return labels;
}

std::vector<RuleInfo> RulesOf(const RuleBook& book) {
  std::vector<RuleInfo> rules;
  for (const WrittenRule& rule : book.rules)
    rules.push_back({rule.id.text, rule.phase == 2 ? "loud" : rule.label.text, rule.weight,
                     rule.phase, rule.on, rule.id.pos});
  return rules;
}

// Of the contents alone: the same rules moved to another folder are the same rules.
std::string DigestOf(const std::vector<RuleText>& files) {
  std::string digest;
  for (const RuleText& file : files) digest = HashParts({digest, file.text}).Hex();
  return digest;
}

}  // namespace

RuleSet::RuleSet(std::unique_ptr<const Program> program, std::vector<LabelInfo> labels,
                 std::vector<RuleInfo> rules, std::string digest)
    : program_(std::move(program)),
      labels_(std::move(labels)),
      rules_(std::move(rules)),
      digest_(std::move(digest)) {}

RuleSet::~RuleSet() = default;

Verdict RuleSet::Decide(const Post& post, const PostContext& context) const {
  ThreadMemory& memory = Memory();
  memory.matcher.Run(*program_, post.text);
  const Language language = IdentifyLanguage(post.text, memory.matcher.analysis(), post.language);
  Verdict verdict;
  verdict.language = ToString(language);
  verdict.rules_digest = digest_;
  EvaluateRules(*program_, memory.matcher, language, post, context, memory.evaluator, verdict);
  return verdict;
}

ReachNote RuleSet::Annotate(const Post&, const Verdict& verdict, const Reach& reach) const {
  return EvaluateNotes(*program_, verdict, reach);
}

std::shared_ptr<const RuleSet> LoadRules(const std::vector<RuleText>& files,
                                         Diagnostics& diagnostics) {
  RuleBook book;
  for (const RuleText& file : files) ReadRuleFile(file.file, file.text, book, diagnostics);
  std::unique_ptr<Program> program = CompileRules(book, diagnostics);
  if (!diagnostics.ok()) return nullptr;
  static std::atomic<std::uint64_t> serial{0};
  program->serial = ++serial;
  return std::make_shared<const RuleSet>(std::move(program), LabelsOf(book), RulesOf(book),
                                         DigestOf(files));
}

std::shared_ptr<const RuleSet> LoadRules(const std::string& directory, Diagnostics& diagnostics) {
  std::vector<RuleText> files;
  for (const std::string& path : YamlFilesIn(directory, diagnostics)) {
    std::ifstream in(path, std::ios::binary);
    std::string text;
    if (in) text.assign(std::istreambuf_iterator<char>(in), {});
    if (in.bad() || !in.is_open()) diagnostics.Add({path, 0, 0}, "cannot be read");
    files.push_back({path, std::move(text)});
  }
  if (files.empty() && diagnostics.ok())
    diagnostics.Add({directory, 0, 0}, "holds no rule files (*.yaml)");
  if (!diagnostics.ok()) return nullptr;
  return LoadRules(files, diagnostics);
}

}  // namespace webcare

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "daemon/app/ctl/ctl.h"
#include "daemon/app/exit_codes.h"
#include "daemon/app/snapshot.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

struct Question {
  std::string what;   // A text, a file's name, or "-".
  std::string rules;  // A folder; empty: of the configuration.
  std::string source_type;
  double stars = 0;  // 0: no rating.
};

bool IsFolder(const std::string& name) {
  std::error_code error;
  return std::filesystem::is_directory(name, error);
}

// A file where one of that name exists, else the text itself: also where a folder is called so.
std::string TextOf(const std::string& what) {
  std::string text = what;
  if (what == "-")
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  else if (std::ifstream file(what, std::ios::binary); file && !IsFolder(what))
    text.assign(std::istreambuf_iterator<char>(file), {});
  text = StripControls(IsValidUtf8(text) ? text : RepairUtf8(text));
  return std::string(CutUtf8(text, kMaxPostText.count));
}

std::shared_ptr<const RuleSet> RulesFor(const Question& question, CtlOptions& options,
                                        Brand& brand) {
  Diagnostics diagnostics;
  std::shared_ptr<const RuleSet> rules;
  if (!question.rules.empty()) {
    rules = LoadRules(question.rules, diagnostics);
  } else if (const auto snapshot = LoadSnapshot(options.config, diagnostics)) {
    rules = snapshot->rules;
    brand = snapshot->config.settings.brand;
  }
  if (!rules) {
    std::fputs(diagnostics.ToText().c_str(), stderr);
    options.exit_code = kExitConfig;
  }
  return rules;
}

void PrintJson(const Post& post, const Verdict& verdict) {
  JsonWriter json;
  json.StartObject()
      .Field("language", verdict.language)
      .Field("enters_queue", verdict.enters_queue);
  json.Field("team", verdict.team).Key("labels").StartArray();
  for (const LabelScore& label : verdict.labels)
    json.StartObject()
        .Field("label", label.label)
        .Field("score", label.score)
        .Field("threshold", label.threshold)
        .EndObject();
  json.EndArray().Key("rules").StartArray();
  for (const RuleHit& hit : verdict.hits) {
    json.StartObject()
        .Field("rule", hit.rule)
        .Field("label", hit.label)
        .Field("weight", hit.weight);
    json.Key("evidence").StartArray();
    for (const Span& span : hit.spans)
      json.StartObject()
          .Field("begin", static_cast<std::int64_t>(span.begin))
          .Field("end", static_cast<std::int64_t>(span.end))
          .Field("words", std::string_view(post.text).substr(span.begin, span.end - span.begin))
          .EndObject();
    json.EndArray().EndObject();
  }
  json.EndArray().Field("rules_digest", verdict.rules_digest).EndObject();
  std::puts(json.Take().c_str());
}

// The text with the evidence of all rules marked: bold on a terminal, [brackets] elsewhere.
std::string Marked(const std::string& text, const std::vector<RuleHit>& hits) {
  std::vector<bool> marked(text.size() + 1, false);
  for (const RuleHit& hit : hits)
    for (const Span& span : hit.spans)
      std::fill(marked.begin() + span.begin, marked.begin() + span.end, true);
  const bool color = isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR");
  std::string out;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool before = i > 0 && marked[i - 1];
    if (marked[i] && !before) out += color ? "\033[1m" : "[";
    if (!marked[i] && before) out += color ? "\033[0m" : "]";
    if (i < text.size()) out += text[i];
  }
  return out;
}

void PrintText(const Post& post, const Verdict& verdict, const RuleSet& rules) {
  std::printf("%s\n\nlanguage %s, %s%s%s\n", Marked(post.text, verdict.hits).c_str(),
              verdict.language.c_str(),
              verdict.enters_queue ? "gets a place in the queue" : "gets no place in the queue",
              verdict.team.empty() ? "" : ", team ", verdict.team.c_str());
  for (const LabelInfo& label : rules.labels()) {
    double score = 0;
    for (const RuleHit& hit : verdict.hits)
      if (hit.label == label.name) score += hit.weight;
    const bool given = std::any_of(verdict.labels.begin(), verdict.labels.end(),
                                   [&](const LabelScore& one) { return one.label == label.name; });
    std::printf("%s %-12s %5.1f of %.1f\n", given ? "yes" : " no", label.name.c_str(), score,
                label.threshold);
    for (const RuleHit& hit : verdict.hits) {
      if (hit.label != label.name) continue;
      std::string words;
      for (const Span& span : hit.spans)
        words += " \"" + post.text.substr(span.begin, span.end - span.begin) + "\"";
      std::printf("      %+5.1f  %s%s\n", hit.weight, hit.rule.c_str(), words.c_str());
    }
  }
}

void Explain(CtlOptions& options, const Question& question) {
  Brand brand;
  const std::shared_ptr<const RuleSet> rules = RulesFor(question, options, brand);
  if (!rules) return;
  Post post;
  post.native_id = "explain";
  post.text = TextOf(question.what);
  if (question.stars > 0) post.rating = Rating{question.stars, 5};
  PostContext context;
  context.source = "explain";
  context.source_type = question.source_type;
  context.addressed = brand.IsAddressed("explain", post);
  const Verdict verdict = rules->Decide(post, context);
  if (options.json)
    PrintJson(post, verdict);
  else
    PrintText(post, verdict, *rules);
}

}  // namespace

void AddExplain(CLI::App& app, CtlOptions& options) {
  CLI::App* const command =
      app.add_subcommand("explain", "What the rules say of a text, and which words made them");
  const auto question = std::make_shared<Question>();
  command->add_option("text", question->what, "A text, a file, or - for standard input")
      ->required();
  command->add_option("--rules", question->rules, "A rules folder instead of the configured one");
  command->add_option("--source-type", question->source_type, "As if from this kind of source");
  command->add_option("--stars", question->stars, "As if a review with so many of 5 stars")
      ->check(CLI::Range(0.5, 5.0));
  command->callback([&options, question] { Explain(options, *question); });
}

}  // namespace webcare

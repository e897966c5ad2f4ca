// Short ways to say rules and posts in tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"

namespace webcare {

// A whole rule file around `rules`, with labels a (threshold 1), b (threshold 2), c (threshold 1).
inline std::string RuleFile(std::string_view rules, std::string_view head = "") {
  std::string text = "version: 1\n";
  text += head;
  text +=
      "labels:\n"
      "  a: {threshold: 1, queue: true, team: service}\n"
      "  b: {threshold: 2, queue: false, team: product}\n"
      "  c: {threshold: 1, queue: false}\n"
      "rules:\n"
      "  - {id: rest.b, label: b, weight: 2, when: {word: qqqb}}\n"
      "  - {id: rest.c, label: c, weight: 2, when: {word: qqqc}}\n"
      "  - {id: rest.a, label: a, weight: 2, when: {word: qqqa}}\n";
  text += rules;
  return text + "...\n";
}

// Loads or fails the test.
inline std::shared_ptr<const RuleSet> Load(const std::string& text) {
  Diagnostics diagnostics;
  auto rules = LoadRules(std::vector<RuleText>{{"test.yaml", text}}, diagnostics);
  EXPECT_TRUE(rules) << diagnostics.ToText() << text;
  return rules;
}

// One rule for label a, with id "r".
inline std::shared_ptr<const RuleSet> LoadWhen(std::string_view when, std::string_view more = "") {
  return Load(RuleFile("  - {id: r, label: a, weight: 1, when: " + std::string(when) +
                       std::string(more) + "}\n"));
}

inline Post PostOf(std::string_view text, std::string_view language = "nl") {
  Post post;
  post.native_id = "1";
  post.text = text;
  post.language = language;
  return post;
}

inline std::vector<std::string> LabelNames(const Verdict& verdict) {
  std::vector<std::string> names;
  for (const LabelScore& label : verdict.labels) names.push_back(label.label);
  return names;
}

// The words of the text that made rule `id` speak; {"-"} when it was silent.
inline std::vector<std::string> Evidence(const RuleSet& rules, const Post& post,
                                         std::string_view id = "r",
                                         const PostContext& context = {}) {
  std::vector<std::string> words;
  for (const RuleHit& hit : rules.Decide(post, context).hits) {
    if (hit.rule != id) continue;
    for (const Span& span : hit.spans)
      words.push_back(post.text.substr(span.begin, span.end - span.begin));
    return words;
  }
  return {"-"};
}

}  // namespace webcare

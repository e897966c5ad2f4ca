#include "rules/rule_file.h"

#include <algorithm>
#include <utility>

#include "daemon/base/yaml_node.h"
#include "rules/condition_reader.h"

namespace webcare {
namespace {

constexpr std::size_t kMaxName = 64;

bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

class FileReader {
 public:
  FileReader(RuleBook& book, Diagnostics& diagnostics) : book_(book), diagnostics_(diagnostics) {}

  void Read(const YamlNode& root) {
    if (!root.present()) return;
    Version(root);
    languages_ = Languages(root.Get("language"), kRulesForAny);
    for (const auto& [name, node] : root.Get("labels").Entries())
      Label(root.Get("labels"), name, node);
    for (const auto& [name, node] : root.Get("lists").Entries())
      List(root.Get("lists"), name, node);
    for (const auto& [name, node] : root.Get("conditions").Entries())
      Named(root.Get("conditions"), name, node);
    for (const YamlNode& node : root.Get("rules").Items()) Rule(node);
    root.Done();
  }

 private:
  // Files say their version first, so that a later version can change all that follows.
  static void Version(const YamlNode& root) {
    const YamlNode version = root.Get("version");
    if (!version.present()) return root.Error("missing key 'version' (write 'version: 1' first)");
    if (root.KeyPos("version") != root.pos()) version.Error("'version' must come first");
    version.Int(1, 1, 1);
  }

  std::uint8_t Languages(const YamlNode& node, std::uint8_t fallback) {
    if (!node.present()) return fallback;
    std::uint8_t languages = 0;
    for (const YamlNode& item : node.Items()) {
      const std::string name = item.Choice("any", {"nl", "en", "any"});
      languages |= name == "nl" ? kRulesForDutch : name == "en" ? kRulesForEnglish : kRulesForAny;
    }
    return languages;
  }

  Written Name(const YamlNode& parent, const std::string& name) {
    const SourcePos pos = parent.KeyPos(name);
    CheckName({name, pos});
    return {name, pos};
  }

  void CheckName(const Written& name) {
    if (!IsName(name.text))
      diagnostics_.Add(name.pos,
                       "'" + name.text + "' is not a name (1 to 64 of a-z, 0-9, '.', '_', '-')");
  }

  // The scalar `key` of `node` as a name.
  Written NameAt(const YamlNode& node, std::string_view key) {
    const YamlNode value = node.Require(key);
    Written name{value.Text(), value.present() ? value.pos() : node.pos()};
    if (!name.text.empty()) CheckName(name);
    return name;
  }

  void Label(const YamlNode& parent, const std::string& name, const YamlNode& node) {
    WrittenLabel label;
    label.name = Name(parent, name);
    if (!node.IsMap()) {
      diagnostics_.Add(label.name.pos, "label '" + name + "' needs {threshold: .., queue: ..}");
      return;
    }
    label.threshold = node.Require("threshold").Number(1, 0.1, 100);
    label.queue = node.Require("queue").Bool(false);
    if (const YamlNode team = node.Get("team"); team.present())
      label.team = NameAt(node, "team").text;
    node.Done();
    book_.labels.push_back(std::move(label));
  }

  void List(const YamlNode& parent, const std::string& name, const YamlNode& node) {
    WrittenList list;
    list.name = Name(parent, name);
    list.entries = ReadTexts(node);
    book_.lists.push_back(std::move(list));
  }

  void Named(const YamlNode& parent, const std::string& name, const YamlNode& node) {
    NamedCondition named;
    named.name = Name(parent, name);
    if (!node.present()) diagnostics_.Add(named.name.pos, "'" + name + "' has no value");
    named.condition = ReadCondition(node, diagnostics_);
    book_.conditions.push_back(std::move(named));
  }

  void Rule(const YamlNode& node) {
    if (!node.IsMap())
      return node.Error("a rule (a mapping with id, label, weight, when) expected");
    WrittenRule rule;
    rule.id = NameAt(node, "id");
    rule.phase = static_cast<int>(node.Get("phase").Int(1, 1, 2));
    rule.on = node.Get("status").Choice("on", {"on", "off"}) == "on";
    if (const YamlNode why = node.Get("why"); why.present()) why.Text();
    if (rule.phase == 1) {
      Phase1(node, rule);
    } else {
      Phase2(node);
    }
    const YamlNode when = node.Require("when");
    rule.when = ReadCondition(when, diagnostics_);
    node.Done();
    book_.rules.push_back(std::move(rule));
  }

  static double Weight(const YamlNode& node) {
    const double weight = node.Number(1, -10, 10);
    if (node.present() && weight == 0) node.Error("a weight of 0 says nothing; use status: off");
    return weight;
  }

  void Phase1(const YamlNode& node, WrittenRule& rule) {
    rule.label = NameAt(node, "label");
    rule.weight = Weight(node.Require("weight"));
    rule.languages = Languages(node.Get("language"), languages_);
    const YamlNode scope = node.Get("scope");
    rule.one_clause = scope.present() && scope.Choice("clause", {"clause"}) == "clause";
    if (const YamlNode note = node.Get("note"); note.present())
      diagnostics_.Add(node.KeyPos("note"), "only rules of phase 2 add notes (phase: 2)");
    const YamlNode negated = node.Get("negated");
    if (negated.IsMap()) {
      rule.negated = Negated::kFlip;
      rule.flip_label = NameAt(negated, "label");
      rule.flip_weight = Weight(negated.Require("weight"));
      negated.Done();
    } else if (negated.present()) {
      rule.negated = Negated::kDrop;
      negated.Choice("drop", {"drop"});
    }
  }

  void Phase2(const YamlNode& node) {
    node.Require("note").Choice("loud", {"loud"});
    for (const std::string_view key : {"label", "weight", "language", "scope", "negated"})
      if (node.Get(key).present())
        diagnostics_.Add(node.KeyPos(key),
                         "a rule of phase 2 has seen reach and may only add a note; it has no '" +
                             std::string(key) + "'");
  }

  RuleBook& book_;
  Diagnostics& diagnostics_;
  std::uint8_t languages_ = kRulesForAny;
};

}  // namespace

void ReadRuleFile(const std::string& file, std::string_view text, RuleBook& book,
                  Diagnostics& diagnostics) {
  FileReader(book, diagnostics).Read(ParseYaml(file, text, diagnostics));
}

}  // namespace webcare

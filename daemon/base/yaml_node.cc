#include "daemon/base/yaml_node.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "daemon/base/utf8.h"
#include "daemon/base/yaml_tree.h"

namespace webcare {
namespace {

constexpr std::size_t kMaxFile = 1u << 20;
constexpr std::size_t kMaxDepth = 32;

// Builds the tree from yaml-cpp's events, which show what its own tree hides: anchors, tags,
// positions of keys, duplicate keys.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(YamlTree& tree, std::string_view text) : tree_(tree), text_(text) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    RefuseExtras(mark, "", anchor);
    Place(mark, {});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Report(mark, "aliases (*name) are not supported; write the value out");
    Place(mark, {});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    RefuseExtras(mark, tag, anchor);
    YamlTree::Node node;
    node.kind = YamlTree::Kind::kScalar;
    node.text = value;
    Place(mark, std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, YamlTree::Kind::kList);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, YamlTree::Kind::kMap);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  struct Frame {
    int node;
    bool awaits_value = false;  // Of a map: the last event was its key.
  };

  SourcePos Pos(const YAML::Mark& mark) const {
    // yaml-cpp counts lines and columns from 0, and columns in bytes.
    const std::size_t end = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
    const std::size_t start = text_.rfind('\n', end == 0 ? 0 : end - 1);
    const std::string_view line =
        text_.substr(start == std::string_view::npos || end == 0 ? 0 : start + 1);
    int column = 1;
    for (int i = 0; i < mark.column && static_cast<std::size_t>(i) < line.size(); ++i)
      if ((static_cast<unsigned char>(line[static_cast<std::size_t>(i)]) & 0xC0) != 0x80) ++column;
    return tree_.At(mark.line + 1, column);
  }
  void Report(const YAML::Mark& mark, std::string message) {
    tree_.diagnostics->Add(Pos(mark), std::move(message));
  }
  void RefuseExtras(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) Report(mark, "anchors (&name) are not supported; write the value out");
    if (!tag.empty() && tag != "?" && tag != "!")
      Report(mark, "tags (" + tag + ") are not supported");
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YamlTree::Kind kind) {
    RefuseExtras(mark, tag, anchor);
    if (open_.size() >= kMaxDepth) throw YAML::ParserException(mark, "nested too deeply");
    YamlTree::Node node;
    node.kind = kind;
    open_.push_back({Place(mark, std::move(node))});
  }

  // Adds `node` where the open collection expects it; returns its index.
  int Place(const YAML::Mark& mark, YamlTree::Node node) {
    const SourcePos pos = Pos(mark);
    node.line = pos.line;
    node.column = pos.column;
    const int index = static_cast<int>(tree_.nodes.size());
    if (!open_.empty()) {
      Frame& frame = open_.back();
      YamlTree::Node& parent = tree_.nodes[static_cast<std::size_t>(frame.node)];
      if (parent.kind == YamlTree::Kind::kList) {
        parent.items.push_back(index);
      } else if (frame.awaits_value) {
        parent.keys.back().value = index;
        if (node.kind == YamlTree::Kind::kNull) {  // yaml-cpp points at whatever comes next.
          node.line = parent.keys.back().line;
          node.column = parent.keys.back().column;
        }
        frame.awaits_value = false;
      } else {
        AddKey(parent, node, pos);
        frame.awaits_value = true;
      }
    }
    tree_.nodes.push_back(std::move(node));
    return index;
  }
  void AddKey(YamlTree::Node& parent, const YamlTree::Node& key, const SourcePos& pos) {
    if (key.kind != YamlTree::Kind::kScalar)
      tree_.diagnostics->Add(pos, "a key must be a plain word");
    const auto first = std::find_if(parent.keys.begin(), parent.keys.end(),
                                    [&](const auto& other) { return other.name == key.text; });
    const bool again = first != parent.keys.end();
    if (again)
      tree_.diagnostics->Add(pos, "duplicate key '" + key.text + "' (first on line " +
                                      std::to_string(first->line) + ")");
    // The second of two is reported once, not also as unknown.
    parent.keys.push_back({key.text, pos.line, pos.column, -1, again});
  }

  YamlTree& tree_;
  std::string_view text_;
  std::vector<Frame> open_;
};

int LastLine(std::string_view text) {
  const auto lines = std::count(text.begin(), text.end(), '\n');
  return static_cast<int>(lines) + (text.empty() || text.back() == '\n' ? 0 : 1);
}

bool EndsWithMark(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text == "..." || text.ends_with("\n...");
}

// What can be said before any parsing; false when parsing makes no sense.
bool CheckText(const std::string& file, std::string_view text, Diagnostics& diagnostics) {
  const auto refuse = [&](int line, std::string message) {
    diagnostics.Add({file, line, line == 0 ? 0 : 1}, std::move(message));
    return false;
  };
  if (text.size() > kMaxFile) return refuse(0, "the file is over 1 MiB");
  if (!IsValidUtf8(text)) return refuse(0, "the file is not valid UTF-8");
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return refuse(1, "the file is empty");
  if (text.find('\0') != std::string_view::npos) return refuse(0, "the file holds NUL bytes");
  if (!EndsWithMark(text))
    return refuse(
        LastLine(text),
        "the file ends without its end mark: half-written? (the last line must be '...')");
  return true;
}

void BuildTree(YamlTree& tree, std::string_view text) {
  std::istringstream in{std::string(text)};
  TreeBuilder builder(tree, text);
  try {
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) tree.nodes.emplace_back();  // As an empty one.
    const std::size_t size = tree.nodes.size();
    if (parser.HandleNextDocument(builder) && tree.nodes.size() > size)
      tree.diagnostics->Add(tree.At(tree.nodes[size].line, tree.nodes[size].column),
                            "a second document in the file; one file is one document");
  } catch (const YAML::Exception& e) {
    tree.nodes.clear();
    const bool open_quote = e.msg == YAML::ErrorMsg::DOC_IN_SCALAR;
    tree.diagnostics->Add(tree.At(e.mark.line + 1, e.mark.column + 1),
                          open_quote ? "a quoted text is still open here, at the end of the file"
                                     : "not YAML: " + e.msg);
  }
}

const YamlTree::Node& NodeOf(const YamlTree& tree, int index) {
  return tree.nodes[static_cast<std::size_t>(index)];
}

}  // namespace

YamlNode ParseYaml(std::string file, std::string_view text, Diagnostics& diagnostics) {
  if (!CheckText(file, text, diagnostics)) return {};
  auto tree = std::make_shared<YamlTree>();
  tree->file = std::move(file);
  tree->diagnostics = &diagnostics;
  BuildTree(*tree, text);
  if (tree->nodes.empty()) return {};  // Said why.
  if (tree->nodes.front().kind == YamlTree::Kind::kNull) {
    diagnostics.Add(tree->At(1, 1), "the file is empty");
    return {};
  }
  return {std::move(tree), 0};
}

YamlNode LoadYaml(const std::string& path, Diagnostics& diagnostics) {
  std::ifstream in(path, std::ios::binary);
  std::string text;
  if (in) text.assign(std::istreambuf_iterator<char>(in), {});
  if (!in) {
    diagnostics.Add({path, 0, 0}, "cannot be read");
    return {};
  }
  return ParseYaml(path, text, diagnostics);
}

bool YamlNode::IsScalar() const {
  return tree_ && NodeOf(*tree_, index_).kind == YamlTree::Kind::kScalar;
}
bool YamlNode::IsList() const {
  return tree_ && NodeOf(*tree_, index_).kind == YamlTree::Kind::kList;
}
bool YamlNode::IsMap() const {
  return tree_ && NodeOf(*tree_, index_).kind == YamlTree::Kind::kMap;
}

SourcePos YamlNode::pos() const {
  if (!tree_) return {};
  const YamlTree::Node& node = NodeOf(*tree_, index_);
  return tree_->At(node.line, node.column);
}

void YamlNode::Error(std::string message) const {
  if (tree_) tree_->diagnostics->Add(pos(), std::move(message));
}

YamlNode YamlNode::Get(std::string_view key) const {
  if (!IsMap()) return {};
  YamlTree::Node& node = tree_->nodes[static_cast<std::size_t>(index_)];
  node.asked.emplace_back(key);
  for (YamlTree::Key& entry : node.keys) {
    if (entry.name != key) continue;
    entry.known = true;
    return entry.value < 0 ? YamlNode() : YamlNode(tree_, entry.value);
  }
  return {};
}

YamlNode YamlNode::Require(std::string_view key) const {
  YamlNode found = Get(key);
  if (!found.present() && tree_) Error("missing key '" + std::string(key) + "'");
  return found;
}

std::vector<std::pair<std::string, YamlNode>> YamlNode::Entries() const {
  std::vector<std::pair<std::string, YamlNode>> entries;
  if (!tree_) return entries;
  if (!IsMap()) {
    Error("a mapping (key: value) expected");
    return entries;
  }
  for (YamlTree::Key& entry : tree_->nodes[static_cast<std::size_t>(index_)].keys) {
    entry.known = true;
    entries.emplace_back(entry.name, entry.value < 0 ? YamlNode() : YamlNode(tree_, entry.value));
  }
  return entries;
}

SourcePos YamlNode::KeyPos(std::string_view key) const {
  if (!IsMap()) return pos();
  for (const YamlTree::Key& entry : NodeOf(*tree_, index_).keys)
    if (entry.name == key) return tree_->At(entry.line, entry.column);
  return pos();
}

void YamlNode::Done() const {
  if (!tree_) return;
  if (!IsMap()) return Error("a mapping (key: value) expected");
  const YamlTree::Node& node = NodeOf(*tree_, index_);
  const std::vector<std::string_view> asked(node.asked.begin(), node.asked.end());
  for (const YamlTree::Key& entry : node.keys)
    if (!entry.known)
      tree_->diagnostics->Add(tree_->At(entry.line, entry.column),
                              "unknown key '" + entry.name + "'" + DidYouMean(entry.name, asked));
}

std::vector<YamlNode> YamlNode::Items() const {
  std::vector<YamlNode> items;
  if (!tree_) return items;
  if (!IsList()) return {*this};
  for (const int index : NodeOf(*tree_, index_).items) items.push_back({tree_, index});
  return items;
}

}  // namespace webcare

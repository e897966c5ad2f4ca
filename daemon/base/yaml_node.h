// A strict reading of YAML: the only user of yaml-cpp.
//
// Refused with a position, in one pass: duplicate keys, anchors and aliases, tags, a second
// document, empty and half-written files, invalid UTF-8, files over 1 MiB, nesting over 32.
// yaml-cpp 0.7 itself lets most of these through. Half-written is recognised by YAML's own
// end-of-document mark: the last line of every file must be "...". Values are text until a typed
// getter reads them. A getter that meets a wrong value reports it and returns the fallback, so that
// one load reports every mistake. Keys nobody asked for are reported by Done(): call it once on
// every mapping.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/diagnostics.h"

namespace webcare {

struct YamlTree;  // The parsed file, shared by its nodes.

// A cheap handle: copy it freely. Borrows the Diagnostics given to LoadYaml, which must outlive it.
class YamlNode {
 public:
  YamlNode() = default;  // A missing node: every getter returns its fallback silently.

  bool present() const { return tree_ != nullptr; }
  bool IsScalar() const;
  bool IsList() const;
  bool IsMap() const;
  SourcePos pos() const;
  void Error(std::string message) const;  // Reports at this node's position.

  // Mappings. Get marks the key as known; Require also reports a missing one at this node's
  // position.
  YamlNode Get(std::string_view key) const;
  YamlNode Require(std::string_view key) const;
  std::vector<std::pair<std::string, YamlNode>> Entries()
      const;  // In file order; marks all as known.
  SourcePos KeyPos(std::string_view key) const;
  // Reports "unknown key 'x'" with a suggestion for every key that Get, Require and Entries never
  // named.
  void Done() const;

  // Lists; a scalar counts as a list of one, a missing node as none.
  std::vector<YamlNode> Items() const;

  // Scalars. Reports a wrong type, unit or range with what was meant.
  std::string Text(std::string_view fallback = "") const;  // Also reports an empty string.
  bool Bool(bool fallback) const;                          // true, false only.
  std::int64_t Int(std::int64_t fallback, std::int64_t least, std::int64_t most) const;  // Decimal.
  double Number(double fallback, double least, double most) const;
  // "250ms", "90s", "15min", "24h", "28d"; a bare number is an error.
  std::chrono::milliseconds Duration(std::chrono::milliseconds fallback,
                                     std::chrono::milliseconds least,
                                     std::chrono::milliseconds most) const;
  Bytes Size(Bytes fallback, Bytes least, Bytes most) const;  // "64KiB", "8MiB", "1GiB", "100B".
  // One of `allowed`, with a suggestion for a near miss.
  std::string Choice(std::string_view fallback, const std::vector<std::string_view>& allowed) const;
  std::vector<std::string> TextList() const;  // Items() as Text(); reports duplicates.

 private:
  friend YamlNode ParseYaml(std::string, std::string_view, Diagnostics&);
  YamlNode(std::shared_ptr<YamlTree> tree, int index) : tree_(std::move(tree)), index_(index) {}
  // The scalar's text when this is a scalar; else reports "<meant> expected" and gives nothing.
  std::optional<std::string_view> Scalar(std::string_view meant) const;

  std::shared_ptr<YamlTree> tree_;
  int index_ = -1;
};

// `file` is the name shown in messages. Returns a missing node after a syntax error (reported).
YamlNode ParseYaml(std::string file, std::string_view text, Diagnostics& diagnostics);
// Reads and parses; an unreadable file is reported at line 0.
YamlNode LoadYaml(const std::string& path, Diagnostics& diagnostics);

}  // namespace webcare

// The tree behind YamlNode, shared by its two source files. Not for other folders.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/diagnostics.h"

namespace webcare {

struct YamlTree {
  enum class Kind { kNull, kScalar, kList, kMap };
  struct Key {
    std::string name;
    int line, column;
    int value;
    bool known = false;  // Somebody asked for it.
  };
  struct Node {
    Kind kind = Kind::kNull;
    int line = 0, column = 0;
    std::string text;        // kScalar.
    std::vector<int> items;  // kList.
    std::vector<Key> keys;   // kMap.
    std::vector<std::string>
        asked;  // kMap: keys somebody asked for, to suggest one for a near miss.
  };

  std::string file;
  Diagnostics* diagnostics = nullptr;
  std::vector<Node> nodes;

  SourcePos At(int line, int column) const { return {file, line, column}; }
};

}  // namespace webcare

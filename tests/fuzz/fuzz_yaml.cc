// Any bytes as an operator's file: refused with a message or read, never a crash.
#include <cstdint>
#include <string_view>

#include "daemon/base/yaml_node.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  webcare::Diagnostics diagnostics;
  const webcare::YamlNode root =
      webcare::ParseYaml("fuzz.yaml", {reinterpret_cast<const char*>(data), size}, diagnostics);
  root.Require("version").Int(1, 1, 1);
  for (const auto& [key, value] : root.Get("map").Entries()) value.Duration({}, {}, {});
  root.Get("list").TextList();
  root.Done();
  if (!root.present() && diagnostics.ok()) __builtin_trap();
  return 0;
}

// Any bytes as a site's JSON: refused or walked through, never a crash.
#include <cstdint>
#include <string>

#include "daemon/base/json.h"

namespace {

std::size_t Walk(webcare::JsonValue value) {
  std::size_t seen = 1 + value.Str().size() + value.IdText().size() + value["id"].size();
  for (std::size_t i = 0; value.IsArray() && i < value.size(); ++i) seen += Walk(value.at(i));
  value.ForEachMember([&](std::string_view, webcare::JsonValue member) { seen += Walk(member); });
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = webcare::JsonDocument::Parse({reinterpret_cast<const char*>(data), size});
  if (document.ok() && Walk(document->root()) == 0) __builtin_trap();
  return 0;
}

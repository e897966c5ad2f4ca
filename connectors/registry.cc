#include "connectors/registry.h"

namespace webcare {

std::span<const ConnectorType> AllConnectors() { return {}; }

const ConnectorType* FindConnector(std::string_view name) {
  for (const ConnectorType& type : AllConnectors())
    if (type.name == name) return &type;
  return nullptr;
}

}  // namespace webcare

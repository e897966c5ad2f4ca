// Every kind of source this build knows, sorted by name. Adding one is a folder and a line in
// registry.cc.
#pragma once

#include <span>

#include "connectors/connector.h"

namespace webcare {

std::span<const ConnectorType> AllConnectors();

// Null where no connector has that name.
const ConnectorType* FindConnector(std::string_view name);

}  // namespace webcare

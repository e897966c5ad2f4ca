// What the poller remembers of sources, in their rows. Steps of the caller's transaction; errors are the
// Database's (sticky). The rest of these rows is CaseBook's.
#pragma once

#include <string_view>

#include "connectors/source_state.h"
#include "daemon/store/database.h"

namespace webcare {

void WriteSourceState(Database& db, std::string_view id, const SourceState& state);
SourceState ReadSourceState(Database& db, std::string_view id);

}  // namespace webcare

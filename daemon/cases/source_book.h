// The rows behind sources: their numbers and what the poller remembers of them. Steps of the caller's
// transaction; errors are the Database's (sticky).
#pragma once

#include <cstdint>
#include <string_view>

#include "connectors/source_state.h"
#include "daemon/store/database.h"

namespace webcare {

// Given at the first call, the same for life. Also notes the source's type, which events tell.
std::int64_t SourceNumber(Database& db, std::string_view id, std::string_view type);

void WriteSourceState(Database& db, std::string_view id, const SourceState& state);
SourceState ReadSourceState(Database& db, std::string_view id);

}  // namespace webcare

// Many rows in one statement: for small rows SQLite's fixed cost of a statement is more than the
// work. Chunks have one size, so that each kind of statement is prepared once; rows that the last
// chunk has no use for stay NULL.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "daemon/base/digest.h"
#include "daemon/store/database.h"

namespace webcare {

inline constexpr int kBatchRows = 20;  // Divides the usual sizes of pages: 20, 40, 100.

// "VALUES (?1,?2),(?3,?4) ...": kBatchRows rows of `columns` parameters.
std::string BatchValues(int columns);

// Runs `sql`, a query over BatchValues(1), for all keys and calls `found` for each row.
void LookUp(Database& db, const std::string& sql, std::span<const Id128> keys,
            const std::function<void(const Statement&)>& found);

}  // namespace webcare

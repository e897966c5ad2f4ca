// Many rows in one statement: for small rows SQLite's fixed cost of a statement is more than the
// work. Chunks have one size, so that each kind of statement is prepared once; rows that the last
// chunk has no use for stay NULL.
#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <string>

#include "daemon/store/database.h"

namespace webcare {

inline constexpr int kBatchRows = 20;  // Divides the usual sizes of pages: 20, 40, 100.

// "VALUES (?1,?2),(?3,?4) ...": kBatchRows rows of `columns` parameters.
std::string BatchValues(int columns);

// Runs `sql`, a query over BatchValues(1), for all keys and calls `found` for each row.
template <typename Key>
void LookUp(Database& db, const std::string& sql, std::span<const Key> keys,
            const std::function<void(const Statement&)>& found) {
  while (!keys.empty()) {
    const auto chunk = keys.first(std::min<std::size_t>(keys.size(), kBatchRows));
    keys = keys.subspan(chunk.size());
    auto row = db.Query(sql);
    for (std::size_t i = 0; i < chunk.size(); ++i) row.Bind(static_cast<int>(i) + 1, chunk[i]);
    while (row.Step()) found(row);
  }
}

}  // namespace webcare

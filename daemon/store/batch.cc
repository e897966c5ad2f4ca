#include "daemon/store/batch.h"

#include <algorithm>

namespace webcare {

std::string BatchValues(int columns) {
  std::string values = "VALUES ";
  for (int parameter = 1; parameter <= kBatchRows * columns; ++parameter) {
    values += parameter % columns == 1 || columns == 1 ? "(?" : "?";
    values += std::to_string(parameter);
    values += parameter % columns == 0 ? ")," : ",";
  }
  values.pop_back();
  return values;
}

void LookUp(Database& db, const std::string& sql, std::span<const Id128> keys,
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

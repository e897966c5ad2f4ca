#include "daemon/store/batch.h"

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

}  // namespace webcare

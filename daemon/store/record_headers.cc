#include "daemon/store/record_headers.h"

#include "daemon/store/parts.h"

namespace webcare {

void RecordHeaders::Iterator::Take() {
  left_ = rest_.size();
  if (!TakePart(rest_, header_.first) || !TakePart(rest_, header_.second)) left_ = 0;
}

RecordHeaders::RecordHeaders(std::initializer_list<Header> headers) {
  for (const auto& [name, value] : headers) Add(name, value);
}

RecordHeaders RecordHeaders::FromBytes(std::string_view bytes) {
  std::size_t whole = 0;
  std::string_view part;
  for (std::string_view rest = bytes; TakePart(rest, part) && TakePart(rest, part);)
    whole = bytes.size() - rest.size();
  RecordHeaders headers;
  headers.bytes_ = bytes.substr(0, whole);
  return headers;
}

void RecordHeaders::Add(std::string_view name, std::string_view value) {
  constexpr std::size_t kUsual = 512;
  if (bytes_.empty()) bytes_.reserve(kUsual);
  AppendPart(bytes_, name);
  AppendPart(bytes_, value);
}

std::string_view RecordHeaders::Get(std::string_view name) const {
  for (const auto& [key, value] : *this) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace webcare

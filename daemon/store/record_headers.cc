#include "daemon/store/record_headers.h"

namespace webcare {
namespace {

// Takes one part from the front; false where the bytes do not hold one.
bool TakePart(std::string_view& bytes, std::string_view& part) {
  if (bytes.size() < 4) return false;
  std::size_t size = 0;
  for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes[i]);
  if (bytes.size() - 4 < size) return false;
  part = bytes.substr(4, size);
  bytes.remove_prefix(4 + size);
  return true;
}

void AppendPart(std::string& out, std::string_view part) {
  const std::size_t size = part.size();
  const char length[] = {static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                         static_cast<char>(size >> 8), static_cast<char>(size)};
  out.append(length, sizeof length).append(part);
}

}  // namespace

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

// Texts one behind the other as bytes of the state file (schema.md): each preceded by its length as four
// bytes, most significant first.
#pragma once

#include <string>
#include <string_view>

namespace webcare {

// REQUIRES: `part` is under 4 GiB.
inline void AppendPart(std::string& out, std::string_view part) {
  const std::size_t size = part.size();
  const char length[] = {static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                         static_cast<char>(size >> 8), static_cast<char>(size)};
  out.append(length, sizeof length).append(part);
}

// Takes one from the front; it points into `bytes`. False where they do not hold one: the end, or damage.
inline bool TakePart(std::string_view& bytes, std::string_view& part) {
  if (bytes.size() < 4) return false;
  std::size_t size = 0;
  for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes[i]);
  if (bytes.size() - 4 < size) return false;
  part = bytes.substr(4, size);
  bytes.remove_prefix(4 + size);
  return true;
}

}  // namespace webcare

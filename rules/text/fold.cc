#include "rules/text/fold.h"

#include <unicode/uvernum.h>
#include <unicode/uversion.h>

#include <cassert>
#include <cstring>

#include "daemon/base/eight_bytes.h"
#include "daemon/base/utf8.h"
#include "rules/text/fold_table.h"

namespace webcare {
namespace {

// The high bit of every byte (all below 0x80) that lies in [first, last].
constexpr std::uint64_t InRange(std::uint64_t bytes, char first, char last) {
  const std::uint64_t at_least = bytes + (0x80 - static_cast<std::uint64_t>(first)) * kOnes;
  const std::uint64_t above = bytes + (0x7F - static_cast<std::uint64_t>(last)) * kOnes;
  return (at_least & ~above) & kHighBits;
}

// How many bytes of a result of InRange are set. (std::popcount is a call without SSE 4.2.)
constexpr std::uint32_t CountHighs(std::uint64_t highs) {
  return static_cast<std::uint32_t>(((highs >> 7) * kOnes) >> 56);
}

// Eight ASCII characters at once: capitals to lower case, backtick to apostrophe.
std::uint64_t FoldEight(std::uint64_t bytes, Folded& out) {
  const std::uint64_t capitals = InRange(bytes, 'A', 'Z');
  const std::uint64_t lower = bytes | (capitals >> 2);
  out.capitals += CountHighs(capitals);
  out.letters += CountHighs(InRange(lower, 'a', 'z'));
  const std::uint64_t backticks = InRange(lower, '`', '`') >> 7;
  return lower ^ (backticks * ('`' ^ '\''));
}

char FoldOne(char c, Folded& out) {
  if (c >= 'A' && c <= 'Z') {
    ++out.capitals;
    ++out.letters;
    return static_cast<char>(c | 0x20);
  }
  if (c >= 'a' && c <= 'z') ++out.letters;
  return c == '`' ? '\'' : c;
}

}  // namespace

Span Folded::ToOriginal(std::uint32_t begin, std::uint32_t end) const {
  assert(begin < end && end <= size_);
  if (!mapped_) return {begin, end};
  while (end < size_ && origin_[end] == origin_[end - 1]) ++end;
  return {origin_[begin], origin_[end]};
}

void Folded::StartMap(std::size_t done, std::size_t original_size) {
  mapped_ = true;
  const std::size_t most = done + (original_size - done) * 3;  // FoldChar's promise.
  if (bytes_.size() < most + 8) bytes_.resize(most + 8);
  if (origin_.size() < most + 1) origin_.resize(most + 1);
  for (std::size_t i = 0; i < done; ++i) origin_[i] = static_cast<std::uint32_t>(i);
}

void Fold(std::string_view text, Folded& out) {
  out.letters = out.capitals = 0;
  out.mapped_ = false;
  if (out.bytes_.size() < text.size() + 8) out.bytes_.resize(text.size() + 8);
  std::size_t size = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = 0;
    if (at + 8 <= text.size()) eight = LoadEight(text.data() + at);
    if (at + 8 <= text.size() && (eight & kHighBits) == 0) {
      eight = FoldEight(eight, out);
      std::memcpy(out.bytes_.data() + size, &eight, 8);
      if (out.mapped_)
        for (std::uint32_t i = 0; i < 8; ++i)
          out.origin_[size + i] = static_cast<std::uint32_t>(at) + i;
      size += 8;
      at += 8;
      continue;
    }
    const auto origin = static_cast<std::uint32_t>(at);
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      if (out.mapped_) out.origin_[size] = origin;
      out.bytes_[size++] = FoldOne(text[at++], out);
      continue;
    }
    if (!out.mapped_) out.StartMap(size, text.size());
    const FoldedChar folded = FoldChar(DecodeUtf8(text, at));
    out.letters += folded.is_letter;
    out.capitals += folded.is_upper;
    for (std::size_t i = 0; i < folded.size; ++i) {
      out.bytes_[size] = folded.bytes[i];
      out.origin_[size++] = origin;
    }
  }
  if (out.mapped_) out.origin_[size] = static_cast<std::uint32_t>(text.size());
  out.size_ = size;
}

LibraryVersion UnicodeLibrary() {
  UVersionInfo version;
  u_getVersion(version);
  char running[U_MAX_VERSION_STRING_LENGTH];
  u_versionToString(version, running);
  return {"ICU", U_ICU_VERSION, running};
}

}  // namespace webcare

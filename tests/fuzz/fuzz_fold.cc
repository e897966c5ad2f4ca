// Any bytes as a post: the folded text, its map back and the words keep their promises.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/base/utf8.h"
#include "rules/text/analysis.h"
#include "rules/text/token_hash.h"

namespace {

void Require(bool good) {
  if (!good) std::abort();
}

bool IsBoundary(const std::string& text, std::uint32_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

void CheckMap(const std::string& text, const webcare::Folded& folded) {
  const auto size = static_cast<std::uint32_t>(folded.text().size());
  Require(size <= 3 * text.size());
  std::uint32_t last = 0;
  for (std::uint32_t at = 0; at < size; ++at) {
    const webcare::Span span = folded.ToOriginal(at, at + 1);
    Require(span.begin >= last && span.begin < span.end && span.end <= text.size());
    Require(IsBoundary(text, span.begin) && IsBoundary(text, span.end));
    last = span.begin;
  }
  // What a span shows folds to at least what was found.
  if (size == 0) return;
  const std::uint32_t middle = size / 2;
  const webcare::Span span = folded.ToOriginal(middle, size);
  webcare::Folded part;
  webcare::Fold(std::string_view(text).substr(span.begin, span.end - span.begin), part);
  Require(part.text().ends_with(folded.text().substr(middle)));
}

void CheckWords(const webcare::Analysis& analysis) {
  const auto slots = static_cast<std::uint32_t>(analysis.slots.size());
  std::uint32_t from = 0;
  for (const webcare::Token& token : analysis.tokens) {
    Require(token.from >= from && token.from < token.to && token.to <= slots);
    Require(!token.text.empty() && token.hash == webcare::HashWord(token.text));
    Require(token.to - token.from <= analysis.longest_token);
    from = token.from;
  }
  for (std::uint32_t slot = 0; slot < slots; ++slot) {
    Require(analysis.TokensBegin(slot) < analysis.TokensEnd(slot));
    Require(analysis.slots[slot].begin < analysis.slots[slot].end);
    Require(slot == 0 || analysis.slots[slot].clause >= analysis.slots[slot - 1].clause);
    analysis.OriginalSpan(slot, slot + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  static webcare::Analysis analysis;  // Reused, as the engine does.
  webcare::Analyze(bytes, analysis);  // Must survive whatever it is.
  const std::string text = webcare::RepairUtf8(bytes);
  webcare::Analyze(text, analysis);
  CheckMap(text, analysis.folded);
  CheckWords(analysis);
  webcare::Folded again;
  webcare::Fold(analysis.folded.text(), again);
  Require(again.text() == analysis.folded.text());
  return 0;
}

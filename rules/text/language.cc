#include "rules/text/language.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <cstdio>  // compact_lang_det.h uses FILE without including it.
#include <optional>
#include <string>

namespace webcare {
namespace {

constexpr std::size_t kShortText = 40;
constexpr std::size_t kEnoughText = 1024;  // cld2 gains nothing from more.

// One language has at least two function words and three times as many as the other.
std::optional<Language> ClearVote(const Analysis& analysis) {
  const int nl = analysis.dutch_words;
  const int en = analysis.english_words;
  if (nl >= 2 && nl >= 3 * en) return Language::kDutch;
  if (en >= 2 && en >= 3 * nl) return Language::kEnglish;
  return std::nullopt;
}

Language SlightVote(const Analysis& analysis) {
  if (analysis.dutch_words > analysis.english_words) return Language::kDutch;
  if (analysis.english_words > analysis.dutch_words) return Language::kEnglish;
  return Language::kUnsure;
}

std::optional<Language> Declared(std::string_view tag) {
  const std::string_view primary = tag.substr(0, tag.find_first_of("-_"));
  if (primary == "nl" || primary == "af" || primary == "vls") return Language::kDutch;
  if (primary == "en") return Language::kEnglish;
  return std::nullopt;
}

bool IsNoise(const Token& token) {
  return token.text.starts_with('#') || token.text.starts_with('<');
}

// The original without mentions, links, tags: they are in no language.
std::string Cleaned(std::string_view text, const Analysis& analysis) {
  std::string out;
  for (const Token& token : analysis.tokens) {
    if (!token.primary || IsNoise(token)) continue;
    const Span span = analysis.OriginalSpan(token.from, token.to);
    if (out.size() + (span.end - span.begin) > kEnoughText) break;
    if (!out.empty()) out += ' ';
    out += text.substr(span.begin, span.end - span.begin);
  }
  return out;
}

Language AskCld2(const std::string& text) {
  const CLD2::CLDHints hints = {"nl,en", nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language best[3] = {};
  int percent[3] = {};
  double scores[3] = {};
  int text_bytes = 0;
  int valid_bytes = 0;
  bool reliable = false;
  const CLD2::Language language = CLD2::ExtDetectLanguageSummaryCheckUTF8(
      text.data(), static_cast<int>(text.size()), true, &hints, 0, best, percent, scores, nullptr,
      &text_bytes, &reliable, &valid_bytes);
  switch (language) {
    case CLD2::DUTCH:
    case CLD2::AFRIKAANS:
      return Language::kDutch;
    case CLD2::ENGLISH:
      return Language::kEnglish;
    case CLD2::UNKNOWN_LANGUAGE:
      return Language::kUnsure;
    default:
      return Language::kOther;
  }
}

}  // namespace

std::string_view ToString(Language language) {
  switch (language) {
    case Language::kDutch:
      return "nl";
    case Language::kEnglish:
      return "en";
    case Language::kUnsure:
    case Language::kOther:
      break;
  }
  return "und";
}

Language IdentifyLanguage(std::string_view text, const Analysis& analysis,
                          std::string_view declared) {
  if (const auto vote = ClearVote(analysis)) return *vote;
  const std::string cleaned = Cleaned(text, analysis);
  const bool is_short = cleaned.size() < kShortText;
  if (is_short) {
    if (const auto language = Declared(declared)) return *language;
  }
  if (cleaned.empty()) return Language::kUnsure;
  const Language answer = AskCld2(cleaned);
  if (answer == Language::kUnsure || (answer == Language::kOther && is_short))
    return SlightVote(analysis);
  return answer;
}

}  // namespace webcare

#include "rules/phrase.h"

#include <algorithm>
#include <utility>

#include "rules/text/analysis.h"

namespace webcare {
namespace {

constexpr std::size_t kLeastStem = 3;  // "ge*" would be a third of the language.
constexpr std::size_t kLeastPart = 4;
constexpr std::size_t kMaxOptional = 4;

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool IsClass(std::string_view word) {
  return word == "<mention>" || word == "<link>" || word == "<number>";
}

}  // namespace

std::vector<Phrase> PhraseParser::Parse(const std::vector<Written>& texts, bool single) {
  std::vector<Phrase> phrases;
  for (const Written& text : texts) {
    const bool whole_list =
        text.text.starts_with('$') && text.text.find_first_of(" |?") == std::string::npos;
    if (!whole_list) {
      ParseOne(text, single, phrases);
    } else if (const WrittenList* list = FindList(text, text.text)) {
      for (const Written& entry : list->entries) ParseOne(entry, single, phrases);
    }
  }
  return phrases;
}

bool PhraseParser::Fail(const Written& text, std::string message) {
  diagnostics_.Add(text.pos, std::move(message));
  return false;
}

const WrittenList* PhraseParser::FindList(const Written& text, std::string_view name) {
  name.remove_prefix(1);
  const auto found = lists_.find(name);
  if (found == lists_.end()) {
    std::vector<std::string_view> names;
    for (const auto& [known, list] : lists_) names.push_back(known);
    Fail(text, "list '" + std::string(name) + "' is not defined" + DidYouMean(name, names));
    return nullptr;
  }
  used_lists_[found->first] = true;
  return found->second;
}

void PhraseParser::ParseOne(const Written& text, bool single, std::vector<Phrase>& out) {
  std::vector<Piece> pieces;
  bool gap = false;
  for (const std::string_view chunk : Split(text.text, ' ')) {
    if (chunk.empty()) continue;
    if (chunk == "*") {
      if (pieces.empty() || gap) {
        Fail(text, "a lone '*' stands between words: '" + text.text + "'");
        return;
      }
      gap = true;
      continue;
    }
    const std::size_t before = pieces.size();
    if (!ParseChunk(text, chunk, gap, pieces)) return;
    if (pieces.size() > before) gap = false;
  }
  if (!CheckShape(text, pieces, gap, single)) return;
  Expand(pieces, out);
}

void PhraseParser::Expand(const std::vector<Piece>& pieces, std::vector<Phrase>& out) {
  std::vector<std::size_t> optional;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    if (pieces[i].optional) optional.push_back(i);
  for (unsigned without = 0; without < 1u << optional.size(); ++without) {
    Phrase phrase;
    bool gap = false;
    for (std::size_t i = 0, seen = 0; i < pieces.size(); ++i) {
      gap |= pieces[i].word.gap_before;  // A missing word leaves its gap behind.
      if (pieces[i].optional && (without >> seen++ & 1) != 0) continue;
      phrase.push_back(pieces[i].word);
      phrase.back().gap_before = std::exchange(gap, false);
    }
    out.push_back(std::move(phrase));
  }
}

// One blank-separated part of a phrase: "werkt", "dagen|weken", "(er|het)?", "$list", "e-mail".
bool PhraseParser::ParseChunk(const Written& text, std::string_view chunk, bool gap,
                              std::vector<Piece>& pieces) {
  Piece piece;
  piece.word.gap_before = gap;
  if (chunk.size() > 1 && chunk.back() == '?') {
    piece.optional = true;
    chunk.remove_suffix(1);
  }
  if (chunk.size() > 2 && chunk.front() == '(' && chunk.back() == ')')
    chunk = chunk.substr(1, chunk.size() - 2);
  const auto alternatives = Split(chunk, '|');
  if (alternatives.size() == 1 && chunk.find_first_of("$*<") == std::string_view::npos)
    return ParsePlain(text, chunk, piece, pieces);
  for (const std::string_view alternative : alternatives)
    if (!AddAlternative(text, alternative, piece.word.any_of)) return false;
  auto& words = piece.word.any_of;
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  pieces.push_back(std::move(piece));
  return true;
}

// Plain text may be several words ("e-mail") or none ("&").
bool PhraseParser::ParsePlain(const Written& text, std::string_view chunk, Piece piece,
                              std::vector<Piece>& pieces) {
  const std::vector<std::string> words = FoldedWords(chunk);
  if (piece.optional && words.size() != 1)
    return Fail(text, "'" + std::string(chunk) + "?' is not one word");
  for (const std::string& word : words) {
    if (IsClass(word)) return Fail(text, "write " + word + " for any name or address");
    piece.word.any_of = {word};
    pieces.push_back(piece);
    piece.word.gap_before = false;
  }
  return true;
}

bool PhraseParser::AddAlternative(const Written& text, std::string_view word,
                                  std::vector<std::string>& out) {
  if (IsClass(word)) {
    out.emplace_back(word);
    return true;
  }
  if (word.starts_with('<'))
    return Fail(text, "'" + std::string(word) + "' is not one of <mention>, <link>, <number>");
  if (word.starts_with('$')) {
    const WrittenList* list = FindList(text, word);
    if (list == nullptr) return false;
    return std::all_of(list->entries.begin(), list->entries.end(), [&](const Written& entry) {
      return entry.text.starts_with('$') ? Fail(entry, "a list cannot hold a list")
                                         : AddAlternative({entry.text, text.pos}, entry.text, out);
    });
  }
  const bool open_start = word.starts_with('*');
  const bool open_end = word.size() > 1 && word.ends_with('*');
  const std::string_view body = word.substr(open_start, word.size() - open_start - open_end);
  const std::vector<std::string> words = FoldedWords(body);
  if (words.size() != 1 || body.find('*') != std::string_view::npos)
    return Fail(text, "'" + std::string(word) + "' is not one word");
  const std::size_t least = open_start && open_end   ? kLeastPart
                            : open_start || open_end ? kLeastStem
                                                     : 1;
  if (words[0].size() < least)
    return Fail(text, "'" + std::string(word) + "' is too short: at least " +
                          std::to_string(least) + " letters beside a star");
  out.push_back((open_start ? "*" : "") + words[0] + (open_end ? "*" : ""));
  return true;
}

bool PhraseParser::CheckShape(const Written& text, const std::vector<Piece>& pieces, bool open_gap,
                              bool single) {
  const std::string quoted = "'" + text.text + "'";
  if (pieces.empty()) return Fail(text, quoted + " holds no word");
  if (open_gap) return Fail(text, "a lone '*' stands between words: " + quoted);
  if (pieces.front().optional || pieces.back().optional)
    return Fail(
        text,
        "the first or last word of a phrase cannot be optional: leave out the '?' of " + quoted);
  if (pieces.size() > kMaxPhraseWords)
    return Fail(text, "a phrase of over " + std::to_string(kMaxPhraseWords) + " words: " + quoted);
  const auto optional =
      std::count_if(pieces.begin(), pieces.end(), [](const Piece& p) { return p.optional; });
  if (static_cast<std::size_t>(optional) > kMaxOptional)
    return Fail(text, "over " + std::to_string(kMaxOptional) + " optional words: " + quoted);
  if (single && pieces.size() > 1)
    return Fail(text, quoted + " is " + std::to_string(pieces.size()) + " words: use 'phrase'");
  return true;
}

}  // namespace webcare

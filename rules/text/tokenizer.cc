// The words of a folded text. See analysis.h for what comes out and rules/README.md for what it
// means.
#include <algorithm>
#include <array>

#include "daemon/base/utf8.h"
#include "rules/text/analysis.h"
#include "rules/text/fold_table.h"
#include "rules/text/lexicon.h"
#include "rules/text/squeeze.h"
#include "rules/text/token_hash.h"

namespace webcare {
namespace {

constexpr std::string_view kMention = "<mention>";
constexpr std::string_view kLink = "<link>";
constexpr std::string_view kNumber = "<number>";
constexpr int kMaxParts =
    4;  // Slots of one word: enough for "met betrekking tot" and most #CamelTags.

enum class ByteClass : std::uint8_t { kSkip, kWord, kHigh, kStop, kAt, kHash };

constexpr std::array<ByteClass, 256> kByteClass = [] {
  std::array<ByteClass, 256> table{};
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = ByteClass::kWord;
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = ByteClass::kWord;
  for (std::size_t c = 0x80; c < 256; ++c) table[c] = ByteClass::kHigh;
  for (const unsigned char c : {'.', ',', '!', '?', ';', ':', '\n'}) table[c] = ByteClass::kStop;
  table['@'] = ByteClass::kAt;
  table['#'] = ByteClass::kHash;
  return table;
}();

ByteClass ClassOfByte(char c) { return kByteClass[static_cast<unsigned char>(c)]; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

class Tokenizer {
 public:
  Tokenizer(std::string_view original, Analysis& out)
      : original_(original), text_(out.folded.text()), out_(out) {}

  void Run() {
    while (at_ < text_.size()) {
      switch (ClassOfByte(text_[at_])) {
        case ByteClass::kWord:
          Word();
          break;
        case ByteClass::kHigh:
          High();
          break;
        case ByteClass::kStop:
          Stop();
          break;
        case ByteClass::kAt:
          At();
          break;
        case ByteClass::kHash:
          Tag();
          break;
        case ByteClass::kSkip:
          ++at_;
          break;
      }
    }
  }

 private:
  // One way to read a word, in up to kMaxParts words.
  struct Reading {
    std::array<std::string_view, kMaxParts> parts;
    int count = 0;
  };

  bool IsWordByteAt(std::size_t i) const {
    return i < text_.size() && ClassOfByte(text_[i]) == ByteClass::kWord;
  }

  // The length of the non-ASCII word character at `i`, or 0.
  std::size_t HighWordChar(std::size_t i) const {
    if (i >= text_.size() || ClassOfByte(text_[i]) != ByteClass::kHigh) return 0;
    std::size_t next = i;
    const char32_t c = DecodeUtf8(text_, next);
    return FoldChar(c).kind == CharClass::kWord ? next - i : 0;
  }

  std::size_t WordCharAt(std::size_t i) const { return IsWordByteAt(i) ? 1 : HighWordChar(i); }

  void Word() {
    const std::size_t begin = at_;
    bool elongated = false;
    for (;;) {
      elongated |= SkipWordBytes();
      const bool apostrophe = at_ < text_.size() && text_[at_] == '\'' && WordCharAt(at_ + 1) > 0;
      const std::size_t more = apostrophe ? 1 : HighWordChar(at_);
      if (more == 0) break;
      at_ += more;
    }
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (StartsLink(word)) return Link(begin);
    EmitWord(begin, word, elongated);
  }

  // Moves behind the word bytes at `at_`. True: a letter stands there three times in a row.
  bool SkipWordBytes() {
    const char* const first = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    const char* c = first;
    bool elongated = false;
    for (; c != end && ClassOfByte(*c) == ByteClass::kWord; ++c)
      elongated |= c - first >= 2 && c[0] == c[-1] && c[0] == c[-2] && IsLetter(*c);
    at_ += static_cast<std::size_t>(c - first);
    return elongated;
  }

  bool StartsLink(std::string_view word) const {
    if (word.size() < 3 || word.size() > 5) return false;
    const std::string_view rest = text_.substr(at_);
    return ((word == "http" || word == "https") && rest.starts_with("://")) ||
           (word == "www" && rest.starts_with("."));
  }

  void Link(std::size_t begin) {
    at_ = std::min(text_.find_first_of(" \n\t", at_), text_.size());
    std::size_t end = at_;
    while (end > begin + 1 &&
           std::string_view(".,!?;:)'\"").find(text_[end - 1]) != std::string_view::npos)
      --end;
    at_ = end;
    ++out_.features.links;
    EmitClass(begin, end, kLink);
  }

  void At() {
    if (WordCharAt(at_ + 1) == 0) {
      ++at_;
      return;
    }
    std::size_t begin = at_;
    const bool mail = at_ > 0 && ClassOfByte(text_[at_ - 1]) == ByteClass::kWord;
    if (mail) begin = DropLocalPart();
    for (++at_; at_ < text_.size();) {
      const bool joint = std::string_view("._-@").find(text_[at_]) != std::string_view::npos;
      const std::size_t more =
          joint ? (text_[at_] == '_' || WordCharAt(at_ + 1) > 0) : WordCharAt(at_);
      if (more == 0) break;
      at_ += more;
    }
    mail ? ++out_.features.links : ++out_.features.mentions;
    EmitClass(begin, at_, mail ? kLink : kMention);
  }

  // "jan.jansen@..." has been read as words already: takes them back. Returns where the address
  // begins.
  std::size_t DropLocalPart() {
    std::size_t begin = at_;
    const std::size_t least = out_.slots.empty() ? at_ : mail_floor_;
    while (begin > least &&
           (ClassOfByte(text_[begin - 1]) == ByteClass::kWord ||
            std::string_view("._%+-").find(text_[begin - 1]) != std::string_view::npos))
      --begin;
    while (!out_.slots.empty() && out_.slots.back().begin >= begin) {
      while (!out_.tokens.empty() && out_.tokens.back().from + 1 >= out_.slots.size()) {
        out_.features.words -= out_.tokens.back().primary;
        out_.tokens.pop_back();
      }
      out_.slots.pop_back();
    }
    return begin;
  }

  void Tag() {
    const std::size_t begin = at_++;
    std::size_t part = at_;
    Reading split;
    while (at_ < text_.size()) {
      const std::size_t more = text_[at_] == '_' ? 1 : WordCharAt(at_);
      if (more == 0) break;
      if (at_ > part && split.count < kMaxParts - 1 && BeginsPart(at_)) {
        split.parts[static_cast<std::size_t>(split.count++)] = text_.substr(part, at_ - part);
        part = at_;
      }
      at_ += more;
    }
    if (at_ == begin + 1) return;  // A lone '#'.
    ++out_.features.tags;
    split.parts[static_cast<std::size_t>(split.count++)] = text_.substr(part, at_ - part);
    const std::string_view whole = text_.substr(begin, at_ - begin);
    readings_.clear();
    AddReading(whole);
    AddReading(whole.substr(1));
    if (split.count > 1) readings_.push_back(split);
    EmitReadings(begin, at_);
    if (split.count > 1) PlaceParts(split);
    mail_floor_ = at_;
  }

  // A capital after a small letter or digit: the V of #NooitVeranderd.
  bool BeginsPart(std::size_t i) const {
    const char here = original_[out_.folded.Origin(static_cast<std::uint32_t>(i))];
    const char before = original_[out_.folded.Origin(static_cast<std::uint32_t>(i - 1))];
    return here >= 'A' && here <= 'Z' && (IsLetter(before) || IsDigit(before));
  }

  // Gives every slot of a split tag the characters of its own part.
  void PlaceParts(const Reading& split) {
    const std::size_t first = out_.slots.size() - static_cast<std::size_t>(split.count);
    for (std::size_t i = 0; i < static_cast<std::size_t>(split.count); ++i) {
      const auto begin = static_cast<std::uint32_t>(split.parts[i].data() - text_.data());
      if (i > 0) out_.slots[first + i].begin = begin;
      out_.slots[first + i].end = begin + static_cast<std::uint32_t>(split.parts[i].size());
    }
  }

  void High() {
    const std::size_t begin = at_;
    const char32_t c = DecodeUtf8(text_, at_);
    const CharClass kind = FoldChar(c).kind;
    if (kind == CharClass::kWord) {
      at_ = begin;
      Word();
    } else if (kind == CharClass::kEmoji) {
      ++out_.features.emoji;
      EmitClass(begin, at_, text_.substr(begin, at_ - begin));
    }
  }

  void Stop() {
    const char c = text_[at_];
    const bool in_number = (c == '.' || c == ',' || c == ':') && at_ > 0 &&
                           IsDigit(text_[at_ - 1]) && at_ + 1 < text_.size() &&
                           IsDigit(text_[at_ + 1]);
    ++at_;
    if (in_number) return;
    ++segment_;
    ++clause_;
    out_.features.exclamations += c == '!';
    out_.features.question_marks += c == '?';
    sentence_open_ |= c == '.' || c == '!' || c == '?' || c == '\n';
    mail_floor_ = c == '.' ? mail_floor_ : at_;
  }

  void EmitWord(std::size_t begin, std::string_view word, bool elongated) {
    const std::uint64_t hash = HashWord(word);
    const LexiconEntry* entry = FindInLexicon(word, hash);
    ++out_.features.words;
    if (entry != nullptr) {
      out_.dutch_words += entry->dutch;
      out_.english_words += entry->english;
      clause_ += entry->opens_clause;
    }
    const bool plain = !elongated && !IsDigit(word[0]) && !word.ends_with("'s") &&
                       (entry == nullptr || (entry->reads_as.empty() && !entry->number));
    if (plain) {
      PushSlot(begin, at_);
      const auto slot = static_cast<std::uint32_t>(out_.slots.size());
      out_.tokens.push_back({word, hash, slot - 1, slot, true});
    } else {
      readings_.clear();
      AddReading(word);
      AddLexicon(entry);
      if (word.size() > 2 && word.ends_with("'s")) AddReading(word.substr(0, word.size() - 2));
      if (IsDigit(word[0])) AddNumber(word);
      if (elongated) AddSqueezed(word);
      EmitReadings(begin, at_);
    }
    sentence_open_ = false;
  }

  void AddReading(std::string_view word) { readings_.push_back({{word}, 1}); }

  void AddLexicon(const LexiconEntry* entry) {
    if (entry == nullptr) return;
    if (entry->number) AddReading(kNumber);
    if (entry->reads_as.empty()) return;
    Reading reading;
    std::string_view left = entry->reads_as;
    while (!left.empty()) {
      const std::size_t space = std::min(left.find(' '), left.size());
      reading.parts[static_cast<std::size_t>(reading.count++)] = left.substr(0, space);
      left.remove_prefix(std::min(space + 1, left.size()));
    }
    readings_.push_back(reading);
  }

  // "12" is also <number>; "3x" also "3 x" and "<number> x".
  void AddNumber(std::string_view word) {
    const auto* end = std::find_if_not(word.begin(), word.end(), IsDigit);
    const auto digits = static_cast<std::size_t>(end - word.begin());
    if (digits == word.size()) return AddReading(kNumber);
    const std::string_view rest = word.substr(digits);
    readings_.push_back({{word.substr(0, digits), rest}, 2});
    readings_.push_back({{kNumber, rest}, 2});
  }

  // Every run of three or more equal letters as two and as one of them; a word with more than two
  // such runs gets the same length for all.
  void AddSqueezed(std::string_view word) {
    out_.features.elongated = true;
    if (out_.squeezed_.capacity() < text_.size() * 4) out_.squeezed_.reserve(text_.size() * 4);
    const int runs = LongRuns(word);
    for (unsigned form = 0; form < 4; ++form) {
      const bool uneven = form == 1 || form == 2;
      if (uneven && runs != 2) continue;
      const std::string_view squeezed = Squeeze(word, form, out_.squeezed_);
      AddReading(squeezed);
      AddLexicon(FindInLexicon(squeezed, HashWord(squeezed)));
    }
  }

  // A mention, link or emoji: it does not use up the beginning of a sentence.
  void EmitClass(std::size_t begin, std::size_t end, std::string_view token) {
    PushSlot(begin, end);
    PushToken(token, HashWord(token), 1, true);
    mail_floor_ = end;
  }

  void EmitReadings(std::size_t begin, std::size_t end) {
    int slots = 0;
    for (const Reading& reading : readings_) slots = std::max(slots, reading.count);
    out_.longest_token = std::max(out_.longest_token, static_cast<std::uint32_t>(slots));
    for (int slot = 0; slot < slots; ++slot) {
      PushSlot(begin, end);
      for (std::size_t r = 0; r < readings_.size(); ++r) {
        const Reading& reading = readings_[r];
        if (slot >= reading.count) continue;
        const std::string_view word = reading.parts[static_cast<std::size_t>(slot)];
        const int length = slot + 1 == reading.count ? slots - slot : 1;
        PushToken(word, HashWord(word), length, r == 0);
      }
    }
  }

  void PushSlot(std::size_t begin, std::size_t end) {
    out_.slots.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
                          static_cast<std::uint32_t>(out_.tokens.size()), segment_, clause_,
                          sentence_open_});
  }

  // A token of the slot pushed last. Two readings may agree; the second is dropped.
  void PushToken(std::string_view text, std::uint64_t hash, int length, bool primary) {
    const auto from = static_cast<std::uint32_t>(out_.slots.size() - 1);
    const auto to = from + static_cast<std::uint32_t>(length);
    for (std::size_t i = out_.slots.back().first_token; i < out_.tokens.size(); ++i)
      if (out_.tokens[i].hash == hash && out_.tokens[i].to == to && out_.tokens[i].text == text)
        return;
    out_.tokens.push_back({text, hash, from, to, primary});
  }

  const std::string_view original_;
  const std::string_view text_;
  Analysis& out_;
  std::size_t at_ = 0;
  std::uint32_t segment_ = 0;
  std::uint32_t clause_ = 0;
  bool sentence_open_ = true;
  std::size_t mail_floor_ = 0;  // A mail address cannot begin before this.
  std::vector<Reading> readings_;
};

void Analyze(std::string_view text, Analysis& out) {
  Fold(text, out.folded);
  out.slots.clear();
  out.tokens.clear();
  out.squeezed_.clear();
  out.features = {};
  out.dutch_words = out.english_words = 0;
  out.longest_token = 1;
  Tokenizer(text, out).Run();
  if (out.folded.letters > 0)
    out.features.caps_share = static_cast<double>(out.folded.capitals) / out.folded.letters;
}

std::vector<std::string> FoldedWords(std::string_view pattern) {
  Analysis analysis;
  Analyze(pattern, analysis);
  std::vector<std::string> words;
  for (const Token& token : analysis.tokens)
    if (token.primary) words.emplace_back(token.text);
  return words;
}

}  // namespace webcare

#include "rules/text/fold_table.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/utf8.h"

namespace webcare {
namespace {

constexpr char32_t kDropped = 0xFFFFFFFF;

struct Plain {
  char32_t from;
  char32_t to;
};

// Typographic characters whose compatibility decomposition is missing or unhelpful (U+00B4 would
// become a space). Sorted by `from`.
constexpr Plain kPlain[] = {
    {0x60, '\''},   {0x85, '\n'},   {0xA9, 0xA9},   {0xAB, '"'},    {0xAE, 0xAE},
    {0xB4, '\''},   {0xBB, '"'},    {0x2B9, '\''},  {0x2BB, '\''},  {0x2BC, '\''},
    {0x2BD, '\''},  {0x2CA, '\''},  {0x2CB, '\''},  {0x1FEF, '\''}, {0x1FFD, '\''},
    {0x2010, '-'},  {0x2011, '-'},  {0x2012, '-'},  {0x2013, '-'},  {0x2014, '-'},
    {0x2015, '-'},  {0x2018, '\''}, {0x2019, '\''}, {0x201A, '\''}, {0x201B, '\''},
    {0x201C, '"'},  {0x201D, '"'},  {0x201E, '"'},  {0x201F, '"'},  {0x2028, '\n'},
    {0x2029, '\n'}, {0x2032, '\''}, {0x2033, '"'},  {0x2044, '/'},  {0x2122, 0x2122},
    {0x2212, '-'},  {0xFF07, '\''}, {0xFF40, '\''},
};

// The plain form of one character, kDropped, or 0 when it has no rule of its own.
char32_t PlainForm(char32_t c) {
  const auto* found =
      std::lower_bound(std::begin(kPlain), std::end(kPlain), c,
                       [](const Plain& plain, char32_t key) { return plain.from < key; });
  if (found != std::end(kPlain) && found->from == c) return found->to;
  if (c >= 0x1F3FB && c <= 0x1F3FF) return kDropped;  // Skin tones.
  const auto code = static_cast<UChar32>(c);
  switch (u_charType(code)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
      return kDropped;
    case U_SPACE_SEPARATOR:
      return ' ';
    default:
      return 0;
  }
}

using Utf16 = std::vector<UChar>;

Utf16 Decompose(const Utf16& text) {
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* nfkd = unorm2_getNFKDInstance(&error);
  Utf16 out(text.size() * 20 + 8);
  const int32_t size = unorm2_normalize(nfkd, text.data(), static_cast<int32_t>(text.size()),
                                        out.data(), static_cast<int32_t>(out.size()), &error);
  if (U_FAILURE(error)) return text;
  out.resize(static_cast<std::size_t>(size));
  return out;
}

Utf16 FoldCase(const Utf16& text) {
  UErrorCode error = U_ZERO_ERROR;
  Utf16 out(text.size() * 3 + 8);
  const int32_t size =
      u_strFoldCase(out.data(), static_cast<int32_t>(out.size()), text.data(),
                    static_cast<int32_t>(text.size()), U_FOLD_CASE_DEFAULT, &error);
  if (U_FAILURE(error)) return text;
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string FoldByUnicode(char32_t c) {
  Utf16 text(2);
  int32_t size = 0;
  U16_APPEND_UNSAFE(text.data(), size, static_cast<UChar32>(c));
  text.resize(static_cast<std::size_t>(size));
  text = Decompose(FoldCase(Decompose(text)));
  std::string out;
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    UChar32 code = 0;
    U16_NEXT(text.data(), i, length, code);
    const char32_t plain = PlainForm(static_cast<char32_t>(code));
    if (plain != kDropped) AppendUtf8(out, plain != 0 ? plain : static_cast<char32_t>(code));
  }
  return out;
}

std::string FoldText(char32_t c) {
  std::string self;
  AppendUtf8(self, c);
  const char32_t plain = PlainForm(c);
  if (plain == kDropped) return "";
  std::string out;
  if (plain != 0) {
    AppendUtf8(out, plain);
    return out;
  }
  out = FoldByUnicode(c);
  return out.size() > std::min(3 * self.size(), FoldedChar{}.bytes.size()) ? self : out;
}

CharClass ClassOf(char32_t c) {
  const auto code = static_cast<UChar32>(c);
  if (u_isalnum(code) || u_charType(code) == U_COMBINING_SPACING_MARK) return CharClass::kWord;
  if (c >= 0x80 &&
      (u_hasBinaryProperty(code, UCHAR_EXTENDED_PICTOGRAPHIC) ||
       u_hasBinaryProperty(code, UCHAR_REGIONAL_INDICATOR) || u_charType(code) == U_OTHER_SYMBOL))
    return CharClass::kEmoji;
  return CharClass::kOther;
}

FoldedChar Compute(char32_t c) {
  FoldedChar out;
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return out;  // Only ill-formed text has these.
  const std::string text = FoldText(c);
  std::copy(text.begin(), text.end(), out.bytes.begin());
  out.size = static_cast<std::uint8_t>(text.size());
  out.is_letter = u_isalpha(static_cast<UChar32>(c)) != 0;
  out.is_upper = u_isUUppercase(static_cast<UChar32>(c)) != 0;
  if (!text.empty()) {
    std::size_t at = 0;
    out.kind = ClassOf(DecodeUtf8(text, at));
  }
  return out;
}

// The blocks of 256 characters that posts are made of; others are computed each time.
constexpr std::pair<char32_t, char32_t> kTabled[] = {
    {0x0000, 0x33FF}, {0xFB00, 0xFFFF}, {0x1D400, 0x1D7FF}, {0x1F000, 0x1FAFF}};
constexpr std::size_t kBlocks = 0x1FB00 >> 8;

class FoldTable {
 public:
  FoldTable() {
    for (const auto& [first, last] : kTabled) {
      for (char32_t block = first >> 8; block <= last >> 8; ++block) {
        blocks_[block] = std::make_unique<Block>();
        for (char32_t i = 0; i < 256; ++i) (*blocks_[block])[i] = Compute((block << 8) | i);
      }
    }
  }

  FoldedChar Find(char32_t c) const {
    if ((c >> 8) < kBlocks && blocks_[c >> 8]) return (*blocks_[c >> 8])[c & 0xFF];
    return Compute(c);
  }

 private:
  using Block = std::array<FoldedChar, 256>;
  std::array<std::unique_ptr<Block>, kBlocks> blocks_;
};

}  // namespace

FoldedChar FoldChar(char32_t code_point) {
  static const FoldTable kTable;
  return kTable.Find(code_point);
}

}  // namespace webcare

#include "connectors/sites/syndication/xml_recovery.h"

#include <algorithm>
#include <array>

#include "connectors/markup/entities.h"

namespace webcare {
namespace {

constexpr std::string_view kCdata = "<![CDATA[";

// Bytes that may need care; all others are copied in runs.
constexpr std::array<bool, 256> MakeSpecial() {
  std::array<bool, 256> special{};
  for (std::size_t c = 0; c < 0x20; ++c) special[c] = c != '\t' && c != '\n' && c != '\r';
  special['<'] = special['&'] = special[']'] = special[0xEF] = true;
  return special;
}
constexpr std::array<bool, 256> kSpecial = MakeSpecial();

bool IsSpecial(char c) { return kSpecial[static_cast<unsigned char>(c)]; }

bool StartsName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Recovery {
 public:
  explicit Recovery(std::string_view text) : rest_(text) {}

  std::string Run() {
    rest_.remove_prefix(std::min(rest_.find('<'), rest_.size()));
    out_.reserve(rest_.size() + rest_.size() / 16);
    while (!rest_.empty()) {
      CopyRun();
      if (rest_.empty()) break;
      if (rest_.front() == '<') {
        TakeMarkup();
      } else if (rest_.front() == '&') {
        TakeReference();
      } else if (rest_.front() == ']') {
        TakeBracket();
      } else {
        TakeOdd();
      }
    }
    return std::move(out_);
  }

 private:
  void CopyRun() {
    const auto end = std::find_if(rest_.begin(), rest_.end(), IsSpecial);
    Copy(static_cast<std::size_t>(end - rest_.begin()));
  }
  void Copy(std::size_t size) {
    out_.append(rest_.substr(0, size));
    rest_.remove_prefix(size);
  }
  void SkipBehind(std::string_view end) {
    const std::size_t at = rest_.find(end);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + end.size());
  }

  void TakeMarkup() {
    if (rest_.substr(0, 4) == "<!--") return SkipBehind("-->");
    if (rest_.substr(0, 2) == "<?") return SkipBehind("?>");
    if (rest_.substr(0, kCdata.size()) == kCdata) return CopyCdata();
    const char next = rest_.size() > 1 ? rest_[1] : ' ';
    if (next == '/' || next == '!' || StartsName(next)) return Copy(1);
    out_.append("&lt;");
    rest_.remove_prefix(1);
  }

  void CopyCdata() {
    const std::size_t end = rest_.find("]]>");
    const std::size_t size = end == std::string_view::npos ? rest_.size() : end + 3;
    for (std::string_view section = rest_.substr(0, size); !section.empty();) {
      const auto odd = std::find_if(section.begin(), section.end(), IsOdd);
      const auto fine = static_cast<std::size_t>(odd - section.begin());
      out_.append(section.substr(0, fine));
      section.remove_prefix(fine);
      if (section.empty()) break;
      const bool forbidden = IsForbidden(section);
      if (!forbidden) out_.push_back(section.front());
      section.remove_prefix(forbidden ? OddSize(section) : 1);
    }
    rest_.remove_prefix(size);
  }

  void TakeReference() {
    std::string character;
    const std::size_t taken = DecodeEntity(rest_, EntityPlace::kText, character);
    if (taken == 0 || rest_[taken - 1] != ';') {
      out_.append("&amp;");
      rest_.remove_prefix(1);
      return;
    }
    if (character == "<") {
      out_.append("&lt;");
    } else if (character == "&") {
      out_.append("&amp;");
    } else if (character == "\"" || character == "'" || character == ">" || character == "\t" ||
               character == "\n" || character == "\r") {
      Copy(taken);
      return;
    } else if (!IsForbidden(character)) {
      out_.append(character);
    }
    rest_.remove_prefix(taken);
  }

  // "]]>" may end CDATA sections only.
  void TakeBracket() {
    if (rest_.substr(0, 3) != "]]>") return Copy(1);
    out_.append("]]&gt;");
    rest_.remove_prefix(3);
  }

  // At a control character or 0xEF: dropped where XML forbids it.
  void TakeOdd() {
    if (IsForbidden(rest_)) {
      rest_.remove_prefix(OddSize(rest_));
    } else {
      Copy(1);
    }
  }

  static bool IsOdd(char c) { return c == '\xEF' || (IsSpecial(c) && IsControl(c)); }
  static bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20; }
  static bool IsForbidden(std::string_view at) {
    if (at.front() != '\xEF') return IsOdd(at.front());
    return at.substr(0, 3) == "\xEF\xBF\xBE" || at.substr(0, 3) == "\xEF\xBF\xBF";
  }
  static std::size_t OddSize(std::string_view at) { return at.front() == '\xEF' ? 3 : 1; }

  std::string_view rest_;
  std::string out_;
};

}  // namespace

std::string RecoverXml(std::string_view text) { return Recovery(text).Run(); }

}  // namespace webcare

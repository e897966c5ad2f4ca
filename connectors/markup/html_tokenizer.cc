#include "connectors/markup/html_tokenizer.h"

#include <algorithm>
#include <iterator>

#include "connectors/markup/entities.h"
#include "connectors/markup/text.h"

namespace webcare {
namespace {

constexpr std::size_t kLongestName = 32;
constexpr std::size_t kLongestValue =
    4096;  // Longer attribute values are cut; no URL is that long.

constexpr std::string_view kSkippedContent[] = {"iframe", "noembed",  "noframes", "script",
                                                "style",  "textarea", "title"};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool SkipsContent(std::string_view name) {
  return std::find(std::begin(kSkippedContent), std::end(kSkippedContent), name) !=
         std::end(kSkippedContent);
}

bool EndsValue(char c) { return IsHtmlSpace(c) || c == '>'; }
bool EndsTagName(char c) { return IsHtmlSpace(c) || c == '/' || c == '>'; }
bool EndsAttributeName(char c) { return EndsTagName(c) || c == '='; }

// The first character from `at` on for which `ends` holds, or the end. Names are short:
// find_first_of would call memchr for each of their bytes.
template <typename Ends>
std::size_t EndOf(std::string_view text, std::size_t at, Ends ends) {
  while (at < text.size() && !ends(text[at])) ++at;
  return std::min(at, text.size());
}

std::string* WantedAttribute(HtmlToken& token, std::string_view name) {
  switch (name.size()) {
    case 3:
      if (EqualsIgnoreCase(name, "alt")) return &token.alt;
      return EqualsIgnoreCase(name, "rel") ? &token.rel : nullptr;
    case 4:
      if (EqualsIgnoreCase(name, "href")) return &token.href;
      return EqualsIgnoreCase(name, "type") ? &token.type : nullptr;
    case 5:
      return EqualsIgnoreCase(name, "class") ? &token.css_class : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

void HtmlTokenizer::Next(HtmlToken& token) {
  while (at_ < html_.size()) {
    if (html_[at_] == '<' && !only_text_) {
      const Found found = ReadMarkup(token);
      if (found == Found::kToken) return;
      if (found == Found::kNothing) continue;
    }
    const std::size_t end =
        only_text_ ? html_.size() : std::min(html_.find('<', at_ + 1), html_.size());
    token.kind = HtmlTokenKind::kText;
    token.text = html_.substr(at_, end - at_);
    at_ = end;
    return;
  }
  token.kind = HtmlTokenKind::kEnd;
}

HtmlTokenizer::Found HtmlTokenizer::ReadMarkup(HtmlToken& token) {
  const char next = at_ + 1 < html_.size() ? html_[at_ + 1] : ' ';
  if (next == '!') return ReadDeclaration(token);
  if (next == '?') return SkipBehind(">");
  if (next == '/') return ReadEndTag(token);
  return IsLetter(next) ? ReadStartTag(token) : Found::kLiteral;
}

HtmlTokenizer::Found HtmlTokenizer::ReadDeclaration(HtmlToken& token) {
  constexpr std::string_view kCdata = "<![CDATA[";
  const std::string_view rest = html_.substr(at_);
  if (rest.substr(0, 4) == "<!--") {
    at_ += 2;  // So that "<!-->" is a whole comment.
    return SkipBehind("-->");
  }
  if (rest.substr(0, kCdata.size()) != kCdata) return SkipBehind(">");
  const std::size_t end = std::min(rest.find("]]>"), rest.size());
  token.kind = HtmlTokenKind::kRawText;
  token.text = rest.substr(kCdata.size(), end - kCdata.size());
  at_ = std::min(at_ + end + 3, html_.size());
  return Found::kToken;
}

HtmlTokenizer::Found HtmlTokenizer::ReadEndTag(HtmlToken& token) {
  if (at_ + 2 >= html_.size()) return Found::kLiteral;
  if (!IsLetter(html_[at_ + 2])) return SkipBehind(">");
  at_ += 2;
  token.kind = HtmlTokenKind::kEndTag;
  ReadName(token.name);
  SkipBehind(">");
  return Found::kToken;
}

HtmlTokenizer::Found HtmlTokenizer::ReadStartTag(HtmlToken& token) {
  const std::size_t from = at_++;
  token.kind = HtmlTokenKind::kStartTag;
  ReadName(token.name);
  token.self_closing = false;
  for (std::string* value : {&token.href, &token.css_class, &token.alt, &token.rel, &token.type}) {
    value->clear();
  }
  saw_value_ = false;
  if (ReadAttributes(token)) {
    if (!token.self_closing && SkipsContent(token.name)) SkipContent(token.name);
    return Found::kToken;
  }
  if (saw_value_) return Found::kNothing;  // Cut off inside a tag: at_ is at the end.
  at_ = from;
  only_text_ = true;
  return Found::kLiteral;
}

bool HtmlTokenizer::ReadAttributes(HtmlToken& token) {
  while (at_ < html_.size()) {
    const char c = html_[at_];
    if (c == '>') {
      ++at_;
      return true;
    }
    token.self_closing = c == '/';
    if (c == '/' || IsHtmlSpace(c)) {
      ++at_;
    } else {
      ReadAttribute(token);
    }
  }
  return false;
}

void HtmlTokenizer::ReadAttribute(HtmlToken& token) {
  const std::size_t from = at_++;  // A '=' in front belongs to the name (WHATWG).
  at_ = EndOf(html_, at_, EndsAttributeName);
  const std::string_view name = html_.substr(from, at_ - from);
  std::size_t next = at_;
  while (next < html_.size() && IsHtmlSpace(html_[next])) ++next;
  if (next >= html_.size() || html_[next] != '=') return;
  at_ = next + 1;
  const std::string_view value = ReadValue();
  saw_value_ = true;
  std::string* wanted = WantedAttribute(token, name);
  if (wanted != nullptr && wanted->empty()) {
    DecodeEntities(value.substr(0, kLongestValue), EntityPlace::kAttribute, *wanted);
  }
}

std::string_view HtmlTokenizer::ReadValue() {
  while (at_ < html_.size() && IsHtmlSpace(html_[at_])) ++at_;
  if (at_ >= html_.size()) return {};
  const char quote = html_[at_];
  // A quote that never closes is looked for once: none can follow it.
  if (quote == '"' || quote == '\'') {
    const std::size_t end = html_.find(quote, at_ + 1);
    if (end != std::string_view::npos) {
      const std::string_view value = html_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return value;
    }
    ++at_;
  }
  const std::size_t from = at_;
  at_ = EndOf(html_, at_, EndsValue);
  return html_.substr(from, at_ - from);
}

void HtmlTokenizer::ReadName(std::string& name) {
  const std::size_t from = at_;
  at_ = EndOf(html_, at_, EndsTagName);
  name.assign(html_.substr(from, std::min(at_ - from, kLongestName)));
  for (char& c : name) c = LowerAscii(c);
}

void HtmlTokenizer::SkipContent(std::string_view name) {
  std::size_t end = html_.find("</", at_);
  while (end != std::string_view::npos &&
         !EqualsIgnoreCase(html_.substr(end + 2, name.size()), name)) {
    end = html_.find("</", end + 2);
  }
  at_ = std::min(end, html_.size());
}

HtmlTokenizer::Found HtmlTokenizer::SkipBehind(std::string_view end) {
  const std::size_t found = html_.find(end, at_);
  at_ = found == std::string_view::npos ? html_.size() : found + end.size();
  return Found::kNothing;
}

bool HasTag(std::string_view html) {
  HtmlTokenizer tokenizer(html);
  HtmlToken token;
  do {
    tokenizer.Next(token);
  } while (token.kind == HtmlTokenKind::kText);
  return token.kind != HtmlTokenKind::kEnd;
}

}  // namespace webcare

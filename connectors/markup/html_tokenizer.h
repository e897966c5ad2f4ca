// HTML as a stream of tags and text (after WHATWG HTML 13.2.5, without building a tree).
//
// Comments, processing instructions and doctypes are skipped. The content of script, style, iframe,
// noembed, noframes, textarea and title is skipped. CDATA sections are text, since feeds nest them.
// Broken markup never fails: a '<' that opens no tag is text; a tag that never ends is dropped when
// it looks cut off ("<a href=...") and text otherwise. One pass, linear in the input.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace webcare {

enum class HtmlTokenKind { kText, kRawText, kStartTag, kEndTag, kEnd };

struct HtmlToken {
  HtmlTokenKind kind = HtmlTokenKind::kEnd;
  std::string_view text;  // kText: references not decoded yet. kRawText: as it is (CDATA).
  std::string name;       // Tags: lower case, at most 32 bytes are kept.
  std::string href, css_class, alt, rel, type;  // Start tags: the attributes we use, decoded.
  bool self_closing = false;
};

// Borrows the text.
class HtmlTokenizer {
 public:
  explicit HtmlTokenizer(std::string_view html) : html_(html) {}

  // Overwrites `token`; kEnd when nothing is left. The views stay valid with the text.
  void Next(HtmlToken& token);

 private:
  enum class Found { kToken, kNothing, kLiteral };  // kNothing: markup that says nothing to us.

  Found ReadMarkup(HtmlToken& token);  // At '<'.
  Found ReadDeclaration(HtmlToken& token);
  Found ReadEndTag(HtmlToken& token);
  Found ReadStartTag(HtmlToken& token);
  bool ReadAttributes(HtmlToken& token);  // False: the text ended inside the tag.
  void ReadAttribute(HtmlToken& token);
  std::string_view ReadValue();
  void ReadName(std::string& name);
  void SkipContent(std::string_view name);
  Found SkipBehind(std::string_view end);

  std::string_view html_;
  std::size_t at_ = 0;
  bool saw_value_ = false;  // In the tag being read.
  bool only_text_ = false;  // The rest holds no markup.
};

// Has a tag as the tokenizer sees one.
bool HasTag(std::string_view html);

}  // namespace webcare

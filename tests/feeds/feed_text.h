// Plain text to the HTML that sites make of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace webcare {

struct TextPiece {
  enum class Kind { kText, kTag, kMention, kLink, kLineBreak, kParagraph };
  Kind kind = Kind::kText;
  std::string_view text;  // Tag without '#', mention without '@', link as written.
};

// "#tag", "@user", "@user@domain", "https://...", "\n" and blank lines; the rest as text.
std::vector<TextPiece> SplitText(std::string_view text);

// Escapes & < > " ' for HTML and XML.
std::string EscapeMarkup(std::string_view text);

// As Mastodon's TextFormatter: mentions as h-card spans, tags and links with invisible and ellipsis
// spans. Names without a domain and tags belong to `instance`.
std::string MastodonHtml(std::string_view text, std::string_view instance);
// As a blog engine: paragraphs, line breaks and links only.
std::string FeedHtml(std::string_view text);

}  // namespace webcare

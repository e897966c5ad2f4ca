// HTML to plain text (feeds.md 0.4): what a person would read, never re-emitted as HTML.
//
// <br> is a line end; the ends of p, div, li, blockquote, pre, headings and the like are paragraph
// breaks (one empty line, never more); white space collapses except in <pre>; scripts, styles and
// comments go; references are decoded once. Result as CleanText (text.h): NFC, no controls.
// Images say nothing but emoji, whose alt text is kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/post.h"

namespace webcare {

struct HtmlText {
  std::string text;
  // Targets of <a>, http and https only, in order of appearance, each once, at most 100. Not those
  // whose class says mention or hashtag, nor rel="tag".
  std::vector<std::string> links;
  // From <a class="mention">: "anna@social.example" where the target tells the server, else "anna".
  std::vector<std::string> mentions;
  std::vector<std::string> hashtags;  // From <a class="hashtag"> or rel="tag", without '#'.
  bool truncated = false;             // The text was longer than the limit.
};

struct HtmlOptions {
  std::string_view base_url = {};  // Relative links are resolved against it.
  // Feeds often escape twice: where the input has no tag but escaped ones ("&lt;p"), decode it once
  // more. Not for sites whose HTML can be trusted: there "&lt;b" is what the author wrote.
  bool mend_double_escaping = false;
  std::size_t limit = kMaxPostText.count;  // Bytes of text.
};

// Any bytes; linear. Links that Mastodon shortens for display (spans "invisible", "ellipsis") stand
// in the text with their whole target.
HtmlText HtmlToText(std::string_view html, const HtmlOptions& options = {});

// The same for text that is not HTML: CleanText, trimmed, cut at the limit; no links are looked
// for.
HtmlText PlainToText(std::string_view text, std::size_t limit = kMaxPostText.count);

}  // namespace webcare

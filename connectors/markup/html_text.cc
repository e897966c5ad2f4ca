#include "connectors/markup/html_text.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "connectors/markup/entities.h"
#include "connectors/markup/html_tokenizer.h"
#include "connectors/markup/text.h"
#include "connectors/markup/url.h"
#include "daemon/base/eight_bytes.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

constexpr std::size_t kMostLinks = 100;

// Elements whose start and end are paragraph breaks. Sorted.
constexpr std::string_view kBlocks[] = {
    "address", "article", "aside",    "blockquote", "body",    "center", "dd",   "details", "div",
    "dl",      "dt",      "fieldset", "figcaption", "figure",  "footer", "form", "h1",      "h2",
    "h3",      "h4",      "h5",       "h6",         "header",  "hr",     "li",   "main",    "nav",
    "ol",      "p",       "pre",      "section",    "summary", "table",  "ul"};
static_assert(std::is_sorted(std::begin(kBlocks), std::end(kBlocks)));

bool IsBlock(std::string_view name) {
  if (name == "p") return true;  // Of ten tags in posts, seven are p, a, span or br.
  if (name == "a" || name == "span" || name == "br") return false;
  return std::binary_search(std::begin(kBlocks), std::end(kBlocks), name);
}

bool HasWord(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto* const end = std::find_if(list.begin(), list.end(), IsHtmlSpace);
    const auto size = static_cast<std::size_t>(end - list.begin());
    if (EqualsIgnoreCase(list.substr(0, size), word)) return true;
    list.remove_prefix(std::min(size + 1, list.size()));
  }
  return false;
}

// Text with collapsed white space and pending breaks.
class Writer {
 public:
  void Text(std::string_view text) {
    if (pre_depth_ > 0) return Verbatim(text);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = EndOfWords(text, at);
      if (end > at) {
        Flush();
        out_.append(text.substr(at, end - at));
      }
      at = end;
      for (std::size_t size = 0; (size = SpaceSize(text, at)) > 0; at += size) space_ = true;
    }
  }
  void Reserve(std::size_t bytes) { out_.reserve(bytes); }
  void Space() { space_ = true; }
  void Break(int lines) { breaks_ = std::min(2, lines == 1 ? breaks_ + 1 : lines); }
  void StartPre() {
    Break(2);
    ++pre_depth_;
    drop_newline_ = true;
  }
  void EndPre() {
    if (pre_depth_ > 0) --pre_depth_;
    while (!out_.empty() && out_.back() == '\n') out_.pop_back();
    Break(2);
  }

  const std::string& out() const { return out_; }
  std::string Take() { return std::move(out_); }
  // What was written since `from` (an earlier out().size()), without the space around it.
  std::string_view Since(std::size_t from) const {
    return TrimSpace(std::string_view(out_).substr(std::min(from, out_.size())));
  }
  void ReplaceSince(std::size_t from, std::string_view text) {
    if (Since(from).empty()) return Text(text);
    out_.resize(static_cast<std::size_t>(Since(from).data() - out_.data()));
    out_.append(text);
  }

 private:
  void Flush() {
    if (!out_.empty() && breaks_ > 0) {
      out_.append(static_cast<std::size_t>(breaks_), '\n');
    } else if (!out_.empty() && space_ && !IsHtmlSpace(out_.back())) {
      out_.push_back(' ');
    }
    breaks_ = 0;
    space_ = false;
  }
  // U+00A0 collapses like a space: it is used for layout.
  static std::size_t SpaceSize(std::string_view text, std::size_t at) {
    if (at >= text.size()) return 0;
    if (IsHtmlSpace(text[at])) return 1;
    return text[at] == '\xC2' && at + 1 < text.size() && text[at + 1] == '\xA0' ? 2 : 0;
  }
  // So many of eight bytes are surely words with single spaces between them. The last is none of these
  // spaces: what comes behind it is not known.
  static std::size_t SizeOfWords(const char* text) {
    const std::uint64_t bytes = LoadEight(text);
    const std::uint64_t spaces = BytesEqual(bytes, ' ');
    if ((BytesBelow(bytes, ' ') | BytesEqual(bytes, '\xC2') | (spaces & spaces >> 8)) != 0)
      return 0;
    return text[7] == ' ' ? 7 : 8;
  }
  // Single spaces between words stay as they are, so words are copied many at a time.
  static std::size_t EndOfWords(std::string_view text, std::size_t at) {
    const auto plain = [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '\xC2'; };
    const std::size_t from = at;
    for (; at < text.size(); ++at) {
      for (std::size_t size = 1; size > 0 && at > from && at + 8 <= text.size(); at += size)
        size = SizeOfWords(text.data() + at);
      if (at == text.size()) break;
      if (plain(text[at]) || SpaceSize(text, at) == 0) continue;
      const bool single = text[at] == ' ' && at > from && at + 1 < text.size();
      if (!single || SpaceSize(text, at + 1) > 0) break;
    }
    return at;
  }
  void Verbatim(std::string_view text) {
    if (std::exchange(drop_newline_, false) && text.substr(0, 1) == "\n") text.remove_prefix(1);
    if (text.empty()) return;
    Flush();
    out_.append(text);
  }

  std::string out_;
  bool space_ = false;
  int breaks_ = 0;
  int pre_depth_ = 0;
  bool drop_newline_ = false;  // The first of a <pre> says nothing (WHATWG HTML 13.2.6.4.7).
};

// "@anna" at https://social.example/@anna is "anna@social.example".
std::string MentionHandle(std::string_view visible, std::string_view href) {
  std::string handle = CleanLine(visible);
  if (!handle.empty() && handle.front() == '@') handle.erase(0, 1);
  if (handle.find('@') != std::string::npos) return handle;
  const std::string host = UrlHost(href);
  const bool names_server = !host.empty() && EqualsIgnoreCase(SplitUrl(href).path, "/@" + handle);
  return names_server ? handle + "@" + host : handle;
}

// Clean, trimmed, cut; true: something was cut off.
bool Finish(std::string text, std::size_t limit, std::string& out) {
  const std::size_t enough = CutUtf8(text, 4 * limit).size();
  bool cut = enough < text.size();
  text.resize(enough);
  out = IsSurelyClean(text) ? std::move(text) : CleanText(text);
  const std::string_view trimmed = TrimSpace(out);
  cut |= trimmed.size() > limit;
  const std::string_view kept = TrimSpace(CutUtf8(trimmed, limit));
  if (kept.size() == out.size()) return cut;
  out.erase(0, static_cast<std::size_t>(kept.data() - out.data()));
  out.resize(kept.size());
  return cut;
}

class Converter {
 public:
  explicit Converter(const HtmlOptions& options) : options_(options) {}

  HtmlText Run(std::string_view html) {
    // NFC and dropped controls shrink a text to no less than a third, so four limits are enough.
    const std::size_t enough = 4 * options_.limit;
    writer_.Reserve(std::min(html.size(), enough));
    HtmlTokenizer tokenizer(html);
    HtmlToken token;
    for (tokenizer.Next(token); token.kind != HtmlTokenKind::kEnd; tokenizer.Next(token)) {
      Take(token);
      if (writer_.out().size() <= enough) continue;
      result_.truncated = true;
      break;
    }
    CloseAnchor();
    result_.truncated |= Finish(writer_.Take(), options_.limit, result_.text);
    return std::move(result_);
  }

 private:
  struct Anchor {
    std::string href;
    std::size_t from = 0;
    bool shortened = false;
    bool is_mention = false;
    bool is_hashtag = false;
  };

  void Take(const HtmlToken& token) {
    switch (token.kind) {
      case HtmlTokenKind::kText:
        if (token.text.find('&') == std::string_view::npos) return writer_.Text(token.text);
        return writer_.Text(DecodeEntities(token.text, EntityPlace::kText));
      case HtmlTokenKind::kRawText:
        return writer_.Text(token.text);
      case HtmlTokenKind::kStartTag:
        return Start(token);
      case HtmlTokenKind::kEndTag:
        return End(token.name);
      case HtmlTokenKind::kEnd:
        return;
    }
  }

  void Start(const HtmlToken& tag) {
    if (tag.name == "br") return writer_.Break(1);
    if (tag.name == "a") return OpenAnchor(tag);
    if (tag.name == "pre" && !tag.self_closing) return writer_.StartPre();
    if (tag.name == "tr") return writer_.Break(1);
    if (tag.name == "td" || tag.name == "th") return writer_.Space();
    if (tag.name == "img" && HasWord(tag.css_class, "emoji")) return writer_.Text(tag.alt);
    if (tag.name == "span" && anchor_open_ &&
        (HasWord(tag.css_class, "invisible") || HasWord(tag.css_class, "ellipsis"))) {
      anchor_.shortened = true;
    }
    if (IsBlock(tag.name)) writer_.Break(2);
  }

  void End(std::string_view name) {
    if (name == "a") return CloseAnchor();
    if (name == "pre") return writer_.EndPre();
    if (IsBlock(name)) writer_.Break(2);
  }

  void OpenAnchor(const HtmlToken& tag) {
    CloseAnchor();  // Anchors do not nest.
    anchor_open_ = true;
    anchor_ = {ResolveUrl(options_.base_url, tag.href), writer_.out().size(), false,
               HasWord(tag.css_class, "mention"),
               HasWord(tag.css_class, "hashtag") || HasWord(tag.rel, "tag")};
    if (anchor_.is_hashtag) anchor_.is_mention = false;  // Mastodon: class="mention hashtag".
  }

  void CloseAnchor() {
    if (!std::exchange(anchor_open_, false)) return;
    const std::string_view visible = writer_.Since(anchor_.from);
    if (anchor_.is_mention) return Add(MentionHandle(visible, anchor_.href), result_.mentions);
    if (anchor_.is_hashtag) return AddHashtag(visible);
    std::string href =
        IsSurelyClean(anchor_.href) ? std::move(anchor_.href) : CleanText(anchor_.href);
    if (!IsWebUrl(href)) return;
    if (anchor_.shortened) writer_.ReplaceSince(anchor_.from, href);
    Add(std::move(href), result_.links);
  }

  void AddHashtag(std::string_view visible) {
    std::string tag = CleanLine(visible);
    if (!tag.empty() && tag.front() == '#') tag.erase(0, 1);
    Add(std::move(tag), result_.hashtags);
  }

  static void Add(std::string value, std::vector<std::string>& list) {
    if (value.empty() || list.size() >= kMostLinks) return;
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(std::move(value));
  }

  const HtmlOptions& options_;
  Writer writer_;
  HtmlText result_;
  Anchor anchor_;
  bool anchor_open_ = false;
};

// "&lt;" before a letter or '/'.
bool HasEscapedTag(std::string_view html) {
  for (std::size_t at = html.find("&lt;"); at != std::string_view::npos;
       at = html.find("&lt;", at + 4)) {
    const char next = at + 4 < html.size() ? html[at + 4] : ' ';
    if (next == '/' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z')) return true;
  }
  return false;
}

}  // namespace

HtmlText HtmlToText(std::string_view html, const HtmlOptions& options) {
  if (options.mend_double_escaping && HasEscapedTag(html) && !HasTag(html)) {
    return Converter(options).Run(DecodeEntities(html, EntityPlace::kText));
  }
  return Converter(options).Run(html);
}

HtmlText PlainToText(std::string_view text, std::size_t limit) {
  HtmlText result;
  const std::string_view enough = CutUtf8(text, 4 * limit);
  result.truncated = Finish(std::string(enough), limit, result.text) || enough.size() < text.size();
  return result;
}

}  // namespace webcare

#include "tests/feeds/feed_text.h"

#include <algorithm>

namespace webcare {
namespace {

using Kind = TextPiece::Kind;

bool IsNameByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || c == '_';
}

std::size_t EndOf(std::string_view text, std::size_t at, bool (*belongs)(char)) {
  while (at < text.size() && belongs(text[at])) ++at;
  return at;
}

bool IsDomainByte(char c) {
  return (IsNameByte(c) && c != '_' && static_cast<unsigned char>(c) < 0x80) || c == '.' ||
         c == '-';
}

std::string_view TagAt(std::string_view text, std::size_t at) {
  const std::string_view name = text.substr(at + 1, EndOf(text, at + 1, IsNameByte) - at - 1);
  return name.find_first_not_of("0123456789_") == std::string_view::npos ? "" : name;
}

std::string_view MentionAt(std::string_view text, std::size_t at) {
  std::size_t end = EndOf(text, at + 1, IsNameByte);
  if (end == at + 1) return "";
  if (end < text.size() && text[end] == '@') {
    std::size_t stop = EndOf(text, end + 1, IsDomainByte);
    while (stop > end + 1 && (text[stop - 1] == '.' || text[stop - 1] == '-')) --stop;
    if (stop > end + 1) end = stop;
  }
  return text.substr(at + 1, end - at - 1);
}

std::string_view LinkAt(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (!rest.starts_with("https://") && !rest.starts_with("http://")) return "";
  std::string_view link = rest.substr(0, rest.find_first_of(" \t\r\n<>\""));
  while (!link.empty() && std::string_view(".,;:!?)'").find(link.back()) != std::string_view::npos)
    link.remove_suffix(1);
  return link.size() > 8 ? link : "";
}

// The piece that starts at `at`, or an empty text piece.
TextPiece SpecialAt(std::string_view text, std::size_t at) {
  const bool inside = at > 0 && (IsNameByte(text[at - 1]) || text[at - 1] == '/');
  if (text[at] == '\n')
    return {text.substr(at).starts_with("\n\n") ? Kind::kParagraph : Kind::kLineBreak, "\n"};
  if (inside) return {};
  if (text[at] == '#') return {Kind::kTag, TagAt(text, at)};
  if (text[at] == '@') return {Kind::kMention, MentionAt(text, at)};
  if (text[at] == 'h') return {Kind::kLink, LinkAt(text, at)};
  return {};
}

std::size_t LengthIn(std::string_view text, std::size_t at, const TextPiece& piece) {
  if (piece.kind == Kind::kParagraph)
    return std::min(text.find_first_not_of('\n', at), text.size()) - at;
  if (piece.kind == Kind::kTag || piece.kind == Kind::kMention) return piece.text.size() + 1;
  return piece.text.size();
}

void AppendMention(std::string& html, std::string_view name, std::string_view instance) {
  const std::size_t split = name.find('@');
  const std::string_view user = name.substr(0, split);
  const std::string_view domain =
      split == std::string_view::npos ? instance : name.substr(split + 1);
  html.append("<span class=\"h-card\" translate=\"no\"><a href=\"https://").append(domain);
  html.append("/@").append(user).append("\" class=\"u-url mention\">@<span>").append(user);
  html.append("</span></a></span>");
}

void AppendLink(std::string& html, std::string_view link) {
  constexpr std::size_t kShown = 30;
  std::size_t scheme = link.find("://") + 3;
  if (link.substr(scheme).starts_with("www.")) scheme += 4;
  const std::string_view rest = link.substr(scheme);
  const std::string_view shown = rest.substr(0, kShown);
  html.append("<a href=\"").append(EscapeMarkup(link));
  html.append("\" target=\"_blank\" rel=\"nofollow noopener\" translate=\"no\">");
  html.append("<span class=\"invisible\">").append(EscapeMarkup(link.substr(0, scheme)));
  html.append("</span><span class=\"").append(rest.size() > kShown ? "ellipsis" : "");
  html.append("\">").append(EscapeMarkup(shown)).append("</span><span class=\"invisible\">");
  html.append(EscapeMarkup(rest.substr(shown.size()))).append("</span></a>");
}

void AppendTag(std::string& html, std::string_view tag, std::string_view instance) {
  html.append("<a href=\"https://").append(instance).append("/tags/").append(EscapeMarkup(tag));
  html.append("\" class=\"mention hashtag\" rel=\"tag\">#<span>").append(EscapeMarkup(tag));
  html.append("</span></a>");
}

}  // namespace

std::vector<TextPiece> SplitText(std::string_view text) {
  std::vector<TextPiece> pieces;
  std::size_t plain = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const TextPiece piece = SpecialAt(text, at);
    if (piece.text.empty()) {
      ++at;
      continue;
    }
    if (at > plain) pieces.push_back({Kind::kText, text.substr(plain, at - plain)});
    pieces.push_back(piece);
    plain = at += LengthIn(text, at, piece);
  }
  if (at > plain) pieces.push_back({Kind::kText, text.substr(plain)});
  return pieces;
}

std::string EscapeMarkup(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string MastodonHtml(std::string_view text, std::string_view instance) {
  if (text.empty()) return "";
  std::string html = "<p>";
  for (const TextPiece& piece : SplitText(text)) {
    switch (piece.kind) {
      case Kind::kText:
        html += EscapeMarkup(piece.text);
        break;
      case Kind::kTag:
        AppendTag(html, piece.text, instance);
        break;
      case Kind::kMention:
        AppendMention(html, piece.text, instance);
        break;
      case Kind::kLink:
        AppendLink(html, piece.text);
        break;
      case Kind::kLineBreak:
        html += "<br />";
        break;
      case Kind::kParagraph:
        html += "</p><p>";
        break;
    }
  }
  return html + "</p>";
}

std::string FeedHtml(std::string_view text) {
  if (text.empty()) return "";
  std::string html = "<p>";
  for (const TextPiece& piece : SplitText(text)) {
    const std::string escaped = EscapeMarkup(piece.text);
    switch (piece.kind) {
      case Kind::kText:
        html += escaped;
        break;
      case Kind::kTag:
        html += "#" + escaped;
        break;
      case Kind::kMention:
        html += "@" + escaped;
        break;
      case Kind::kLink:
        html.append("<a href=\"" + escaped + "\">" + escaped + "</a>");
        break;
      case Kind::kLineBreak:
        html += "<br>\n";
        break;
      case Kind::kParagraph:
        html += "</p>\n<p>";
        break;
    }
  }
  return html + "</p>";
}

}  // namespace webcare

#include "connectors/sites/syndication/atom_fields.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "connectors/markup/dates.h"
#include "connectors/markup/text.h"
#include "connectors/markup/url.h"
#include "connectors/sites/syndication/base64.h"
#include "connectors/sites/syndication/common_fields.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

using V = Vocabulary;
using Form = FeedText::Form;

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool IsXml(std::string_view type) {
  return type == "xhtml" || EndsWith(type, "+xml") || EndsWith(type, "/xml");
}

// Content that is binary unless it turns out to be text (RFC 4287 4.1.3.3, item 6).
FeedText ReadBinary(const XmlNode& node) {
  auto decoded = DecodeBase64(node.text);
  if (!decoded || !IsValidUtf8(*decoded) || decoded->find('\0') != std::string::npos) return {};
  return {std::move(*decoded), Form::kHtml, *node.base};
}

// A text construct or content: `type` of 1.0 ("text", "html", "xhtml", MIME), `type` and `mode` of 0.3.
FeedText ReadConstruct(const XmlNode* node) {
  if (node == nullptr || node->TrimmedText().empty()) return {};
  const std::string type = LowerAscii(node->Attribute("type"));
  if (EqualsIgnoreCase(node->Attribute("mode"), "base64")) return ReadBinary(*node);
  if (type == "html" || type == "text/html") return ReadText(node, Form::kHtml);
  if (IsXml(type)) return ReadText(node, Form::kMarkup);
  const bool is_text = type.empty() || type == "text" || type.substr(0, 5) == "text/";
  return is_text ? ReadText(node, Form::kPlain) : ReadBinary(*node);
}

// The page for people: rel alternate or none, text/html before other types.
std::string ReadLink(const XmlNode& node) {
  if (const XmlNode* original = node.Child(V::kFeedburner, "origlink"); original != nullptr) {
    std::string url = original->Resolve(original->text);
    if (!url.empty()) return url;
  }
  std::string best;
  for (const XmlNode& link : node.children) {
    if (!link.Is(V::kAtom, "link")) continue;
    const std::string_view rel = link.Attribute("rel");
    if (!rel.empty() && !EqualsIgnoreCase(rel, "alternate")) continue;
    const bool is_page = EqualsIgnoreCase(link.Attribute("type"), "text/html");
    if (best.empty() || is_page) best = link.Resolve(link.Attribute("href"));
    if (is_page) break;
  }
  return best;
}

Author ReadAuthor(const XmlNode& node) {
  const XmlNode* person = node.Child(V::kAtom, "author");
  if (person == nullptr) return ReadPerson(node.ChildText(V::kDublinCore, "creator"));
  Author author = ReadPerson(person->ChildText(V::kAtom, "name"));
  const XmlNode* uri = person->Child(V::kAtom, "uri");
  if (uri == nullptr) uri = person->Child(V::kAtom, "url");  // 0.3
  const std::string_view email = person->ChildText(V::kAtom, "email");
  if (uri != nullptr) author.url = uri->Resolve(uri->text);
  if (!IsWebUrl(author.url)) author.url.clear();
  if (author.name.empty()) author.name = CleanLine(email);
  if (!author.url.empty()) {
    author.id = CleanLine(author.url);
  } else if (!email.empty()) {
    author.id = CleanLine(email);
  }
  return author;
}

std::optional<WallTime> ReadDate(const XmlNode& entry,
                                 std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto date = ParseDate(entry.ChildText(V::kAtom, name));
    if (date) return date;
  }
  return std::nullopt;
}

void ReadDates(const XmlNode& entry, FeedItem& out) {
  out.created = ReadDate(entry, {"published", "issued", "created"});
  const auto updated = ReadDate(entry, {"updated", "modified"});
  if (!out.created) {
    out.created = updated;
  } else if (updated && *updated > *out.created) {
    out.edited = updated;
  }
  if (!out.created) out.created = ParseDate(entry.ChildText(V::kDublinCore, "date"));
}

void ReadTagsAndEnclosures(const XmlNode& entry, FeedItem& out) {
  for (const XmlNode& child : entry.children) {
    if (child.Is(V::kAtom, "category")) {
      const std::string_view label = child.Attribute("label");
      out.tags.push_back(CleanLine(label.empty() ? child.Attribute("term") : label));
    } else if (child.Is(V::kAtom, "link") && child.Attribute("rel") == "enclosure") {
      std::string url = child.Resolve(child.Attribute("href"));
      if (IsWebUrl(url)) out.attachments.push_back(std::move(url));
    }
  }
}

// content, else summary. Content that stands elsewhere (@src) is linked.
FeedText ReadBody(const XmlNode& entry, FeedItem& out) {
  const XmlNode* content = entry.Child(V::kAtom, "content");
  FeedText body = ReadConstruct(content);
  if (content != nullptr) {
    std::string elsewhere = content->Resolve(content->Attribute("src"));
    if (IsWebUrl(elsewhere)) out.attachments.push_back(std::move(elsewhere));
  }
  return body.empty() ? ReadConstruct(entry.Child(V::kAtom, "summary")) : body;
}

FeedItem ReadEntry(const XmlNode& entry) {
  FeedItem out;
  out.id = entry.ChildText(V::kAtom, "id");
  out.link = ReadLink(entry);
  out.author = ReadAuthor(entry);
  const XmlNode* source = entry.Child(V::kAtom, "source");
  if (out.author.name.empty() && source != nullptr) out.author = ReadAuthor(*source);
  ReadDates(entry, out);
  out.language = CleanLanguage(entry.language);
  out.title = ReadConstruct(entry.Child(V::kAtom, "title"));
  out.body = ReadBody(entry, out);
  ReadTagsAndEnclosures(entry, out);
  ReadModules(entry, out);
  return out;
}

}  // namespace

Feed ReadAtom(const FeedDocument& document) {
  Feed feed;
  feed.title = CleanLine(document.root.ChildText(V::kAtom, "title"));
  feed.author = ReadAuthor(document.root);
  feed.language = CleanLanguage(document.root.language);
  ReadHistory(document.root, feed);
  ReadTiming(document.root, feed.timing);
  feed.items.reserve(document.items.size());
  for (const XmlNode& entry : document.items) feed.items.push_back(ReadEntry(entry));
  return feed;
}

}  // namespace webcare

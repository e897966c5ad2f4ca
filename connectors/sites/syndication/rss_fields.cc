#include "connectors/sites/syndication/rss_fields.h"

#include <string_view>
#include <utility>

#include "connectors/markup/dates.h"
#include "connectors/markup/text.h"
#include "connectors/markup/url.h"
#include "connectors/sites/syndication/common_fields.h"

namespace webcare {
namespace {

using V = Vocabulary;
using Form = FeedText::Form;

std::string ReadLink(const XmlNode& item) {
  for (const auto& [vocabulary, name] :
       {std::pair(V::kFeedburner, "origlink"), std::pair(V::kRss, "link")}) {
    if (const XmlNode* link = item.Child(vocabulary, name); link != nullptr) {
      std::string url = link->Resolve(link->text);
      if (!url.empty()) return url;
    }
  }
  std::string alternate = AtomLink(item, "alternate");
  if (!alternate.empty()) return alternate;
  const XmlNode* guid = item.Child(V::kRss, "guid");
  if (guid == nullptr || EqualsIgnoreCase(guid->Attribute("ispermalink"), "false")) return "";
  return IsWebUrl(guid->TrimmedText()) ? std::string(guid->TrimmedText()) : "";
}

std::string ReadId(const XmlNode& item) {
  const std::string_view guid = item.ChildText(V::kRss, "guid");
  return std::string(guid.empty() ? item.Attribute("about", V::kRdf) : guid);
}

// dc:creator, else author, else (in ReadModules) itunes:author.
Author ReadAuthor(const XmlNode& node) {
  for (const auto& [vocabulary, name] :
       {std::pair(V::kDublinCore, "creator"), std::pair(V::kDublinCore, "author"),
        std::pair(V::kRss, "author")}) {
    const std::string_view text = node.ChildText(vocabulary, name);
    if (!text.empty()) return ReadPerson(text);
  }
  const XmlNode* atom = node.Child(V::kAtom, "author");
  return atom == nullptr ? Author() : ReadPerson(atom->ChildText(V::kAtom, "name"));
}

Author ReadChannelAuthor(const XmlNode& channel) {
  Author author = ReadAuthor(channel);
  if (author.name.empty()) author = ReadPerson(channel.ChildText(V::kRss, "managingeditor"));
  if (author.name.empty()) author = ReadPerson(channel.ChildText(V::kItunes, "author"));
  return author;
}

std::optional<WallTime> ReadDate(const XmlNode& item,
                                 std::initializer_list<std::pair<V, std::string_view>> fields) {
  for (const auto& [vocabulary, name] : fields) {
    const auto date = ParseDate(item.ChildText(vocabulary, name));
    if (date) return date;
  }
  return std::nullopt;
}

FeedText ReadBody(const XmlNode& item) {
  const XmlNode* encoded = item.Child(V::kContent, "encoded");
  if (encoded != nullptr && !encoded->TrimmedText().empty()) return ReadText(encoded, Form::kHtml);
  for (const XmlNode& child : item.children) {
    if (child.vocabulary == V::kXhtml) return ReadText(&child, Form::kMarkup);
  }
  const XmlNode* description = item.Child(V::kRss, "description");
  if (description == nullptr) description = item.Child(V::kDublinCore, "description");
  return ReadText(description, Form::kHtml);
}

void ReadTagsAndEnclosures(const XmlNode& item, FeedItem& out) {
  for (const XmlNode& child : item.children) {
    if (child.Is(V::kRss, "category")) out.tags.push_back(CleanLine(child.text));
    if (!child.Is(V::kRss, "enclosure")) continue;
    std::string url = child.Resolve(child.Attribute("url"));
    if (IsWebUrl(url)) out.attachments.push_back(std::move(url));
  }
}

FeedItem ReadItem(const XmlNode& item) {
  FeedItem out;
  out.id = ReadId(item);
  out.link = ReadLink(item);
  out.author = ReadAuthor(item);
  out.created = ReadDate(item, {{V::kRss, "pubdate"},
                                {V::kDublinCore, "date"},
                                {V::kDublinCoreTerms, "created"},
                                {V::kDublinCoreTerms, "issued"},
                                {V::kAtom, "published"}});
  out.edited = ReadDate(item, {{V::kAtom, "updated"}, {V::kDublinCoreTerms, "modified"}});
  if (!out.created) out.created = out.edited;
  out.language = CleanLanguage(item.ChildText(V::kDublinCore, "language"));
  if (out.language.empty()) out.language = CleanLanguage(item.language);
  const XmlNode* title = item.Child(V::kRss, "title");
  if (title == nullptr) title = item.Child(V::kDublinCore, "title");
  out.title = ReadText(title, Form::kHtml);
  out.body = ReadBody(item);
  ReadTagsAndEnclosures(item, out);
  ReadModules(item, out);
  return out;
}

}  // namespace

Feed ReadRss(const FeedDocument& document) {
  Feed feed;
  const XmlNode* channel = document.root.Child(V::kRss, "channel");
  if (channel == nullptr) channel = &document.root;
  feed.title = CleanLine(channel->ChildText(V::kRss, "title"));
  feed.author = ReadChannelAuthor(*channel);
  feed.language = CleanLanguage(channel->ChildText(V::kRss, "language"));
  if (feed.language.empty()) {
    feed.language = CleanLanguage(channel->ChildText(V::kDublinCore, "language"));
  }
  ReadHistory(*channel, feed);
  ReadTiming(*channel, feed.timing);
  feed.items.reserve(document.items.size());
  for (const XmlNode& item : document.items) feed.items.push_back(ReadItem(item));
  return feed;
}

}  // namespace webcare

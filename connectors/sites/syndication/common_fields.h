// Fields that RSS and Atom share: people, texts, and the modules that stand in both (Dublin Core,
// Media RSS, iTunes, threading, slash, reviews, RFC 5005).
#pragma once

#include <string>
#include <string_view>

#include "connectors/sites/syndication/feed.h"
#include "connectors/sites/syndication/xml_node.h"

namespace webcare {

// "mail@x (Name)", "Name (mail@x)", "Name <mail@x>", "mail@x" or "Name". The id is the address, else
// the name.
Author ReadPerson(std::string_view text);

// The element as text of that form, or as markup where it holds elements. Empty for null.
FeedText ReadText(const XmlNode* node, FeedText::Form form);

// Media RSS and iTunes: text where the core has none, attachments, views, ratings, authors.
// Threading (RFC 4685): parent and reply counts. Slash, Dublin Core subjects, wfw, podcast: hints.
// Fills only what is still empty.
void ReadModules(const XmlNode& item, FeedItem& out);

// Links and markers of RFC 5005 and deletions of RFC 6721 at feed level.
void ReadHistory(const XmlNode& feed, Feed& out);

// ttl, skipHours, skipDays and sy:updatePeriod.
void ReadTiming(const XmlNode& channel, FeedTiming& out);

// atom:link[@rel=rel]/@href, resolved, or "".
std::string AtomLink(const XmlNode& node, std::string_view rel);

std::string CleanLanguage(std::string_view tag);  // BCP 47 in lower case, or "".

}  // namespace webcare

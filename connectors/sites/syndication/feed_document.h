// A feed's XML as a tree of its items and of what stands around them: the only user of expat.
//
// Security (operations.md 3.2): a document type with an internal subset or any entity declaration stops
// the parse, nothing external is read. Limits: nesting 64, 256 attributes of an element, 1 MiB of text
// of an item (more: the item is rejected), 500 items, 100,000 elements.
// Expects what RecoverXml returns. A document that breaks keeps the items that ended before; where more
// items follow, the broken one is rejected and reading goes on behind it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/connector.h"
#include "connectors/sites/syndication/xml_node.h"

namespace webcare {

struct FeedDocument {
  XmlNode root;  // rss, RDF, feed, ... with all that is no item; no name where there is no element.
  std::vector<XmlNode> items;          // In document order.
  std::vector<RejectedItem> rejected;  // Could not be read or too large.
  std::string
      error;  // What broke and in which line, without text of the feed; empty: all was read.
  bool more_items = false;  // Over the limit of items.

  // All of the document was read, so what is missing in it is missing at the source.
  bool whole() const { return error.empty() && rejected.empty() && !more_items; }
};

// `base_url` is what relative URLs and xml:base are resolved against.
FeedDocument ParseFeedDocument(std::string_view xml, std::string_view base_url);

}  // namespace webcare

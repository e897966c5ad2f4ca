// What a feed says, whichever of the formats it is written in: the words between the field readers
// (rss_fields, atom_fields, json_feed) and those who make posts of it.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "daemon/base/post.h"
#include "daemon/base/reach.h"

namespace webcare {

// A text as the feed gives it.
struct FeedText {
  enum class Form {
    kPlain,
    kHtml,    // Escaped HTML, perhaps escaped twice.
    kMarkup,  // HTML that stood in the document as elements: escaped once for sure.
  };
  std::string value;
  Form form = Form::kHtml;
  std::string base_url;  // Of the links in it; plain text may come without.

  bool empty() const { return value.empty(); }
};

struct FeedItem {
  std::string id;    // As given, without space around it; may be empty or shared by all.
  std::string link;  // Permalink, absolute; may be empty.
  Author author;
  std::optional<WallTime> created;
  std::optional<WallTime> edited;
  std::string language;
  FeedText title;
  FeedText body;
  std::string parent;  // Id of the item answered (RFC 4685).
  std::vector<std::string> tags;
  std::vector<std::string> attachments;  // URLs.
  std::optional<Rating> rating;          // max 0: not said.
  Reach reach;
  bool offers_comments = false;  // A feed or a post elsewhere holds the discussion.
};

// RFC 5005 and next_url of JSON Feed; absolute URLs or empty.
struct FeedPaging {
  std::string next;
  std::string prev_archive;
  bool is_archive = false;   // fh:archive: will not change any more.
  bool is_complete = false;  // fh:complete: what is not here does not exist.
};

// How often the feed wants to be asked.
struct FeedTiming {
  std::optional<std::chrono::seconds> ttl;
  std::optional<std::chrono::seconds> update_period;
  std::array<bool, 24> skip_hours{};  // GMT.
  std::array<bool, 7> skip_days{};    // From Sunday, as std::chrono::weekday counts.
};

struct Feed {
  std::string title;
  Author author;  // Of items that name none.
  std::string language;
  std::vector<FeedItem> items;       // In document order.
  std::vector<std::string> deleted;  // Ids (RFC 6721).
  std::vector<RejectedItem> rejected;
  std::vector<std::string> warnings;
  FeedPaging paging;
  FeedTiming timing;
  bool by_link = false;  // Guids are shared; the links are the ids.
  bool whole = true;     // Read to its end: what is missing is missing at the source.
};

}  // namespace webcare

#include "connectors/sites/syndication/vocabulary.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "connectors/markup/text.h"

namespace webcare {
namespace {

struct Name {
  std::string_view text;
  Vocabulary vocabulary;
};

// Without scheme, "www." and trailing '/' or '#', lower case.
constexpr Name kUris[] = {
    {"", Vocabulary::kRss},
    {"purl.org/rss/1.0", Vocabulary::kRss},
    {"purl.org/net/rss1.1", Vocabulary::kRss},
    {"my.netscape.com/rdf/simple/0.9", Vocabulary::kRss},
    {"channel.netscape.com/rdf/simple/0.9", Vocabulary::kRss},
    {"backend.userland.com/rss", Vocabulary::kRss},
    {"backend.userland.com/rss2", Vocabulary::kRss},
    {"blogs.law.harvard.edu/tech/rss", Vocabulary::kRss},
    {"cyber.law.harvard.edu/rss/rss.html", Vocabulary::kRss},
    {"w3.org/2005/atom", Vocabulary::kAtom},
    {"purl.org/atom/ns", Vocabulary::kAtom},
    {"purl.org/rss/1.0/modules/content", Vocabulary::kContent},
    {"purl.org/dc/elements/1.0", Vocabulary::kDublinCore},
    {"purl.org/dc/elements/1.1", Vocabulary::kDublinCore},
    {"purl.org/dc/terms", Vocabulary::kDublinCoreTerms},
    {"rssnamespace.org/feedburner/ext/1.0", Vocabulary::kFeedburner},
    {"purl.org/syndication/history/1.0", Vocabulary::kHistory},
    {"itunes.com/dtds/podcast-1.0.dtd", Vocabulary::kItunes},
    {"search.yahoo.com/mrss", Vocabulary::kMedia},
    {"video.search.yahoo.com/mrss", Vocabulary::kMedia},
    {"podcastindex.org/namespace/1.0", Vocabulary::kPodcast},
    {"w3.org/1999/02/22-rdf-syntax-ns", Vocabulary::kRdf},
    {"itunes.apple.com/rss", Vocabulary::kReview},
    {"purl.org/stuff/rev", Vocabulary::kReview},
    {"purl.org/rss/1.0/modules/slash", Vocabulary::kSlash},
    {"purl.org/rss/1.0/modules/syndication", Vocabulary::kSyndication},
    {"purl.org/syndication/thread/1.0", Vocabulary::kThread},
    {"purl.org/atompub/tombstones/1.0", Vocabulary::kTombstone},
    {"wellformedweb.org/commentapi", Vocabulary::kWfw},
    {"w3.org/1999/xhtml", Vocabulary::kXhtml},
    {"w3.org/xml/1998/namespace", Vocabulary::kXml},
};

constexpr Name kPrefixes[] = {
    {"at", Vocabulary::kTombstone},
    {"atom", Vocabulary::kAtom},
    {"atom10", Vocabulary::kAtom},
    {"content", Vocabulary::kContent},
    {"dc", Vocabulary::kDublinCore},
    {"dcterms", Vocabulary::kDublinCoreTerms},
    {"feedburner", Vocabulary::kFeedburner},
    {"fh", Vocabulary::kHistory},
    {"im", Vocabulary::kReview},
    {"itunes", Vocabulary::kItunes},
    {"media", Vocabulary::kMedia},
    {"podcast", Vocabulary::kPodcast},
    {"rdf", Vocabulary::kRdf},
    {"rev", Vocabulary::kReview},
    {"review", Vocabulary::kReview},
    {"rss", Vocabulary::kRss},
    {"slash", Vocabulary::kSlash},
    {"sy", Vocabulary::kSyndication},
    {"thr", Vocabulary::kThread},
    {"wfw", Vocabulary::kWfw},
    {"xhtml", Vocabulary::kXhtml},
    {"xml", Vocabulary::kXml},
};

template <std::size_t N>
Vocabulary Find(const Name (&names)[N], std::string_view text) {
  const Name* found = std::find_if(std::begin(names), std::end(names),
                                   [&](const Name& name) { return name.text == text; });
  return found == std::end(names) ? Vocabulary::kOther : found->vocabulary;
}

}  // namespace

Vocabulary VocabularyOfUri(std::string_view uri) {
  const std::string lower = LowerAscii(TrimSpace(uri));
  std::string_view rest = lower;
  for (const std::string_view start : {"http://", "https://", "www."}) {
    if (rest.substr(0, start.size()) == start) rest.remove_prefix(start.size());
  }
  while (!rest.empty() && (rest.back() == '/' || rest.back() == '#')) rest.remove_suffix(1);
  return Find(kUris, rest);
}

Vocabulary VocabularyOfPrefix(std::string_view prefix) {
  return Find(kPrefixes, LowerAscii(prefix));
}

}  // namespace webcare

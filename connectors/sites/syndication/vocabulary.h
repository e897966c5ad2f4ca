// The namespaces that feeds use, whatever prefix or spelling they come with.
#pragma once

#include <string_view>

namespace webcare {

enum class Vocabulary {
  kRss,   // RSS 0.9x, 1.0, 2.0 and no namespace at all.
  kAtom,  // 1.0 (RFC 4287) and 0.3.
  kContent,
  kDublinCore,
  kDublinCoreTerms,
  kFeedburner,
  kHistory,  // RFC 5005.
  kItunes,
  kMedia,
  kPodcast,
  kRdf,
  kReview,
  kSlash,
  kSyndication,
  kThread,     // RFC 4685.
  kTombstone,  // RFC 6721.
  kWfw,
  kXhtml,
  kXml,
  kOther,
};

// Case, scheme, a leading "www." and trailing '/' or '#' do not count.
Vocabulary VocabularyOfUri(std::string_view uri);

// What an undeclared prefix is usually meant to be.
Vocabulary VocabularyOfPrefix(std::string_view prefix);

}  // namespace webcare

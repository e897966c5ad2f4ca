// The posts that the feed server shows: the data format of tests/feeds/README.md in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/time.h"

namespace webcare {

enum class SiteKind { kMastodon, kRss, kAtom, kJsonFeed };

// One line of sources.json.
struct FeedSource {
  std::string id;
  SiteKind site = SiteKind::kMastodon;
  std::string path;
  std::string account;  // Mastodon; empty: mentions of anybody.
  std::string title;
  std::string link;
  std::string lang = "nl";
  std::size_t window = 20;
  bool archive = false;
};

struct FeedAuthor {
  std::string id;
  std::string handle;
  std::string name;
  std::int64_t followers = 0;
  bool verified = false;
  bool bot = false;
};

struct FeedEdit {
  WallTime at{};
  std::string text;
};

struct FeedPost {
  std::string source;
  std::string id;
  WallTime at{};
  FeedAuthor author;
  std::string lang;
  std::string text;
  std::string reply_to;
  std::string root;
  std::string title;
  std::string visibility = "public";
  std::string boost_of;
  std::optional<double> rating;
  double rating_max = 5;
  std::int64_t likes = 0;
  std::int64_t shares = 0;
  std::vector<FeedEdit> edits;  // In order of time.
  std::optional<WallTime> deleted_at;

  bool ExistsAt(WallTime now) const { return at <= now && (!deleted_at || now < *deleted_at); }
  // How many edits have happened.
  std::size_t VersionAt(WallTime now) const;
  const std::string& TextOf(std::size_t version) const {
    return version == 0 ? text : edits[version - 1].text;
  }
  WallTime LastEvent() const;
};

struct FeedDay {
  std::vector<FeedSource> sources;
  std::vector<FeedPost> posts;  // In order of `at`; ties in order of file name and line.
};

// kInvalid with the reason; the caller knows file and line.
Result<FeedPost> ReadFeedPost(std::string_view line);
Result<std::vector<FeedSource>> ReadFeedSources(std::string_view json);

// Sorts and checks that every post's source exists and ids are unique within it.
Result<FeedDay> MakeFeedDay(std::vector<FeedSource> sources, std::vector<FeedPost> posts);
// A directory with sources.json and *.jsonl. kInvalid: "file:line: reason".
Result<FeedDay> LoadFeedDay(const std::string& directory);

// RFC 3339 in UTC ("Z") with any fraction, cut to milliseconds; absent otherwise.
std::optional<WallTime> ReadFeedTime(std::string_view text);

}  // namespace webcare

// One Mastodon instance as its API shows it (docs.joinmastodon.org, methods and entities).
//
// Differences from the real thing, all deliberate: public and hashtag timelines contain boosts
// (other servers of this API do so, and a connector must cope); the counters are those of the data
// and do not grow; a search finds whatever contains all words.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/feeds/feed_day.h"
#include "tests/feeds/feed_page.h"

namespace webcare {

class JsonWriter;

// Threads: const methods may run concurrently. Borrows the posts.
class MastodonFace {
 public:
  // `domain` is the instance's name. Each post is shown `copies` times, with ids and authors of its
  // own.
  MastodonFace(std::string base_path, std::string domain, std::string account,
               const std::vector<const FeedPost*>& posts, std::size_t copies);

  // `target` is the whole one; 404 for what is not there.
  FeedPage Answer(const FeedTarget& target, const FeedContext& context) const;

  // The id that the instance gives to copy `copy` of a post; "" for an unknown one. For tests.
  std::string IdOf(std::string_view source, std::string_view id, std::size_t copy = 0) const;

 private:
  // A post's number in base_; one of its copies is Entry = number * copies_ + copy.
  using Number = std::uint32_t;
  using Entry = std::size_t;

  struct Version {
    std::string content_json;  // Quoted.
    std::string mentions_json;
    std::string tags_json;
  };
  struct Base {
    const FeedPost* post = nullptr;
    std::uint64_t id = 0;         // Of copy 0.
    std::uint64_t origin_id = 0;  // Where it was written: the same on every instance that shows it.
    std::vector<Version> versions;
    std::vector<std::string> tags;      // Lower case, of any version.
    std::vector<std::string> mentions;  // "user" or "user@domain", lower case, of any version.
    std::int64_t parent = -1;           // Numbers.
    std::int64_t boosted = -1;
    std::vector<Number> replies;
  };
  // Some of the posts, oldest first. Ids are those of the statuses or count up from 1001.
  struct List {
    const std::vector<Number>* numbers = nullptr;
    bool notifications = false;
    bool newest_first = false;  // Search: min_id bounds the results, it does not page forward.
  };
  using Wanted = std::function<bool(const Base&)>;

  void Read(const FeedPost& post);
  Version MakeVersion(Base& base, const std::string& text) const;
  void Connect();
  void Index();
  bool IsForAccount(const Base& base) const;

  FeedPage Timeline(const List& list, const FeedTarget& target, const FeedContext& context,
                    std::size_t usual, std::size_t most, const Wanted& wanted) const;
  FeedPage TagTimeline(const std::string& tag, const FeedTarget& target,
                       const FeedContext& context) const;
  FeedPage Search(const FeedTarget& target, const FeedContext& context) const;
  FeedPage Statuses(const FeedTarget& target, const FeedContext& context) const;
  FeedPage OneStatus(std::string_view rest, const FeedContext& context) const;
  FeedPage Context(Entry entry, const FeedContext& context) const;

  // Positions in the list (times copies), newest first.
  std::vector<std::size_t> Select(const List& list, const FeedTarget& target, std::size_t limit,
                                  WallTime now, const Wanted& wanted) const;
  std::size_t LowerBound(const List& list, std::size_t size, std::uint64_t id) const;
  std::uint64_t ListId(const List& list, std::size_t position) const;
  FeedPage PageOf(std::vector<Entry> entries, std::string_view before, std::string_view after,
                  const FeedContext& context) const;
  bool Exists(Entry entry, const FeedContext& context) const;
  bool ExistsAt(const Base& base, WallTime now) const;
  std::int64_t FindId(std::string_view text) const;  // Entry or -1.
  std::uint64_t IdOf(Entry entry) const { return base_[entry / copies_].id + entry % copies_; }

  void WriteStatus(JsonWriter& out, Entry entry, WallTime now) const;
  void WriteAccount(JsonWriter& out, const FeedPost& post, std::size_t copy) const;
  void WriteNotification(JsonWriter& out, std::uint64_t id, Entry entry, WallTime now) const;

  std::string base_path_;
  std::string domain_;
  std::string account_;
  std::size_t copies_;
  std::vector<Base> base_;                           // In order of time and id.
  std::unordered_map<std::string, Number> by_name_;  // "source\nid"
  std::vector<Number> public_;
  std::vector<Number> mentions_;
  std::map<std::string, std::vector<Number>, std::less<>> by_tag_;
};

}  // namespace webcare

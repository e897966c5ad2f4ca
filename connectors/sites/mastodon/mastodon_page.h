// Reads one answer of a Mastodon instance: a page of a timeline, notifications or search, or the
// statuses that were asked for by id.
//
// A page with answers to posts that neither it nor the cursor knows is not handed on at first. The
// posts above are asked for by id, one level of all conversations at a time, then the page is read
// again and every item gets its root. When that takes too many requests or the instance does not
// answer, the highest post known stands for the root.
#pragma once

#include <deque>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connectors/connector.h"
#include "connectors/sites/mastodon/mastodon_config.h"
#include "connectors/sites/mastodon/mastodon_cursor.h"
#include "daemon/base/json.h"

namespace webcare {

// Mastodon refuses more ids in one request (422).
inline constexpr std::size_t kMostIdsAsked = 20;
// Between two looks at some of the watched posts: all 200 have had theirs after ten minutes.
inline constexpr std::chrono::seconds kRecheckEvery{60};
// How long a request by id may fail before the timeline goes on without it.
inline constexpr std::chrono::minutes kLookupPatience{2};
inline constexpr int kMostRounds = 10;
// More than any server gives; a bound for hostile ones.
inline constexpr std::size_t kMostStatuses = 400;

// What the next request is for.
enum class MastodonStep { kTimeline, kParents, kRecheck };
MastodonStep NextStep(const MastodonCursor& cursor, WallTime now);
// Of the posts to be checked next, or to be looked up; at most kMostIdsAsked.
std::vector<std::string> IdsToAsk(const MastodonCursor& cursor, MastodonStep step);

// One answer, one object. Borrows what it is given.
class MastodonPageReader {
 public:
  MastodonPageReader(const MastodonConfig& config, std::string_view instance_host,
                     MastodonCursor cursor, WallTime now);

  // kInvalid: not the list of statuses that was asked for.
  Result<Page> ReadTimeline(const HttpResponse& response);
  Result<Page> ReadParents(const HttpResponse& response);
  Result<Page> ReadRecheck(const HttpResponse& response);

 private:
  // One element of a page.
  struct Entry {
    JsonValue json;       // Status or notification.
    JsonValue status;     // Absent: a notification that is no mention.
    std::string_view id;  // Of the element; "" where it is not usable.
  };
  Result<JsonValue> ParseList(const HttpResponse& response);
  std::vector<Entry> Entries(JsonValue list);
  std::string_view IdOf(JsonValue status, std::string_view member);

  void GiveUpOnLookups();
  bool AskForParents(const std::vector<Entry>& entries);
  // The highest known post above `id`; `known` says whether it is the root. Valid as long as `id` and all
  // that is known.
  std::string_view RootOf(std::string_view id, bool& known) const;
  void Deliver(const std::vector<Entry>& entries);
  void DeliverOne(const Entry& entry);
  void Reject(const Entry& entry, std::string reason);
  void Remember(const Post& post, WallTime edited);

  bool MoveOn(const std::vector<Entry>& entries, std::string_view link);
  void MoveSearchOn(const std::vector<Entry>& entries, bool full);
  void WarnOfNothing();
  Page Finish();

  const MastodonConfig& config_;
  std::string_view instance_host_;
  MastodonCursor cursor_;
  WallTime now_;
  JsonDocument document_;
  std::deque<std::string> numbers_;  // Ids that are numbers in the document, as text.
  std::pmr::monotonic_buffer_resource memory_;
  std::pmr::unordered_map<std::string_view, std::string_view> page_parents_{&memory_};  // Or "".
  // Of a timeline: index in cursor_.recent by id. That one only grows until all of the page is delivered,
  // within what is reserved.
  std::pmr::unordered_map<std::string_view, std::size_t> recent_{&memory_};
  Page page_;
};

}  // namespace webcare

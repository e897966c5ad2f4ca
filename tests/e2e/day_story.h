// What must come of a day, told once more from the words of delivery.md 1.2 and not from daemon/cases: which
// cases and turns its posts ask for, and in which order an independent, slow scheduler hands them out. Reads
// the feed server's data, asks the rules what a post is, and knows nothing of pages, cursors or databases.
//
// The reader is thought to look at all sources now and then (Look). Whatever is there then is new, changed
// or gone since the look before. Sources are looked at one by one, in the order of sources.json.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/base/brand.h"
#include "daemon/base/judge.h"
#include "tests/feeds/feed_day.h"
#include "tests/queue/reference_order.h"

namespace webcare {

// A turn as the day's data name it.
struct ToldTurn {
  std::string source;
  std::string author;  // Name; unique within a source of the day.
  int turn = 0;
  std::vector<std::string> posts;  // All of the case, by id.

  bool operator==(const ToldTurn&) const = default;
  bool operator<(const ToldTurn& other) const {
    return std::tie(source, author, posts, turn) <
           std::tie(other.source, other.author, other.posts, other.turn);
  }
};
// For messages of failed tests.
std::string ToString(const ToldTurn& turn);

class DayStory {
 public:
  // Borrows all.
  DayStory(const FeedDay& day, const Brand& brand, const Judge& judge);

  // Everything that can be seen at `now`: new posts everywhere, edits at feeds. Mastodon's edits and
  // deletions are seen by Recheck() only.
  void Look(WallTime now);
  void Recheck(WallTime now);

  // The next turn leaves, by the reference order. False: nobody waits.
  bool Release();
  // This one leaves, whatever the order. False: it does not wait.
  bool ReleaseThat(const std::string& source, const std::string& post);

  const std::vector<ToldTurn>& released() const { return released_; }
  // Turns that were taken back, by arrival.
  struct Withdrawn {
    std::string source;
    std::string author;
    std::int64_t tick = 0;  // By this story's own count.
  };
  std::vector<Withdrawn> withdrawn() const;
  // Source and id of posts that ask or once asked, whatever became of them.
  const std::set<std::pair<std::string, std::string>>& asking() const { return asking_; }

 private:
  struct Kept {
    const FeedPost* post = nullptr;
    bool asks = false;
    int turn = 0;  // The turn it asks for.
  };
  struct Case {
    std::int64_t no = 0;
    const FeedPost* root = nullptr;
    std::string source;
    std::string author;
    int turn = 0;
    bool waiting = false;
    WaitingTurn ticket;
    std::vector<Kept> posts;
  };

  void Read(const FeedPost& post, WallTime now);
  void See(const FeedPost& post, std::size_t version, Case* holder);
  Verdict Judged(const FeedPost& post, std::size_t version, const Case* own, bool joins) const;
  void Ask(const FeedPost& post, Case* own);
  void NewTurn(Case& one);
  void WithdrawUnasked(Case& one);
  void Leave(Case& one);

  const FeedPost* Parent(const FeedPost& post) const;
  const FeedPost& Root(const FeedPost& post) const;
  Case* Holding(const FeedPost& post);
  Case* Own(const FeedPost& post);
  Case* Saying(const FeedPost& post);
  bool IsMastodon(const FeedPost& post) const;
  std::int64_t Number(const std::string& name);

  const FeedDay& day_;
  const Brand& brand_;
  const Judge& judge_;
  std::map<std::pair<std::string, std::string>, const FeedPost*> by_id_;
  std::map<std::string, std::string> instance_;  // Of Mastodon sources.
  std::map<const FeedPost*, std::size_t> seen_;  // The version.
  std::set<const FeedPost*> gone_;
  std::map<std::int64_t, Case> cases_;
  std::map<std::string, std::int64_t> numbers_;  // Of sources and authors.
  std::map<std::int64_t, Withdrawn> withdrawn_;  // By tick.
  std::set<std::pair<std::string, std::string>> asking_;
  std::vector<ToldTurn> released_;
  ReferenceOrder order_;
  std::int64_t last_case_ = 0;
  std::int64_t tick_ = 0;
};

}  // namespace webcare

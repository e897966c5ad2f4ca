// The seam between rules (which judge) and cases (which file what was judged). rules::RuleSet is
// the one implementation; tests bring their own.
#pragma once

#include <string_view>

#include "daemon/base/post.h"
#include "daemon/base/verdict.h"

namespace webcare {

struct Reach;  // base/reach.h; only phase 2 looks inside.

// Earlier cases are counted up to here.
inline constexpr int kMaxEarlierCases = 1000;

// What phase 1 may know of a post beyond itself. No reach, and nothing made from it.
struct PostContext {
  std::string_view source;       // Its id, "mastodon-brand".
  std::string_view source_type;  // "mastodon".
  bool addressed = false;        // Brand::IsAddressed.
  bool is_reply = false;         // Answers another post.
  bool joins_case = false;       // The author's own case in this conversation is open already.
  int earlier_cases = 0;  // Of this author at this source, within retention; <= kMaxEarlierCases.
};

// Threads: const methods may run concurrently. Deterministic: same input, same answer.
class Judge {
 public:
  virtual ~Judge() = default;
  virtual Verdict Decide(const Post& post, const PostContext& context) const = 0;
  virtual ReachNote Annotate(const Post& post, const Verdict& verdict,
                             const Reach& reach) const = 0;
};

}  // namespace webcare

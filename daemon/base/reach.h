// Loudness: everything about how many people hear an author or a post.
//
// Only connectors (who fill it), phase-2 rules (who may annotate with it), cases (who store it
// beside the case) and the voices event may include this header. The queue may not:
// tests/layering_test.sh holds that, so no follower count can ever move a place (ARCHITECTURE.md,
// invariant "nobody jumps").
#pragma once

#include <cstdint>
#include <optional>

namespace webcare {

// Counts are as the site says them, unverified; absent where it says nothing.
struct Reach {
  std::optional<std::int64_t> followers;
  std::optional<std::int64_t> following;
  std::optional<std::int64_t> likes;
  std::optional<std::int64_t> shares;
  std::optional<std::int64_t> replies;
  std::optional<std::int64_t> views;
  bool verified = false;
};

}  // namespace webcare

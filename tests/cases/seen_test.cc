#include "daemon/cases/seen.h"

#include <gtest/gtest.h>

#include <string>

namespace webcare {
namespace {

std::string Prefix(const Id128& id) { return id.Hex().substr(0, 8); }

TEST(PostId, PostsNumberedByTimeLieBesideEachOther) {
  // Mastodon's numbers: milliseconds, then 16 bits.
  const Id128 first = PostId("m", "114900000000000001");
  const Id128 next = PostId("m", "114900000000700001");
  const Id128 later = PostId("m", "114900300000000001");
  EXPECT_EQ(Prefix(first), Prefix(next));
  EXPECT_LT(first, later);
  EXPECT_NE(first, next);
  EXPECT_EQ(Prefix(GlobalKey("https://a.example/users/u/statuses/114900000000000001")),
            Prefix(first));
}

TEST(PostId, SourceAndNameStillDecide) {
  EXPECT_NE(PostId("m", "114900000000000001"), PostId("n", "114900000000000001"));
  EXPECT_NE(PostId("m", "a114900000000000001"), PostId("m", "114900000000000001"));
  EXPECT_EQ(PostId("m", "114900000000000001"), PostId("m", "114900000000000001"));
}

TEST(PostId, NamesWithoutALongNumberAreSpreadByHash) {
  for (const char* name :
       {"tag:a,2026:x", "https://a.example/p/1234567", "", "99999999999999999999999999"}) {
    EXPECT_EQ(PostId("m", name), HashParts({"m", name})) << name;
  }
}

}  // namespace
}  // namespace webcare

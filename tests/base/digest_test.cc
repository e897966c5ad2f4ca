#include "daemon/base/digest.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

TEST(HashParts, KnowsWhereOnePartEnds) {
  EXPECT_NE(HashParts({"ab", "c"}), HashParts({"a", "bc"}));
  EXPECT_NE(HashParts({"a"}), HashParts({"a", ""}));
  EXPECT_EQ(HashParts({"a", "b"}), HashParts({"a", "b"}));
}

// SHA-256 over "\x03\0\0\0\0\0\0\0abc", computed with sha256sum: the ids on disk must never change.
TEST(HashParts, IsStableForEver) {
  EXPECT_EQ(HashParts({"abc"}).Hex(), "ce91dc5eec0139adf091900d225971d6");
}

TEST(Id128, SurvivesTheWayThroughBytes) {
  const Id128 id = RandomId();
  EXPECT_EQ(Id128::FromBytes(id.AsBytes()), id);
  EXPECT_NE(id, RandomId());
}

}  // namespace
}  // namespace webcare

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
// The expected value is Python's: hashlib over the same bytes.
TEST(HashParts, TakesPartsOfAllSizes) {
  Id128 chain;
  for (std::size_t size = 0; size < 600; size += 7) {
    for (const std::size_t next : {0, 1, 8, 200, 248, 256, 257, 1000})
      chain = HashParts({chain.AsBytes(), std::string(size, 'a'), std::string(next, 'b')});
  }
  EXPECT_EQ(chain.Hex(), "9621e2002333370c60f971a501c8675c");
}

TEST(Id128, IsReadAsANumber) {
  EXPECT_EQ(HashParts({"abc"}).First64(), 0xce91dc5eec0139ad);
  EXPECT_EQ(Id128().First64(), 0);
}

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

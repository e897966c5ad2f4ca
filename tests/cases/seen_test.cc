#include "daemon/cases/seen.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/store/temp_dir.h"

namespace webcare {
namespace {

using std::chrono::days;
using testing::ElementsAre;

constexpr WallTime kNow{std::chrono::milliseconds(1'790'000'000'000)};

// Of the bytes `from` up to `to`.
std::string Part(const Id128& id, std::size_t from, std::size_t to) {
  return id.Hex().substr(2 * from, 2 * (to - from));
}

TEST(PostId, PostsOfASourceNumberedByTimeLieBesideEachOther) {
  // Mastodon's numbers: milliseconds, then 16 bits.
  const Id128 first = PostId("m", "114900000000000001");
  const Id128 next = PostId("m", "114900000000700001");
  const Id128 later = PostId("m", "114900300000000001");
  EXPECT_EQ(Part(first, 0, 6), Part(next, 0, 6));
  EXPECT_EQ(Part(first, 0, 2), Part(PostId("m", "tag:a,2026:x"), 0, 2));
  EXPECT_LT(first, later);
  EXPECT_NE(first, next);
  const Id128 global = GlobalKey("https://a.example/users/u/statuses/114900000000000001");
  EXPECT_EQ(Part(global, 0, 4), Part(first, 2, 6));
}

TEST(PostId, SourceAndNameStillDecide) {
  EXPECT_NE(PostId("m", "114900000000000001"), PostId("n", "114900000000000001"));
  EXPECT_NE(PostId("m", "a114900000000000001"), PostId("m", "114900000000000001"));
  EXPECT_EQ(PostId("m", "114900000000000001"), PostId("m", "114900000000000001"));
}

TEST(PostId, NamesWithoutALongNumberAreSpreadByHash) {
  for (const char* name :
       {"tag:a,2026:x", "https://a.example/p/1234567", "", "99999999999999999999999999"}) {
    EXPECT_EQ(Part(PostId("m", name), 2, 16), Part(HashParts({"m", name}), 2, 16)) << name;
  }
}

class SeenTest : public testing::Test {
 protected:
  // As one page would.
  template <typename Fn>
  void OnPage(WallTime now, Fn&& work) {
    const Status done = db_->Atomically([&]() -> Status {
      Seen seen(*db_, now);
      work(seen);
      seen.Write();
      return {};
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  TempDir dir_;
  std::unique_ptr<Database> db_ = Database::Open(dir_.File("state.db")).value();
};

// An id whose first byte is `place`: smaller ones lie before it in the table.
Id128 At(std::uint8_t place) {
  Id128 id = HashParts({std::string(1, static_cast<char>(place))});
  id.bytes[0] = place;
  return id;
}

// Those among 1 to 9 that are known when a page asks for all of `asked` at once.
std::vector<int> KnownOf(Seen& seen, const std::vector<int>& asked) {
  std::vector<Id128> ids;
  for (const int place : asked) ids.push_back(At(static_cast<std::uint8_t>(place)));
  seen.Load(ids);
  std::vector<int> known;
  for (const int place : asked) {
    if (seen.Find(At(static_cast<std::uint8_t>(place)))) known.push_back(place);
  }
  return known;
}

TEST_F(SeenTest, LoadFindsWhatIsThereWhereverItLiesAmongWhatIsAsked) {
  OnPage(kNow, [](Seen& seen) { EXPECT_THAT(KnownOf(seen, {1, 2}), ElementsAre()); });
  OnPage(kNow, [](Seen& seen) {
    for (const std::uint8_t place : {3, 5, 8}) seen.Put(At(place), 7, At(place));
  });
  OnPage(kNow, [](Seen& seen) {
    EXPECT_THAT(KnownOf(seen, {9, 8, 7, 6, 5, 4, 3, 2, 1}), ElementsAre(8, 5, 3));
  });
  OnPage(kNow, [](Seen& seen) { EXPECT_THAT(KnownOf(seen, {6, 5, 7}), ElementsAre(5)); });
  OnPage(kNow, [](Seen& seen) { EXPECT_THAT(KnownOf(seen, {7, 6, 4}), ElementsAre()); });
  OnPage(kNow, [](Seen& seen) { EXPECT_THAT(KnownOf(seen, {9}), ElementsAre()); });
  OnPage(kNow, [](Seen& seen) { EXPECT_THAT(KnownOf(seen, {3, 8}), ElementsAre(3, 8)); });
}

TEST_F(SeenTest, ManyMoreThanOneBatchAreFoundAgain) {
  std::vector<Id128> ids;
  for (int i = 0; i < 111; ++i) ids.push_back(PostId("m", std::to_string(i)));
  OnPage(kNow, [&](Seen& seen) {
    seen.Load(ids);
    for (const Id128& id : ids) seen.Put(id, 7, ids.front());
  });
  OnPage(kNow, [&](Seen& seen) {
    seen.Load(ids);
    for (const Id128& id : ids) {
      const auto found = seen.Find(id);
      ASSERT_TRUE(found);
      EXPECT_EQ(found->root, ids.front());
      EXPECT_EQ(found->content, 7);
    }
  });
}

TEST_F(SeenTest, GlobalIdIsMetOnceAndKeptWhileItIsMet) {
  const Id128 global = GlobalKey("https://a.example/1");
  const auto kept_since = [&] {
    auto row = db_->Query("SELECT day FROM seen_global WHERE global = ?1");
    return row.Bind(1, global).Step() ? row.Int(0) : 0;
  };
  OnPage(kNow, [&](Seen& seen) {
    EXPECT_FALSE(seen.MetElsewhere(global));
    EXPECT_TRUE(seen.MetElsewhere(global));
  });
  const std::int64_t first = kept_since();
  EXPECT_GT(first, 0);
  OnPage(kNow + days(6), [&](Seen& seen) { EXPECT_TRUE(seen.MetElsewhere(global)); });
  EXPECT_EQ(kept_since(), first);
  OnPage(kNow + days(7), [&](Seen& seen) { EXPECT_TRUE(seen.MetElsewhere(global)); });
  EXPECT_EQ(kept_since(), first + 7);
}

}  // namespace
}  // namespace webcare

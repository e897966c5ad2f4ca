// I2 and I3 of delivery.md 6 at the level of intake and release: whatever breaks off between or inside the
// steps, the outbox ends up with the same bytes as in the run that nothing disturbed.
#include <gmock/gmock.h>

#include <random>
#include <span>

#include "tests/cases/case_house.h"
#include "tests/store/faulty_vfs.h"

namespace webcare {
namespace {

// One call from outside: a page of a source, or a release.
struct Step {
  std::string source;  // Empty: release one turn.
  Page page;
};

Item RandomItem(std::mt19937& random, int n) {
  const std::string author = "author" + std::to_string(random() % 6);
  const std::string id = std::to_string(random() % 4 == 0 ? random() % 20 : 20 + n);  // Some edits.
  Item item = Say(id, author, "Bericht " + std::to_string(n) + (random() % 3 ? " stuk" : ""));
  if (random() % 3 == 0) item.post.parent_id = std::to_string(random() % 20);
  if (random() % 10 == 0) item.post.author.handle = "lumio";
  item.reach.followers = static_cast<std::int64_t>(random() % 14'000);
  return item;
}

std::vector<Step> RandomSteps(unsigned seed, int count) {
  std::mt19937 random(seed);
  std::vector<Step> steps;
  for (int n = 0; n < count; ++n) {
    Step step;
    if (n % 3 != 2) {
      step.source = random() % 2 == 0 ? "forum" : "reviews";
      for (int i = 0; i < 3; ++i) step.page.items.push_back(RandomItem(random, 3 * n + i));
      if (random() % 3 == 0) step.page.deletions.push_back({std::to_string(random() % 20)});
      if (random() % 4 == 0) step.page.rejected.push_back({"", "broken", std::to_string(n)});
      step.page.next_cursor = std::to_string(n);
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

// The steps that may share a commit: pages that follow each other, or one release.
std::vector<std::span<const Step>> Together(std::span<const Step> steps) {
  std::vector<std::span<const Step>> groups;
  while (!steps.empty()) {
    std::size_t count = 1;
    if (!steps.front().source.empty()) {
      while (count < steps.size() && !steps[count].source.empty()) ++count;
    }
    groups.push_back(steps.first(count));
    steps = steps.subspan(count);
  }
  return groups;
}

Status Apply(CaseHouse& house, std::span<const Step> together) {
  if (together.front().source.empty()) {
    const auto released = ReleaseTurns(*house.books, 1, 10, house.now);
    return released.ok() ? Status() : Status(released.error());
  }
  std::vector<SourceState> states(together.size());
  std::vector<SourcePage> pages;
  for (std::size_t i = 0; i < together.size(); ++i) {
    states[i].cursor = together[i].page.next_cursor;
    pages.push_back({together[i].source, "discourse", &together[i].page, &states[i]});
  }
  const auto taken = AcceptPages(*house.books, pages, house.brand, house.judge, house.now);
  return taken.ok() ? Status() : Status(taken.error());
}

Status Apply(CaseHouse& house, const Step& step) { return Apply(house, {&step, 1}); }

// Every byte that would go to Kafka.
std::string OutboxBytes(CaseHouse& house) {
  std::string bytes;
  for (const OutboxRow& row : Outbox::Read(*house.db, 0, 100'000, MiB(512))) {
    bytes += std::string(ToString(row.topic)) + "|" + row.key + "|" + row.value + "|";
    bytes += row.headers.bytes() + "|" + row.chain.Hex() + "\n";
  }
  return bytes;
}

std::string Undisturbed(const std::vector<Step>& steps) {
  CaseHouse house;
  for (const Step& step : steps) EXPECT_TRUE(Apply(house, step).ok());
  return OutboxBytes(house);
}

TEST(CasesFault, ReopenedAfterEveryStepTheOutboxIsTheSame) {
  for (const unsigned seed : {1u, 2u}) {
    const auto steps = RandomSteps(seed, 45);
    const std::string expected = Undisturbed(steps);
    ASSERT_THAT(expected, testing::HasSubstr("webcare.queue.turn.v1"));
    ASSERT_THAT(expected, testing::HasSubstr("cases|"));
    CaseHouse house;
    for (const Step& step : steps) {
      ASSERT_TRUE(Apply(house, step).ok());
      house.Reopen();
    }
    EXPECT_EQ(OutboxBytes(house), expected);
  }
}

TEST(CasesFault, PagesInOneCommitEndWithTheSameOutbox) {
  const auto steps = RandomSteps(5, 45);
  CaseHouse house;
  for (const auto together : Together(steps)) ASSERT_TRUE(Apply(house, together).ok());
  EXPECT_EQ(OutboxBytes(house), Undisturbed(steps));
}

TEST(CasesFault, PagesReadAgainAfterACrashChangeNothing) {
  const auto steps = RandomSteps(3, 45);
  CaseHouse house;
  for (const Step& step : steps) {
    ASSERT_TRUE(Apply(house, step).ok());
    if (step.source.empty()) continue;
    Step again = step;  // Deletions aside, which come once.
    again.page.deletions.clear();
    const std::string before = OutboxBytes(house);
    const auto waiting = house.Waiting();
    const PageOutcome outcome = house.Take(again.page, step.source);
    if (!step.page.deletions.empty()) continue;  // What was deleted and comes again is new.
    EXPECT_EQ(outcome.turns + outcome.fresh + outcome.rejected, 0);
    EXPECT_EQ(house.Waiting(), waiting);
    EXPECT_EQ(OutboxBytes(house), before);
  }
}

// Pages that came together share a commit. The n-th write or sync fails, for n = 1, 2, 3 ... until the run
// passes. The daemon would restart (I/O error) or try again (disk full); both end with the same bytes.
TEST(CasesFault, FailingAtAnyWriteEndsWithTheSameOutbox) {
  const auto steps = RandomSteps(4, 20);
  const std::string expected = Undisturbed(steps);
  FaultyDisk disk;
  int n = 0;
  for (bool failed = true; failed; ++n) {
    failed = false;
    const bool full = n % 2 == 0;
    CaseHouse house;
    disk.FailFrom(n + 1, full ? DiskFault::kFull : DiskFault::kIoError);
    for (const auto together : Together(steps)) {
      const std::string before = OutboxBytes(house);
      if (Apply(house, together).ok()) continue;
      failed = true;
      disk.Heal();
      if (!full) house.Reopen();
      // A commit whose sync failed may be there all the same. A page can be taken again; a release has
      // used its credit.
      const bool landed = together.front().source.empty() && OutboxBytes(house) != before;
      if (!landed) {
        ASSERT_TRUE(Apply(house, together).ok());
      }
    }
    ASSERT_EQ(OutboxBytes(house), expected) << "fault at operation " << n + 1;
  }
  EXPECT_GT(n, 20);
}

// The next step need not be the one that failed: nothing of that one may be left in memory.
TEST(CasesFault, FailedPageAndFailedReleaseLeaveTheOrderAsItWas) {
  FaultyDisk disk;
  CaseHouse house;
  Step anna;
  anna.source = "forum";
  anna.page.items = {Say("1", "anna", "Lamp stuk.")};
  disk.FailFrom(1, DiskFault::kFull);
  EXPECT_FALSE(Apply(house, anna).ok());
  disk.Heal();
  EXPECT_TRUE(house.Waiting().empty());
  house.Take({Say("2", "bert", "Kabel stuk.")});
  disk.FailFrom(1, DiskFault::kFull);
  EXPECT_FALSE(Apply(house, Step{}).ok());
  disk.Heal();
  EXPECT_THAT(house.Waiting(), testing::ElementsAre("Kabel stuk."));
  EXPECT_EQ(house.Release(5), 1);
}

}  // namespace
}  // namespace webcare

// operations.md 2.1 rows 1, 3, 5, 6 and 9: what was acknowledged is there after any failure, and nothing
// is there by half.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "daemon/store/database.h"
#include "daemon/store/outbox.h"
#include "tests/store/faulty_vfs.h"
#include "tests/store/temp_dir.h"

namespace webcare {
namespace {

// Two rows a transaction, so that half of one would show.
Status AppendPair(Database& db, int n, std::size_t bytes = 3000) {
  return db.Atomically([&]() -> Status {
    OutboxRow row;
    row.value = std::to_string(n) + std::string(bytes, 'x');
    Outbox::Append(db, {row});
    Outbox::Append(db, {row});
    return {};
  });
}

// The numbers of the pairs that are there; fails the test on a half pair or a gap.
int PairsIn(const std::string& path) {
  auto db = Database::Open(path);
  EXPECT_TRUE(db.ok()) << db.error().message;
  if (!db.ok()) return -1;
  const auto rows = Outbox::Read(**db, 0, 1'000'000, MiB(1024));
  EXPECT_EQ(rows.size() % 2, 0u);
  EXPECT_EQ(Outbox::Load(**db).last_seq, static_cast<std::int64_t>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(std::stoi(rows[i].value), static_cast<int>(i / 2));
  }
  return static_cast<int>(rows.size() / 2);
}

// Large ones do not fit into one piece of the WAL (wal_file.h).
class StoreFault : public testing::TestWithParam<std::tuple<DiskFault, std::size_t>> {};

TEST_P(StoreFault, FailingAtAnyWriteOrSyncLosesNothingAcknowledged) {
  const auto [fault, bytes] = GetParam();
  FaultyDisk disk;
  constexpr int kPairs = 5;
  int n = 0;
  for (bool failed = true; failed;) {
    ++n;
    const TempDir dir;
    const std::string path = dir.File("state.db");
    disk.FailFrom(n, fault);
    int acknowledged = 0;
    if (auto db = Database::Open(path); db.ok()) {
      while (acknowledged < kPairs && AppendPair(**db, acknowledged, bytes).ok()) ++acknowledged;
      if (acknowledged < kPairs) {
        const ErrorCode again = AppendPair(**db, acknowledged, bytes).error().code;
        EXPECT_EQ(again, fault == DiskFault::kFull ? ErrorCode::kUnavailable : ErrorCode::kCorrupt);
      }
    }
    failed = disk.failed();
    disk.Heal();
    const int there = PairsIn(path);
    // A commit whose sync failed may have reached the disk nevertheless; the caller cannot know.
    ASSERT_THAT(there, testing::AllOf(testing::Ge(acknowledged), testing::Le(acknowledged + 1)))
        << "fault at operation " << n;
  }
  EXPECT_GT(n, 20);  // The faults did hit the work and not only the opening.
}

INSTANTIATE_TEST_SUITE_P(Disk, StoreFault,
                         testing::Combine(testing::Values(DiskFault::kIoError, DiskFault::kFull),
                                          testing::Values(3'000, 40'000)));

TEST(StoreFault, FullDiskThatGetsRoomAgainGoesOnWithoutReopening) {
  FaultyDisk disk;
  const TempDir dir;
  auto db = Database::Open(dir.File("state.db")).value();
  ASSERT_TRUE(AppendPair(*db, 0).ok());
  disk.FailFrom(2, DiskFault::kFull);
  EXPECT_EQ(AppendPair(*db, 1).error().code, ErrorCode::kUnavailable);
  disk.Heal();
  EXPECT_TRUE(AppendPair(*db, 1).ok());
  db.reset();
  EXPECT_EQ(PairsIn(dir.File("state.db")), 2);
}

TEST(StoreFault, AfterAFailedSyncNothingWorksUntilReopened) {
  FaultyDisk disk;
  const TempDir dir;
  auto db = Database::Open(dir.File("state.db")).value();
  disk.FailFrom(1, DiskFault::kIoError);
  EXPECT_EQ(AppendPair(*db, 0).error().code, ErrorCode::kCorrupt);
  disk.Heal();
  EXPECT_EQ(AppendPair(*db, 0).error().code, ErrorCode::kCorrupt);
  EXPECT_FALSE(db->Query("SELECT 1").Step());
  db.reset();
  EXPECT_EQ(PairsIn(dir.File("state.db")), 0);
}

// Appends pairs for ever and tells each through the pipe after its commit.
[[noreturn]] void AppendUntilKilled(const std::string& path, int pipe, int from) {
  auto db = Database::Open(path);
  if (!db.ok()) _exit(1);
  for (int i = from;; ++i) {
    if (!AppendPair(**db, i).ok() || write(pipe, "x", 1) != 1) _exit(1);
  }
}

TEST(StoreFault, KillingTheProcessAtAnyMomentLosesNothingAcknowledged) {
  const TempDir dir;
  const std::string path = dir.File("state.db");
  std::mt19937 random(5);
  int stored = 0;
  for (int round = 0; round < 25; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) AppendUntilKilled(path, ends[1], stored);
    close(ends[1]);
    char byte = 0;
    int acknowledged = stored;
    const int wanted = static_cast<int>(random() % 20);
    for (int i = 0; i < wanted && read(ends[0], &byte, 1) == 1; ++i) ++acknowledged;
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(ends[0], &byte, 1) == 1) ++acknowledged;  // Told before the kill arrived.
    close(ends[0]);
    stored = PairsIn(path);
    ASSERT_THAT(stored, testing::AllOf(testing::Ge(acknowledged), testing::Le(acknowledged + 1)));
  }
  EXPECT_GT(stored, 50);
}

// Row 6: past the limit of a file's size, as `ulimit -f` sets it. SIGXFSZ is ignored by the daemon.
TEST(StoreFault, FileSizeLimitIsAnErrorAndKeepsWhatWasStored) {
  const TempDir dir;
  const std::string path = dir.File("state.db");
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{400'000, 400'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto db = Database::Open(path);
    int acknowledged = 0;
    while (db.ok() && acknowledged < 200 && AppendPair(**db, acknowledged).ok()) ++acknowledged;
    _exit(acknowledged);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  const int acknowledged = WEXITSTATUS(status);
  EXPECT_THAT(acknowledged, testing::AllOf(testing::Gt(5), testing::Lt(200)));
  EXPECT_GE(PairsIn(path), acknowledged);
}

}  // namespace
}  // namespace webcare

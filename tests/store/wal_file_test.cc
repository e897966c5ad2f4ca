// The WAL is written in large pieces, and nothing else about it changes: what is held back is there for
// whoever reads it. What a failing or a killed one leaves behind is in store_fault_test.cc.
#include "daemon/store/wal_file.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "daemon/store/database.h"
#include "daemon/store/outbox.h"
#include "tests/store/faulty_vfs.h"
#include "tests/store/temp_dir.h"

namespace webcare {
namespace {

constexpr int kManyRows = 1'500;  // Of 16 KB: more than the 16 MiB that SQLite keeps in memory.

void AppendRows(Database& db, int count, std::size_t bytes) {
  for (int n = 0; n < count; ++n) {
    OutboxRow row;
    row.value = std::to_string(n) + std::string(bytes, 'x');
    Outbox::Append(db, {row});
  }
}

// How many rows there are, each with its own number; reading fails the test where it does not stand there.
int RowsIn(Database& db) {
  const auto rows = Outbox::Read(db, 0, 1'000'000, MiB(1024));
  for (std::size_t n = 0; n < rows.size(); ++n) EXPECT_EQ(std::stoul(rows[n].value), n);
  EXPECT_TRUE(db.status().ok());
  return static_cast<int>(rows.size());
}

TEST(WalFile, ACommitOfManyPagesTakesFewWrites) {
  FaultyDisk disk;
  const TempDir dir;
  auto db = Database::Open(dir.File("state.db")).value();
  const int before = disk.operations();
  ASSERT_TRUE(
      db->Atomically([&]() -> Status { return AppendRows(*db, 500, 1'500), Status(); }).ok());
  const int pages = 500;  // At least one a row.
  EXPECT_THAT(disk.operations() - before, testing::AllOf(testing::Gt(5), testing::Lt(pages / 10)));
  EXPECT_EQ(RowsIn(*db), 500);
}

TEST(WalFile, WhatDidNotFitIntoMemoryIsReadBackBeforeItsCommit) {
  FaultyDisk disk;
  const TempDir dir;
  const std::string path = dir.File("state.db");
  auto db = Database::Open(path).value();
  const int before = disk.operations();
  const Status stored = db->Atomically([&]() -> Status {
    AppendRows(*db, kManyRows, 16'000);
    EXPECT_GT(disk.operations(), before + 10);  // It did not fit.
    EXPECT_EQ(RowsIn(*db), kManyRows);
    return {};
  });
  ASSERT_TRUE(stored.ok()) << stored.error().message;
  db.reset();
  EXPECT_EQ(RowsIn(*Database::Open(path).value()), kManyRows);
}

TEST(WalFile, WhatIsRolledBackLeavesNothing) {
  const TempDir dir;
  const std::string path = dir.File("state.db");
  auto db = Database::Open(path).value();
  for (const bool keep : {true, false, true, false}) {
    const int rows = keep ? 3 : kManyRows;
    const Status stored = db->Atomically([&]() -> Status {
      db->Query("DELETE FROM outbox_runs").Run();
      AppendRows(*db, rows, 16'000);
      return keep ? Status() : Error{ErrorCode::kInvalid, "not this one"};
    });
    ASSERT_EQ(stored.ok(), keep);
  }
  EXPECT_EQ(RowsIn(*db), 3);
  db.reset();
  EXPECT_EQ(RowsIn(*Database::Open(path).value()), 3);
}

// The WAL of an empty database, as SQLite opens it.
class RawWal {
 public:
  explicit RawWal(const std::string& path) : vfs_(sqlite3_vfs_find(RegisterWalFiles())) {
    std::ofstream(path).put('x');
    name_ = sqlite3_create_filename(path.c_str(), (path + "-journal").c_str(),
                                    (path + "-wal").c_str(), 0, nullptr);
    memory_.resize(static_cast<std::size_t>(vfs_->szOsFile) / sizeof(memory_[0]) + 1);
    EXPECT_EQ(vfs_->xOpen(vfs_, sqlite3_filename_wal(name_), file(), kFlags, nullptr), SQLITE_OK);
  }
  ~RawWal() {
    file()->pMethods->xClose(file());
    sqlite3_free_filename(name_);
  }

  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }
  const sqlite3_io_methods& methods() { return *file()->pMethods; }

 private:
  static constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
  sqlite3_vfs* vfs_;
  sqlite3_filename name_;
  std::vector<std::max_align_t> memory_;
};

// Beside a plain string: writes of all sizes, most of them behind the last one, and whatever else is asked.
TEST(WalFile, IsAFileWhateverIsAskedOfIt) {
  const TempDir dir;
  const std::string path = dir.File("state.db");
  std::optional<RawWal> open(path);
  RawWal& wal = *open;
  std::string model;
  std::mt19937 random(11);
  std::size_t at = 0;
  for (int n = 0; n < 5'000; ++n) {
    const std::size_t size = 1 + (random() % 50 == 0 ? random() % 100'000 : random() % 5'000);
    switch (random() % 40) {
      case 0: {
        std::string found(model.size(), ' ');
        ASSERT_EQ(wal.methods().xRead(wal.file(), found.data(), static_cast<int>(found.size()), 0),
                  SQLITE_OK);
        ASSERT_TRUE(found == model) << "after " << n;
        break;
      }
      case 1:
        model.resize(model.size() / 2);
        ASSERT_EQ(wal.methods().xTruncate(wal.file(), static_cast<sqlite3_int64>(model.size())),
                  SQLITE_OK);
        break;
      case 2:
        at = random() % (model.size() + 1);
        break;
      case 3: {
        sqlite3_int64 bytes = 0;
        ASSERT_EQ(wal.methods().xFileSize(wal.file(), &bytes), SQLITE_OK);
        ASSERT_EQ(static_cast<std::size_t>(bytes), model.size());
        break;
      }
      default:
        at = std::min(at, model.size());
        const std::string bytes(size, static_cast<char>('a' + n % 26));
        ASSERT_EQ(wal.methods().xWrite(wal.file(), bytes.data(), static_cast<int>(size),
                                       static_cast<sqlite3_int64>(at)),
                  SQLITE_OK);
        model.replace(at, size, bytes);
        at += size;
    }
  }
  open.reset();
  std::ostringstream left;
  left << std::ifstream(path + "-wal").rdbuf();
  EXPECT_TRUE(left.str() == model);
}

}  // namespace
}  // namespace webcare

#include "daemon/store/database.h"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "daemon/store/schema.h"
#include "tests/store/temp_dir.h"

namespace webcare {
namespace {

std::unique_ptr<Database> MustOpen(const std::string& path) {
  auto opened = Database::Open(path);
  EXPECT_TRUE(opened.ok()) << opened.error().message;
  return opened.ok() ? std::move(opened).value() : nullptr;
}

ErrorCode OpenError(const std::string& path) {
  auto opened = Database::Open(path);
  EXPECT_FALSE(opened.ok());
  return opened.ok() ? ErrorCode::kRateLimited : opened.error().code;
}

std::string Pragma(Database& db, const std::string& name) {
  auto row = db.Query("PRAGMA " + name);
  return row.Step() ? std::string(row.Text(0)) : "";
}

TEST(Database, KeepsWhatWasCommittedAndDropsWhatWasNot) {
  const TempDir dir;
  {
    auto db = MustOpen(dir.File("state.db"));
    ASSERT_TRUE(db->Atomically([&]() -> Status {
                    db->Query("INSERT INTO sources (name) VALUES ('a')").Run();
                    return {};
                  }).ok());
    const Status refused = db->Atomically([&]() -> Status {
      db->Query("INSERT INTO sources (name) VALUES ('b')").Run();
      return Error{ErrorCode::kInvalid, "no"};
    });
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  }
  auto db = MustOpen(dir.File("state.db"));
  auto row = db->Query("SELECT count(*), max(name) FROM sources");
  ASSERT_TRUE(row.Step());
  EXPECT_EQ(row.Int(0), 1);
  EXPECT_EQ(row.Text(1), "a");
}

TEST(Database, SettingsAreTheSafeOnes) {
  const TempDir dir;
  auto db = MustOpen(dir.File("state.db"));
  EXPECT_EQ(Pragma(*db, "journal_mode"), "wal");
  EXPECT_EQ(Pragma(*db, "synchronous"), "2");
  EXPECT_EQ(Pragma(*db, "locking_mode"), "exclusive");
  EXPECT_EQ(Pragma(*db, "secure_delete"), "2");  // FAST: see DropFreePages().
  EXPECT_EQ(Pragma(*db, "trusted_schema"), "0");
  EXPECT_EQ(Pragma(*db, "cell_size_check"), "1");
  EXPECT_EQ(Pragma(*db, "auto_vacuum"), "2");
  EXPECT_FALSE(std::filesystem::exists(dir.File("state.db-shm")));
  // DEFENSIVE: the schema table cannot be written even when asked to.
  db->Query("PRAGMA writable_schema = ON").Run();
  db->Query("DELETE FROM sqlite_schema").Run();
  EXPECT_FALSE(db->status().ok());
}

TEST(Database, OnlyTheOwnerCanReadTheFiles) {
  const TempDir dir;
  const std::string path = dir.File("state.db");
  const auto mode = [](const std::string& file) {
    struct stat facts {};
    return stat(file.c_str(), &facts) == 0 ? facts.st_mode & 0777 : 0;
  };
  const mode_t before = umask(0);
  {
    auto db = MustOpen(path);
    EXPECT_EQ(mode(path), 0600u);
    EXPECT_EQ(mode(path + "-wal"), 0600u);
  }
  umask(before);
  chmod(path.c_str(), 0644);
  auto db = MustOpen(path);
  EXPECT_EQ(mode(path), 0600u);
}

TEST(Database, RefusesSymbolicLinksAndDirectories) {
  const TempDir dir;
  { auto db = MustOpen(dir.File("real.db")); }
  ASSERT_EQ(symlink(dir.File("real.db").c_str(), dir.File("link.db").c_str()), 0);
  ASSERT_EQ(symlink(dir.File("nowhere").c_str(), dir.File("dangling.db").c_str()), 0);
  std::filesystem::create_directory(dir.File("folder"));
  EXPECT_EQ(OpenError(dir.File("link.db")), ErrorCode::kInvalid);
  EXPECT_EQ(OpenError(dir.File("dangling.db")), ErrorCode::kInvalid);
  EXPECT_EQ(OpenError(dir.File("folder")), ErrorCode::kInvalid);
  EXPECT_EQ(OpenError(dir.File("missing/state.db")), ErrorCode::kUnavailable);
}

TEST(Database, SecondHolderIsAConflict) {
  const TempDir dir;
  auto db = MustOpen(dir.File("state.db"));
  EXPECT_EQ(OpenError(dir.File("state.db")), ErrorCode::kConflict);
}

TEST(Database, DamagedForeignAndNewerFilesAreCorrupt) {
  const TempDir dir;
  std::ofstream(dir.File("hello.db")) << "hello, this is not a database at all, not even nearly";
  EXPECT_EQ(OpenError(dir.File("hello.db")), ErrorCode::kCorrupt);

  const auto change = [&](const std::string& name, const char* sql) {
    { auto db = MustOpen(dir.File(name)); }
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(dir.File(name).c_str(), &raw), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(raw, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(raw);
  };
  change("newer.db", "PRAGMA user_version = 99");
  EXPECT_EQ(OpenError(dir.File("newer.db")), ErrorCode::kCorrupt);
  change("foreign.db", "PRAGMA application_id = 1");
  EXPECT_EQ(OpenError(dir.File("foreign.db")), ErrorCode::kCorrupt);

  { auto db = MustOpen(dir.File("torn.db")); }
  const auto size = std::filesystem::file_size(dir.File("torn.db"));
  std::fstream torn(dir.File("torn.db"), std::ios::in | std::ios::out | std::ios::binary);
  torn.seekp(4096);
  torn << std::string(size - 4096, '\x5a');
  torn.close();
  EXPECT_EQ(OpenError(dir.File("torn.db")), ErrorCode::kCorrupt);
}

TEST(Database, FileOfAnEarlierVersionIsBroughtUpToDate) {
  const TempDir dir;
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(dir.File("first.db").c_str(), &raw), SQLITE_OK);
  const std::string made =
      std::string(SchemaScripts()[0]) + "PRAGMA user_version = 1;" +
      "PRAGMA application_id = " + std::to_string(kApplicationId) +
      "; INSERT INTO sources (name) VALUES ('forum');"
      // Of authors 10 (stands where the first turn came), 11 (was served since)
      // and 12 (withdrew).
      "INSERT INTO queue_turns VALUES (1, 3, 1, 10), (2, 4, 1, 11), (3, 6, 1, 10);"
      "INSERT INTO queue_authors VALUES (10, 1, 3), (11, 1, 7), (12, 1, 5);";
  EXPECT_EQ(sqlite3_exec(raw, made.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  for (int opened = 0; opened < 2; ++opened) {
    auto db = MustOpen(dir.File("first.db"));
    auto row = db->Query("SELECT name, url_hash FROM sources");
    ASSERT_TRUE(row.Step());
    EXPECT_EQ(row.Text(0), "forum");
    EXPECT_EQ(row.Text(1), "");
    auto places = db->Query("SELECT group_concat(author || ' ' || place) FROM queue_authors");
    ASSERT_TRUE(places.Step());
    EXPECT_EQ(places.Text(0), "11 7,12 5");
  }
}

TEST(Database, FirstFailureSticksUntilTheTransactionIsOver) {
  const TempDir dir;
  auto db = MustOpen(dir.File("state.db"));
  bool later_step_ran = true;
  const Status outcome = db->Atomically([&]() -> Status {
    db->Query("INSERT INTO sources (name) VALUES ('a')").Run();
    db->Query("this is not SQL").Run();
    later_step_ran = db->Query("SELECT 1").Step();
    return Error{ErrorCode::kInvalid, "second"};
  });
  EXPECT_FALSE(later_step_ran);
  EXPECT_EQ(outcome.error().code, ErrorCode::kCorrupt);  // The first failure, not the second.
}

TEST(Database, StatementsOfOneTextMayRunInsideEachOther) {
  const TempDir dir;
  auto db = MustOpen(dir.File("state.db"));
  constexpr std::string_view kSql = "SELECT ?1 UNION ALL SELECT ?1 + 1";
  std::vector<std::int64_t> got;
  for (auto outer = std::move(db->Query(kSql).Bind(1, 10)); outer.Step();) {
    auto inner = db->Query(kSql);
    for (inner.Bind(1, outer.Int(0) * 10); inner.Step();) got.push_back(inner.Int(0));
  }
  EXPECT_THAT(got, testing::ElementsAre(100, 101, 110, 111));
}

TEST(Database, ValuesComeBackAsTheyWereBound) {
  const TempDir dir;
  auto db = MustOpen(dir.File("state.db"));
  const std::string bytes("a\0b", 3);
  auto row = db->Query("SELECT ?1, ?2, ?3, ?4, ?5, typeof(?5)");
  row.Bind(1, INT64_MIN).Bind(2, "tekst").BindBlob(3, bytes).BindNull(4).Bind(5, "");
  ASSERT_TRUE(row.Step());
  EXPECT_EQ(row.Int(0), INT64_MIN);
  EXPECT_EQ(row.Text(1), "tekst");
  EXPECT_EQ(row.Text(2), bytes);
  EXPECT_TRUE(row.IsNull(3));
  EXPECT_FALSE(row.IsNull(4));
  EXPECT_EQ(row.Text(5), "text");
}

}  // namespace
}  // namespace webcare

// State files of earlier versions: what waits there goes on as if it had been taken in today.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <algorithm>

#include "daemon/cases/case_desk.h"
#include "daemon/cases/retention.h"
#include "daemon/cases/seen.h"
#include "daemon/store/schema.h"
#include "tests/cases/case_house.h"

namespace webcare {
namespace {

using testing::ElementsAre;

std::string Blob(const Id128& id) { return "x'" + id.Hex() + "'"; }

// As case_desk.cc makes it.
Id128 CaseKeyOf(const std::string& root, const std::string& author) {
  const Id128 above = PostId("forum", root);
  Id128 key = HashParts({"case", above.AsBytes(), AuthorKey("forum", author).AsBytes()});
  std::copy_n(above.bytes.begin(), 6, key.bytes.begin());
  return key;
}

std::string CaseRow(int no, const std::string& root, int author, const std::string& name) {
  return "INSERT INTO cases VALUES (" + std::to_string(no) + ", " + Blob(CaseKeyOf(root, name)) +
         ", 1, " + std::to_string(author) + ", 1, 1, 1, 0, 0, 5, 5, 0, 5, '" + name + "', '" +
         name + "', '', 0, 0, 0, 0);";
}

std::string PostRow(int no, const std::string& id, int case_no, int author,
                    const std::string& text) {
  const Post post = Say(id, author == 1 ? "anna" : "bert", text).post;
  return "INSERT INTO posts VALUES (" + std::to_string(no) + ", " + Blob(PostId("forum", id)) +
         ", " + std::to_string(case_no) + ", 1, 0, " + std::to_string(author) + ", " +
         std::to_string(Likeness(text)) + ", '" + FactsJson(post) + "', '" +
         VerdictJson(post, FakeJudge().Decide(post, {})) + "', '" + text + "', 0);";
}

std::string SeenRow(const std::string& id, const std::string& text) {
  Post post;
  post.text = text;
  return "INSERT INTO seen VALUES (" + Blob(PostId("forum", id)) + ", " +
         std::to_string(ContentHash(post)) + ", 20000, NULL);";
}

// 300 and 70,000 bytes: lengths that take two and three of their own.
std::string OutboxSql() {
  return "INSERT INTO outbox VALUES (41, 1, 0, " + Blob(HashParts({"41"})) + ", 'één', " +
         "x'000000026173000000023130', CAST(printf('%.70000c', 'x') || char(0) AS BLOB));" +
         "INSERT INTO outbox VALUES (42, 2, 1, " + Blob(HashParts({"42"})) +
         ", printf('%.300c', 'k'), x'', x'');";
}

// A file of version 2 with the cases of anna (1 and 3, of two posts and one) and bert (2); what was seen
// of bert's was swept.
void MakeVersion2(const std::string& path, const std::string& more = {}) {
  std::string sql;
  for (int version = 0; version < 2; ++version) sql += SchemaScripts()[version];
  sql += "PRAGMA user_version = 2; PRAGMA application_id = " + std::to_string(kApplicationId) + ";";
  sql += "INSERT INTO sources (id, name, type) VALUES (1, 'forum', 'discourse');";
  sql += "INSERT INTO authors VALUES (1, " + Blob(AuthorKey("forum", "anna")) + ", 2);";
  sql += "INSERT INTO authors VALUES (2, " + Blob(AuthorKey("forum", "bert")) + ", 1);";
  sql += CaseRow(1, "1", 1, "anna") + CaseRow(2, "2", 2, "bert") + CaseRow(3, "3", 1, "anna");
  sql += PostRow(1, "1", 1, 1, "Lamp stuk.") + PostRow(2, "2", 2, 2, "Kabel stuk.");
  sql += PostRow(3, "3", 3, 1, "Snoer stuk.") + PostRow(4, "4", 1, 1, "Kap stuk.");
  sql += SeenRow("1", "Lamp stuk.") + SeenRow("3", "Snoer stuk.") + SeenRow("4", "Kap stuk.");
  sql += "UPDATE queue_clock SET tick = 3; UPDATE cases SET posts = 2 WHERE id = 1;";
  sql += "INSERT INTO queue_sources VALUES (1, 1, 1, 0);";
  sql += "INSERT INTO queue_authors VALUES (1, 1, 1), (2, 1, 2);";
  sql += "INSERT INTO queue_turns VALUES (1, 1, 1, 1), (2, 2, 1, 2), (3, 3, 1, 1);" + more;
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(raw);
  sqlite3_close(raw);
}

class Upgrade : public testing::Test {
 protected:
  Upgrade() {
    MakeVersion2(house_.dir.File("old.db"));
    house_.Reopen("old.db");
  }

  CaseHouse house_;
};

TEST_F(Upgrade, OrderStays) {
  EXPECT_THAT(house_.Waiting(), ElementsAre("Lamp stuk.", "Kabel stuk.", "Snoer stuk."));
  EXPECT_EQ(house_.Release(9), 3);
  const auto records = house_.Records(Topic::kQueue);
  EXPECT_EQ(records[0]["posts"].at(1)["text"].Str(), "Kap stuk.");
  EXPECT_EQ(records[1]["posts"].size(), 1u);
}

TEST_F(Upgrade, AuthorsAreKnownByTheirNewNumbers) {
  house_.Take({Say("5", "anna", "Fijn weer."), Say("6", "bert", "Fijn weer."),
               Say("7", "carla", "Fijn weer."), Answer("8", "anna", "Nog iets.", "3", "3")});
  EXPECT_EQ(house_.judge.asked[0].earlier_cases, 2);
  EXPECT_EQ(house_.judge.asked[1].earlier_cases, 1);
  EXPECT_EQ(house_.judge.asked[2].earlier_cases, 0);
  EXPECT_TRUE(house_.judge.asked[3].joins_case);
  EXPECT_EQ(*EraseAuthorOf(*house_.books, CaseKeyOf("1", "anna"), house_.now), 2);
  EXPECT_THAT(house_.Waiting(), ElementsAre("Kabel stuk."));
}

TEST_F(Upgrade, WordsOfAllAskingPostsAreKnown) {
  house_.Take({Say("5", "anna", "kap stuk"), Say("6", "anna", "snoer stuk"),
               Say("7", "bert", "kabel stuk"), Say("8", "bert", "kap stuk")});
  EXPECT_EQ(house_.queue->size(), 4u);
  EXPECT_EQ(house_.Count("SELECT sum(repeats) FROM cases"), 3);
}

TEST_F(Upgrade, PostsAreKnownEvenThoseOfWhichTheHashWasSwept) {
  EXPECT_EQ(house_.Take({Say("1", "anna", "Lamp stuk.")}).duplicates, 1);
  EXPECT_EQ(house_.Take({Say("2", "bert", "Kabel toch niet.")}).edited, 1);
  EXPECT_THAT(house_.Waiting(), ElementsAre("Lamp stuk.", "Snoer stuk."));
  EXPECT_EQ(house_.Delete("3").deleted, 1);
  EXPECT_THAT(house_.Waiting(), ElementsAre("Lamp stuk."));
}

TEST(UpgradeOfTheOutbox, RecordsThatWaitForKafkaStayAsTheyAre) {
  const TempDir dir;
  MakeVersion2(dir.File("old.db"), OutboxSql());
  const auto db = Database::Open(dir.File("old.db")).value();
  const auto rows = Outbox::Read(*db, 0, 10, MiB(1));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].seq, 41);
  EXPECT_EQ(rows[0].topic, Topic::kQueue);
  EXPECT_EQ(rows[0].key, "één");
  EXPECT_EQ(rows[0].chain, HashParts({"41"}));
  EXPECT_EQ(rows[0].headers, (RecordHeaders{{"as", "10"}, {"seq", "41"}}));
  EXPECT_EQ(rows[0].value, std::string(70'000, 'x') + '\0');
  EXPECT_FALSE(rows[0].tombstone);
  EXPECT_EQ(rows[1].topic, Topic::kCases);
  EXPECT_TRUE(rows[1].tombstone);
  EXPECT_EQ(rows[1].key, std::string(300, 'k'));
  EXPECT_EQ(rows[1].chain, HashParts({"42"}));
  EXPECT_EQ(rows[1].value, "");
  EXPECT_EQ(Outbox::Load(*db).last_seq, 42);
}

}  // namespace
}  // namespace webcare

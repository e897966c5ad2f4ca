#include "daemon/cases/case_book.h"

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>

#include "daemon/base/judge.h"

namespace webcare {
namespace {

constexpr std::string_view kSelectCase =
    "SELECT id, key, source, author, turn, waiting, posts, repeats, revision, asked_at, "
    "waiting_since, answered_at, touched_at, author_name, author_handle, author_url, "
    "release, arrived, released, attempt, likeness FROM cases ";
constexpr std::string_view kSelectPost =
    "SELECT id, key, turn, repeat, likeness, facts, verdict, text, truncated FROM posts ";
// Of the case ?1 (schema.md).
constexpr std::string_view kOfCase = "id BETWEEN ?1 << 32 AND ?1 << 32 | 0xffffffff ";
static_assert(StoredPost::kPostsOfACase == 32);

std::string Sql(std::string_view select, std::string_view where, std::string_view rest = "") {
  return std::string(select).append(where).append(rest);
}

StoredCase ReadCase(const Statement& row) {
  StoredCase one;
  one.no = row.Int(0);
  one.key = row.Id(1);
  one.source = row.Int(2);
  one.author = row.Int(3);
  one.turn = static_cast<int>(row.Int(4));
  one.waiting = row.Int(5) != 0;
  one.posts = static_cast<int>(row.Int(6));
  one.repeats = static_cast<int>(row.Int(7));
  one.revision = static_cast<int>(row.Int(8));
  one.asked_at = row.Int(9);
  one.waiting_since = row.Int(10);
  one.answered_at = row.Int(11);
  one.touched_at = row.Int(12);
  one.author_name = row.Text(13);
  one.author_handle = row.Text(14);
  one.author_url = row.Text(15);
  one.release.number = row.Int(16);
  one.release.arrived = row.Int(17);
  one.release.released = row.Int(18);
  one.release.attempt = static_cast<int>(row.Int(19));
  one.likeness = row.Int(20);
  return one;
}

StoredPost ReadPost(const Statement& row) {
  StoredPost post;
  post.no = row.Int(0);
  post.key = row.Id(1);
  post.turn = static_cast<int>(row.Int(2));
  post.repeat = row.Int(3) != 0;
  post.likeness = row.Int(4);  // NULL reads as 0.
  post.facts = row.Text(5);
  post.verdict = row.Text(6);
  post.text = row.Text(7);
  post.truncated = row.Int(8) != 0;
  return post;
}

// Parameters 1 to 19, in the order of kSelectCase without the id.
void BindCase(Statement& row, const StoredCase& one) {
  row.Bind(1, one.key).Bind(2, one.source).Bind(3, one.author).Bind(4, one.turn);
  row.Bind(5, one.waiting ? 1 : 0).Bind(6, one.posts).Bind(7, one.repeats).Bind(8, one.revision);
  row.Bind(9, one.asked_at).Bind(10, one.waiting_since).Bind(11, one.answered_at);
  row.Bind(12, one.touched_at).Bind(13, one.author_name).Bind(14, one.author_handle);
  row.Bind(15, one.author_url).Bind(16, one.release.number).Bind(17, one.release.arrived);
  row.Bind(18, one.release.released).Bind(19, one.release.attempt);
}

// Parameters 1 to 10.
void BindPost(Statement& row, const StoredPost& post, const StoredCase& into) {
  row.Bind(1, post.no).Bind(2, post.key).Bind(3, post.turn).Bind(4, post.repeat ? 1 : 0);
  if (post.likeness != 0) row.Bind(5, into.author).Bind(6, post.likeness);  // Else NULL: schema.md.
  row.Bind(7, post.facts).Bind(8, post.verdict).Bind(9, post.text);
  row.Bind(10, post.truncated ? 1 : 0);
}

}  // namespace

std::int64_t AuthorNo(const Id128& author_key) {
  return std::bit_cast<std::int64_t>(author_key.First64());
}

CaseBook::CaseBook(Database& db) : db_(db) { KnowAuthors(); }

// Into a new filter: an error may leave that without some of them.
void CaseBook::KnowAuthors() {
  AuthorFilter fresh;
  if (auto count = db_.Query("SELECT count(*) FROM cases"); count.Step()) {
    fresh.Reset(static_cast<std::size_t>(count.Int(0)));
  }
  for (auto row = db_.Query("SELECT author FROM cases"); row.Step();) fresh.Add(row.Int(0));
  if (db_.status().ok()) authors_ = std::move(fresh);
}

std::int64_t CaseBook::SourceNo(std::string_view id, std::string_view type) {
  {
    auto row = db_.Query("SELECT id FROM sources WHERE name = ?1 AND type = ?2");
    if (row.Bind(1, id).Bind(2, type).Step()) return row.Int(0);
  }
  sources_.clear();
  auto row = db_.Query(
      "INSERT INTO sources (name, type) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE "
      "SET type = ?2 RETURNING id");
  return row.Bind(1, id).Bind(2, type).Step() ? row.Int(0) : 0;
}

int CaseBook::CountCases(std::int64_t author) {
  static const std::string kSql =
      "SELECT count(*) FROM (SELECT 1 FROM cases WHERE author = ?1 LIMIT " +
      std::to_string(kMaxEarlierCases + 1) + ")";
  if (!authors_.MayHave(author)) return 0;
  auto row = db_.Query(kSql);
  return row.Bind(1, author).Step() ? static_cast<int>(row.Int(0)) : 0;
}

std::optional<StoredCase> CaseBook::FindCase(const Id128& key) {
  static const std::string kSql = Sql(kSelectCase, "WHERE key = ?1");
  auto row = db_.Query(kSql);
  if (!row.Bind(1, key).Step()) return std::nullopt;
  return ReadCase(row);
}

std::optional<StoredCase> CaseBook::LoadCase(std::int64_t no) {
  static const std::string kSql = Sql(kSelectCase, "WHERE id = ?1");
  auto row = db_.Query(kSql);
  if (!row.Bind(1, no).Step()) return std::nullopt;
  return ReadCase(row);
}

std::vector<StoredCase> CaseBook::CasesOf(std::int64_t author) {
  static const std::string kSql = Sql(kSelectCase, "WHERE author = ?1 ORDER BY id");
  std::vector<StoredCase> cases;
  auto row = db_.Query(kSql);
  for (row.Bind(1, author); row.Step();) cases.push_back(ReadCase(row));
  return cases;
}

void CaseBook::OpenCase(StoredCase& one, StoredPost first) {
  Insert(one);
  authors_.Add(one.author);
  if (authors_.full()) KnowAuthors();
  first.no = one.no << StoredPost::kPostsOfACase | 1;
  Insert(first, one);
  opened_.Put(one, std::move(first));
}

void CaseBook::Insert(StoredCase& one) {
  auto row = db_.Query(
      "INSERT INTO cases (key, source, author, turn, waiting, posts, repeats, revision, "
      "asked_at, waiting_since, answered_at, touched_at, author_name, author_handle, author_url, "
      "release, arrived, released, attempt, likeness) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
      "?19, ?20)");
  BindCase(row, one);
  row.Bind(20, one.likeness).Run();
  one.no = db_.LastInsertId();
}

void CaseBook::UpdateCase(const StoredCase& one) {
  opened_.Drop(one.no);
  auto row = db_.Query(
      "UPDATE cases SET turn = ?4, waiting = ?5, posts = ?6, repeats = ?7, revision = ?8, "
      "asked_at = ?9, waiting_since = ?10, answered_at = ?11, touched_at = ?12, author_name = ?13, "
      "author_handle = ?14, author_url = ?15, release = ?16, arrived = ?17, released = ?18, "
      "attempt = ?19 WHERE id = ?20 AND key = ?1 AND source = ?2 AND author = ?3");
  BindCase(row, one);
  row.Bind(20, one.no).Run();
}

void CaseBook::ForgetLikeness(StoredCase& one) {
  opened_.Drop(one.no);
  one.likeness = 0;
  db_.Query("UPDATE cases SET likeness = 0 WHERE id = ?1").Bind(1, one.no).Run();
}

void CaseBook::UpdateReleased(const StoredCase& one) {
  opened_.Drop(one.no);
  db_.Query(
         "UPDATE cases SET waiting = ?2, touched_at = ?3, release = ?4, arrived = ?5, "
         "released = ?6, attempt = ?7 WHERE id = ?1")
      .Bind(1, one.no)
      .Bind(2, one.waiting ? 1 : 0)
      .Bind(3, one.touched_at)
      .Bind(4, one.release.number)
      .Bind(5, one.release.arrived)
      .Bind(6, one.release.released)
      .Bind(7, one.release.attempt)
      .Run();
}

void CaseBook::DeleteCase(const StoredCase& one) {
  opened_.Drop(one.no);
  static const std::string kPosts = Sql("DELETE FROM posts WHERE ", kOfCase);
  db_.Query(kPosts).Bind(1, one.no).Run();
  db_.Query("DELETE FROM loud_notes WHERE case_no = ?1").Bind(1, one.no).Run();
  db_.Query("DELETE FROM cases WHERE id = ?1").Bind(1, one.no).Run();
}

std::optional<StoredPost> CaseBook::FindPost(const Id128& key) {
  static const std::string kSql = Sql(kSelectPost, "WHERE key = ?1");
  auto row = db_.Query(kSql);
  if (!row.Bind(1, key).Step()) return std::nullopt;
  return ReadPost(row);
}

void CaseBook::AddPost(StoredPost post, const StoredCase& into) {
  static const std::string kSql = Sql("SELECT max(id) FROM posts WHERE ", kOfCase);
  opened_.Drop(into.no);
  {
    auto row = db_.Query(kSql);
    const std::int64_t last = row.Bind(1, into.no).Step() ? row.Int(0) : 0;
    post.no = std::max(last, into.no << StoredPost::kPostsOfACase) + 1;
  }
  Insert(post, into);
}

void CaseBook::Insert(const StoredPost& post, const StoredCase& into) {
  auto row = db_.Query("INSERT INTO posts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
  BindPost(row, post, into);
  row.Run();
}

void CaseBook::UpdatePost(const StoredPost& post, const StoredCase& into) {
  opened_.Drop(into.no);
  auto row = db_.Query(
      "UPDATE posts SET turn = ?3, repeat = ?4, author = ?5, likeness = ?6, facts = ?7, "
      "verdict = ?8, text = ?9, truncated = ?10 WHERE id = ?1 AND key = ?2");
  BindPost(row, post, into);
  row.Run();
}

void CaseBook::DeletePost(const StoredPost& post) {
  opened_.Drop(post.case_no());
  db_.Query("DELETE FROM posts WHERE id = ?1").Bind(1, post.no).Run();
  DropLoudNote(post.case_no(), post.key);
}

std::int64_t CaseBook::CaseSaying(std::int64_t author, std::int64_t likeness) {
  auto row = db_.Query(
      "SELECT id FROM cases WHERE author = ?1 AND likeness = ?2 AND waiting = 1 UNION ALL "
      "SELECT c.id FROM posts p JOIN cases c ON c.id = p.id >> 32 "
      "WHERE p.author = ?1 AND p.likeness = ?2 AND c.waiting = 1 ORDER BY 1 LIMIT 1");
  return row.Bind(1, author).Bind(2, likeness).Step() ? row.Int(0) : 0;
}

bool CaseBook::AnyAsking(std::int64_t case_no, int turn) {
  static const std::string kSql =
      Sql("SELECT 1 FROM posts WHERE ", kOfCase, "AND turn > 0 AND (?2 = 0 OR turn = ?2) LIMIT 1");
  return db_.Query(kSql).Bind(1, case_no).Bind(2, turn).Step();
}

bool CaseBook::IsFirstPost(const StoredPost& post) {
  static const std::string kSql = Sql("SELECT 1 FROM posts WHERE ", kOfCase, "AND id < ?2 LIMIT 1");
  return !db_.Query(kSql).Bind(1, post.case_no()).Bind(2, post.no).Step();
}

void CaseBook::PutLoudNote(std::int64_t case_no, const Id128& post, const std::string& body) {
  db_.Query("INSERT OR REPLACE INTO loud_notes VALUES (?1, ?2, ?3)")
      .Bind(1, case_no)
      .Bind(2, post)
      .Bind(3, body)
      .Run();
}

void CaseBook::DropLoudNote(std::int64_t case_no, const Id128& post) {
  db_.Query("DELETE FROM loud_notes WHERE case_no = ?1 AND post = ?2")
      .Bind(1, case_no)
      .Bind(2, post)
      .Run();
}

bool CaseBook::AnyLoudNotes() { return db_.Query("SELECT 1 FROM loud_notes LIMIT 1").Step(); }

std::string CaseBook::TakeLoudNote(std::int64_t case_no) {
  auto row = db_.Query("DELETE FROM loud_notes WHERE case_no = ?1 RETURNING body");
  return row.Bind(1, case_no).Step() ? std::string(row.Text(0)) : std::string();
}

const CaseBook::SourceOf& CaseBook::FindSource(std::int64_t no) {
  static const SourceOf kNone;
  if (const auto found = sources_.find(no); found != sources_.end()) return found->second;
  auto row = db_.Query("SELECT name, type FROM sources WHERE id = ?1");
  if (!row.Bind(1, no).Step()) return kNone;
  return sources_[no] = {std::string(row.Text(0)), std::string(row.Text(1))};
}

CaseFile CaseBook::FileFor(StoredCase one) {
  CaseFile file;
  const SourceOf& source = FindSource(one.source);
  file.source_id = source.id;
  file.source_type = source.type;
  file.facts = std::move(one);
  return file;
}

void CaseBook::Forget() {
  opened_.Clear();
  sources_.clear();
}

CaseFile CaseBook::LoadFile(StoredCase one) {
  static const std::string kOf = Sql(kSelectPost, "WHERE ", kOfCase);
  static const std::string kFirst = kOf + "ORDER BY id LIMIT 1";
  static const std::string kNewest = kOf + "ORDER BY id DESC LIMIT ?2";
  CaseFile file = FileFor(std::move(one));
  const std::int64_t no = file.facts.no;
  auto newest = db_.Query(kNewest);
  for (newest.Bind(1, no).Bind(2, kMaxFilePosts); newest.Step();) {
    file.posts.push_back(ReadPost(newest));
  }
  std::reverse(file.posts.begin(), file.posts.end());
  if (file.posts.size() == kMaxFilePosts) {
    auto first = db_.Query(kFirst);
    if (first.Bind(1, no).Step()) file.posts.front() = ReadPost(first);
  }
  return file;
}

std::optional<CaseFile> CaseBook::FileOf(std::int64_t case_no) {
  if (auto opened = opened_.Take(case_no)) {
    CaseFile file = FileFor(std::move(opened->facts));
    file.posts.push_back(std::move(opened->first));
    return file;
  }
  auto one = LoadCase(case_no);
  if (!one) return std::nullopt;
  return LoadFile(std::move(*one));
}

}  // namespace webcare

// Intake and release against bare SQLite that writes the same bytes: how much of the cost is ours.
//   store_bench [posts per page]        prints posts/s, µs of CPU per post and the ratios
// Wall-clock numbers of one machine mean little; the ratios are what is compared (performance.md 5, Q1).
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>

#include "daemon/cases/intake.h"
#include "daemon/cases/releaser.h"
#include "daemon/store/outbox.h"

namespace webcare {
namespace {

constexpr int kPosts = 40'000;
constexpr int kSources = 10;  // Whose pages come in turn.
constexpr int kComplaintEvery = 4;
constexpr WallTime kNow{std::chrono::milliseconds(1'790'000'000'000)};

// Costs nothing, so that only filing is measured.
class QuickJudge : public Judge {
 public:
  Verdict Decide(const Post& post, const PostContext& context) const override {
    (void)context;
    Verdict verdict;
    verdict.language = "nl";
    verdict.rules_digest = "0123456789abcdef";
    verdict.enters_queue = post.text.starts_with("stuk");
    if (!verdict.enters_queue) return verdict;
    verdict.labels.push_back({"complaint", 3, 2});
    verdict.hits.push_back({"nl.complaint.broken", "complaint", 3, {{0, 4}}});
    return verdict;
  }
  ReachNote Annotate(const Post& post, const Verdict& verdict, const Reach& reach) const override {
    (void)post;
    (void)verdict;
    (void)reach;
    return {};
  }
};

// Numbered as Mastodon does: milliseconds, then 16 bits. A source has ten posts a second.
Item MakeItem(int n, bool global) {
  Item item;
  constexpr std::int64_t kFirst = 116'000'000'000'000'000;
  const std::string number = std::to_string(kFirst + (std::int64_t{n / kSources} * 100 << 16) + n);
  item.post.native_id = number;
  if (global)
    item.post.global_id = "https://social.example/users/u" + number + "/statuses/" + number;
  item.post.author = {"author" + number, "author" + number + "@social.example", "Name " + number,
                      "https://social.example/@author" + number, false};
  item.post.permalink = "https://social.example/@author/" + number;
  item.post.created_at = kNow;
  item.post.text =
      (n / kSources % kComplaintEvery == 0 ? "stuk " : "mooi ") + number + std::string(240, 'x');
  return item;
}

struct Cost {
  double wall = 0;  // Seconds.
  double cpu = 0;
};

template <typename Fn>
Cost Measure(Fn&& fn) {
  const auto wall = std::chrono::steady_clock::now();
  const std::clock_t cpu = std::clock();
  fn();
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - wall;
  return {passed.count(), static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

void Print(const char* what, const Cost& cost, int rows) {
  std::printf("%-34s %9.0f rows/s  %6.2f us CPU/row\n", what, rows / cost.wall,
              cost.cpu * 1e6 / rows);
}

// On the disk of the working directory: what is measured must be synced for real.
struct Folder {
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string File(const std::string& name) const { return path + "/" + name; }
  std::string path = "store_bench.tmp";
};

void Must(bool ok) {
  if (!ok) std::abort();
}

Cost TakePages(Books& books, int per_page, bool global) {
  const Brand brand;
  const QuickJudge judge;
  struct SourcesPage {
    std::string source;
    Page page;
  };
  std::vector<SourcesPage> pages;
  for (int first = 0; first < kPosts; first += per_page * kSources) {
    for (int s = 0; s < kSources; ++s) {
      auto& [source, page] = pages.emplace_back();
      source = "forum" + std::to_string(s);
      for (int i = 0; i < per_page; ++i)
        page.items.push_back(MakeItem(first + i * kSources + s, global));
    }
  }
  return Measure([&] {
    const SourceState state;
    for (const auto& [source, page] : pages) {
      const SourcePage one{source, "mastodon", &page, &state};
      Must(AcceptPages(books, {&one, 1}, brand, judge, kNow).ok());
    }
  });
}

Cost ReleaseAll(Books& books, int batch) {
  return Measure([&] {
    while (books.queue.size() != 0) Must(ReleaseTurns(books, batch, batch, kNow).ok());
  });
}

// One table, one prepared statement, the bytes that intake and release leave behind.
Cost BareInsert(const std::string& path, int rows, int per_commit, std::int64_t bytes_per_row) {
  sqlite3* db = nullptr;
  Must(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  const auto run = [&](const char* sql) {
    Must(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  };
  run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
      "CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)");
  sqlite3_stmt* insert = nullptr;
  Must(sqlite3_prepare_v2(db, "INSERT INTO t (body) VALUES (?)", -1, &insert, nullptr) == 0);
  const std::string body(static_cast<std::size_t>(bytes_per_row), 'x');
  const Cost cost = Measure([&] {
    for (int i = 0; i < rows;) {
      run("BEGIN IMMEDIATE");
      for (int n = 0; n < per_commit && i < rows; ++n, ++i) {
        sqlite3_bind_blob(insert, 1, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
        Must(sqlite3_step(insert) == SQLITE_DONE);
        sqlite3_reset(insert);
      }
      run("COMMIT");
    }
  });
  sqlite3_finalize(insert);
  sqlite3_close(db);
  return cost;
}

void Compare(int per_page, bool global) {
  std::printf("pages of %d posts, every 4th a complaint%s\n", per_page,
              global ? ", with global ids" : "");
  const Folder dir;
  Books books(Database::Open(dir.File("state.db")).value());
  const std::int64_t empty = books.db->SizeBytes();
  const Cost intake = TakePages(books, per_page, global);
  const std::int64_t bytes = (books.db->SizeBytes() - empty) / kPosts;
  Print("  intake", intake, kPosts);
  const Cost bare = BareInsert(dir.File("bare.db"), kPosts, per_page, bytes);
  Print("  bare SQLite, same bytes", bare, kPosts);
  std::printf("  ratio intake / bare: %.2f of its speed, %.1f x its CPU\n", bare.wall / intake.wall,
              intake.cpu / bare.cpu);

  const int turns = static_cast<int>(books.queue.size());
  const Cost release = ReleaseAll(books, per_page);
  const auto rows = Outbox::Read(*books.db, 0, 100, MiB(8));
  const auto record = static_cast<std::int64_t>(rows[0].value.size() + 500);
  Print("  release", release, turns);
  const Cost bare_release = BareInsert(dir.File("bare2.db"), turns, per_page, record);
  Print("  bare SQLite, same bytes", bare_release, turns);
  std::printf("  ratio release / bare: %.2f of its speed, %.1f x its CPU\n",
              bare_release.wall / release.wall, release.cpu / bare_release.cpu);
}

}  // namespace
}  // namespace webcare

int main(int argc, char** argv) {
  if (argc > 1) {
    webcare::Compare(std::max(1, std::atoi(argv[1])), true);
    return 0;
  }
  for (const int per_page : {40, 200, 1000}) webcare::Compare(per_page, true);
  webcare::Compare(40, false);
  return 0;
}

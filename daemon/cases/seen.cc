#include "daemon/cases/seen.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/batch.h"

namespace webcare {
namespace {

constexpr std::int64_t kTouchAfterDays = 7;

std::int64_t Fold64(const Id128& id) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | id.bytes[static_cast<std::size_t>(i)];
  return std::bit_cast<std::int64_t>(value);
}

// The number that `name` ends with, as sites count their posts; 0 without a long one.
std::uint64_t NumberOf(std::string_view name) {
  constexpr std::size_t kLeastDigits = 8;
  const std::size_t before = name.find_last_not_of("0123456789");
  const std::string_view digits = name.substr(before == std::string_view::npos ? 0 : before + 1);
  std::uint64_t number = 0;
  if (digits.size() < kLeastDigits) return 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return code == std::errc() ? number : 0;
}

// Where a site numbers its posts by time, neighbours in time become neighbours in the tree: a page writes
// one leaf instead of one for each post. The other twelve bytes stay hash. Of Mastodon's numbers
// (milliseconds, then 16 bits) the first four bytes keep a quarter of a second.
Id128 InOrder(Id128 hash, std::string_view name) {
  constexpr int kFine = 24;
  const std::uint64_t number = NumberOf(name);
  if (number == 0) return hash;
  const auto coarse = static_cast<std::uint32_t>(number >> kFine);
  for (std::size_t i = 0; i < 4; ++i) {
    hash.bytes[i] = static_cast<std::uint8_t>(coarse >> (24 - 8 * i));
  }
  return hash;
}

}  // namespace

Id128 PostId(std::string_view source_id, std::string_view native_id) {
  return InOrder(HashParts({source_id, native_id}), native_id);
}

Id128 AuthorKey(std::string_view source_id, std::string_view author_id) {
  return HashParts({"author", source_id, author_id});
}

Id128 GlobalKey(std::string_view global_id) { return InOrder(HashParts({global_id}), global_id); }

std::int64_t ContentHash(const Post& post) {
  std::string rating;
  if (post.rating) {
    rating = std::to_string(post.rating->value) + "/" + std::to_string(post.rating->max);
  }
  const std::int64_t hash = Fold64(HashParts({post.text, rating}));
  return hash == 0 ? 1 : hash;
}

Seen::Seen(Database& db, WallTime now)
    : db_(db), today_(std::chrono::floor<std::chrono::days>(now).time_since_epoch().count()) {}

void Seen::Load(std::span<const Id128> posts, std::span<const Id128> globals) {
  static const std::string kPosts = "WITH asked AS (" + BatchValues(1) +
                                    ") SELECT post, content, day, root FROM asked CROSS JOIN seen "
                                    "ON post = column1";
  static const std::string kGlobals =
      "WITH asked AS (" + BatchValues(1) +
      ") SELECT global, day FROM asked CROSS JOIN seen_global ON global = column1";
  for (const Id128& post : posts) posts_.try_emplace(post);
  LookUp(db_, kPosts, posts, [this](const Statement& row) {
    const Id128 id = row.Id(0);
    posts_[id] = {SeenPost{row.Int(1), row.Int(2), row.IsNull(3) ? id : row.Id(3)}, true, false};
  });
  for (const Id128& global : globals) globals_.try_emplace(global);
  LookUp(db_, kGlobals, globals, [this](const Statement& row) {
    globals_[row.Id(0)] = {row.Int(1), true, false};
  });
}

Seen::Row& Seen::RowOf(const Id128& post) {
  if (!posts_.contains(post)) Load({&post, 1}, {});
  return posts_[post];
}

Seen::Global& Seen::GlobalOf(const Id128& global) {
  if (!globals_.contains(global)) Load({}, {&global, 1});
  return globals_[global];
}

std::optional<SeenPost> Seen::Find(const Id128& post) { return RowOf(post).post; }

void Seen::Put(const Id128& post, std::int64_t content, const Id128& root) {
  Row& row = RowOf(post);
  row.post = {content, today_, root};
  row.changed = true;
}

void Seen::Touch(const Id128& post, const SeenPost& found) {
  if (today_ - found.day < kTouchAfterDays) return;
  Put(post, found.content, found.root);
}

void Seen::MarkDeleted(const Id128& post) {
  Row& row = RowOf(post);
  if (!row.post) return;
  row.post->content = 0;
  row.changed = true;
}

bool Seen::MetElsewhere(const Id128& global) {
  Global& row = GlobalOf(global);
  const bool met = row.day.has_value();
  if (met && today_ - *row.day < kTouchAfterDays) return true;
  row.day = today_;
  row.changed = true;
  return met;
}

void Seen::Write() {
  WritePosts();
  WriteGlobals();
}

// Errors end the transaction anyway (OR FAIL), so SQLite need not be able to undo the statement alone.
void Seen::WritePosts() {
  static const std::string kInsert =
      "INSERT OR FAIL INTO seen SELECT * FROM (" + BatchValues(4) + ") WHERE column1 IS NOT NULL";
  std::vector<const std::pair<const Id128, Row>*> fresh;
  for (const auto& entry : posts_) {
    const auto& [id, row] = entry;
    if (!row.changed) continue;
    if (!row.stored) {
      fresh.push_back(&entry);
      continue;
    }
    db_.Query("UPDATE seen SET content = ?2, day = ?3 WHERE post = ?1")
        .Bind(1, id)
        .Bind(2, row.post->content)
        .Bind(3, row.post->day)
        .Run();
  }
  for (std::size_t done = 0; done < fresh.size(); done += kBatchRows) {
    auto insert = db_.Query(kInsert);
    for (std::size_t i = done; i < std::min<std::size_t>(fresh.size(), done + kBatchRows); ++i) {
      const auto& [id, row] = *fresh[i];
      const int at = static_cast<int>(i - done) * 4;
      insert.Bind(at + 1, id).Bind(at + 2, row.post->content).Bind(at + 3, row.post->day);
      if (row.post->root != id) insert.Bind(at + 4, row.post->root);
    }
    insert.Run();
  }
}

void Seen::WriteGlobals() {
  static const std::string kInsert = "INSERT OR FAIL INTO seen_global SELECT * FROM (" +
                                     BatchValues(2) + ") WHERE column1 IS NOT NULL";
  std::vector<Id128> fresh;
  for (const auto& [id, row] : globals_) {
    if (!row.changed) continue;
    if (!row.stored) {
      fresh.push_back(id);
      continue;
    }
    db_.Query("UPDATE seen_global SET day = ?2 WHERE global = ?1")
        .Bind(1, id)
        .Bind(2, *row.day)
        .Run();
  }
  for (std::size_t done = 0; done < fresh.size(); done += kBatchRows) {
    auto insert = db_.Query(kInsert);
    for (std::size_t i = done; i < std::min<std::size_t>(fresh.size(), done + kBatchRows); ++i) {
      const int at = static_cast<int>(i - done) * 2;
      insert.Bind(at + 1, fresh[i]).Bind(at + 2, today_);
    }
    insert.Run();
  }
}

}  // namespace webcare

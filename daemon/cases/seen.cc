#include "daemon/cases/seen.h"

#include <bit>
#include <string>

namespace webcare {
namespace {

constexpr std::int64_t kTouchAfterDays = 7;

std::int64_t Fold64(const Id128& id) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | id.bytes[static_cast<std::size_t>(i)];
  return std::bit_cast<std::int64_t>(value);
}

}  // namespace

Id128 PostId(std::string_view source_id, std::string_view native_id) {
  return HashParts({source_id, native_id});
}

Id128 AuthorKey(std::string_view source_id, std::string_view author_id) {
  return HashParts({"author", source_id, author_id});
}

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

std::optional<SeenPost> Seen::Find(const Id128& post) {
  auto row = db_.Query("SELECT content, day, root FROM seen WHERE post = ?1");
  if (!row.Bind(1, post).Step()) return std::nullopt;
  SeenPost found{row.Int(0), row.Int(1), post};
  if (!row.IsNull(2)) found.root = row.Id(2);
  return found;
}

void Seen::Put(const Id128& post, std::int64_t content, const Id128& root) {
  auto row = db_.Query(
      "INSERT INTO seen VALUES (?1, ?2, ?3, ?4) ON CONFLICT (post) DO UPDATE SET content = ?2, "
      "day = ?3, root = ?4");
  row.Bind(1, post).Bind(2, content).Bind(3, today_);
  if (root != post) row.Bind(4, root);
  row.Run();
}

void Seen::Touch(const Id128& post, const SeenPost& found) {
  if (today_ - found.day < kTouchAfterDays) return;
  db_.Query("UPDATE seen SET day = ?2 WHERE post = ?1").Bind(1, post).Bind(2, today_).Run();
}

void Seen::MarkDeleted(const Id128& post) {
  db_.Query("UPDATE seen SET content = 0 WHERE post = ?1").Bind(1, post).Run();
}

bool Seen::MetElsewhere(std::string_view global_id) {
  const Id128 key = HashParts({global_id});
  db_.Query("INSERT INTO seen_global VALUES (?1, ?2) ON CONFLICT (global) DO NOTHING")
      .Bind(1, key)
      .Bind(2, today_)
      .Run();
  if (db_.Changes() == 1) return false;
  db_.Query("UPDATE seen_global SET day = ?2 WHERE global = ?1 AND day + ?3 <= ?2")
      .Bind(1, key)
      .Bind(2, today_)
      .Bind(3, kTouchAfterDays)
      .Run();
  return true;
}

}  // namespace webcare

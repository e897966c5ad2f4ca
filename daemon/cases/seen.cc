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

// FNV-1a (Fowler, Noll, Vo), folded to 16 bits.
std::uint16_t Fnv16(std::string_view text) {
  std::uint32_t hash = 2166136261;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  return static_cast<std::uint16_t>(hash >> 16 ^ hash);
}

// Writes `value` over the bytes of `hash` from `at`, the most significant first.
template <typename Unsigned>
void Overwrite(Id128& hash, std::size_t at, Unsigned value) {
  for (std::size_t i = sizeof value; i > 0; --i) {
    hash.bytes[at + i - 1] = static_cast<std::uint8_t>(value);
    value = static_cast<Unsigned>(value >> 8);
  }
}

// Where a site numbers its posts by time, neighbours in time become neighbours in the tree: a page writes
// one leaf instead of one for each post. Of Mastodon's numbers (milliseconds, then 16 bits) four bytes
// keep a quarter of a second.
void PutTime(Id128& hash, std::size_t at, std::string_view name) {
  constexpr int kFine = 24;
  const std::uint64_t number = NumberOf(name);
  if (number != 0) Overwrite(hash, at, static_cast<std::uint32_t>(number >> kFine));
}

}  // namespace

// The posts of a source lie together and in the order of time, so that a page of new ones lies behind all
// that is known. The other ten bytes stay hash.
Id128 PostId(std::string_view source_id, std::string_view native_id) {
  Id128 id = HashParts({source_id, native_id});
  Overwrite(id, 0, Fnv16(source_id));
  PutTime(id, 2, native_id);
  return id;
}

Id128 AuthorKey(std::string_view source_id, std::string_view author_id) {
  return HashParts({"author", source_id, author_id});
}

Id128 GlobalKey(std::string_view global_id) {
  Id128 id = HashParts({global_id});
  PutTime(id, 0, global_id);
  return id;
}

std::int64_t ContentHash(const Post& post) {
  std::string rating;
  if (post.rating) {
    rating = std::to_string(post.rating->value) + "/" + std::to_string(post.rating->max);
  }
  const auto hash = std::bit_cast<std::int64_t>(HashParts({post.text, rating}).First64());
  return hash == 0 ? 1 : hash;
}

Seen::Seen(Database& db, WallTime now)
    : db_(db), today_(std::chrono::floor<std::chrono::days>(now).time_since_epoch().count()) {}

// What is behind the last known post up to the last one asked for cannot be there: most pages hold nothing
// else, and are done with one look-up.
void Seen::Load(std::vector<Id128> posts) {
  static const std::string kFind = "WITH asked AS (" + BatchValues(1) +
                                   ") SELECT post, content, day, root FROM asked CROSS JOIN seen "
                                   "ON post = column1";
  if (posts.empty()) return;
  std::sort(posts.begin(), posts.end());
  if (posts_.empty()) posts_.reserve(posts.size());
  for (const Id128& post : posts) posts_.try_emplace(post);
  {
    auto last = db_.Query("SELECT post FROM seen WHERE post <= ?1 ORDER BY post DESC LIMIT 1");
    const Id128 known = last.Bind(1, posts.back()).Step() ? last.Id(0) : Id128();
    posts.erase(std::upper_bound(posts.begin(), posts.end(), known), posts.end());
  }
  LookUp(db_, kFind, posts, [this](const Statement& row) {
    const Id128 id = row.Id(0);
    posts_[id] = {SeenPost{row.Int(1), row.Int(2), row.IsNull(3) ? id : row.Id(3)}, true, false};
  });
}

Seen::Row& Seen::RowOf(const Id128& post) {
  const auto found = posts_.find(post);
  if (found != posts_.end()) return found->second;
  Load({post});
  return posts_[post];
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
  db_.Query("INSERT OR IGNORE INTO seen_global VALUES (?1, ?2)")
      .Bind(1, global)
      .Bind(2, today_)
      .Run();
  if (db_.Changes() != 0) return false;
  db_.Query("UPDATE seen_global SET day = ?2 WHERE global = ?1 AND day <= ?3")
      .Bind(1, global)
      .Bind(2, today_)
      .Bind(3, today_ - kTouchAfterDays)
      .Run();
  return true;
}

// Errors end the transaction anyway (OR FAIL), so SQLite need not be able to undo the statement alone.
void Seen::Write() {
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
  std::sort(fresh.begin(), fresh.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });
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

}  // namespace webcare

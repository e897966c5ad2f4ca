#include "connectors/sites/syndication/feed_cursor.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "daemon/base/digest.h"
#include "daemon/base/json.h"

namespace webcare {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMostKnown = 1000;
constexpr std::size_t kLargestComplete = std::size_t{32} << 10;
constexpr std::size_t kHashDigits = 16;

std::vector<ItemHash> ReadHashes(JsonValue list) {
  std::vector<ItemHash> out;
  out.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string_view digits = list.at(i).Str();
    ItemHash hash = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), hash, 16);
    const bool whole = read.ptr == digits.data() + digits.size();
    if (read.ec == std::errc() && whole && digits.size() == kHashDigits) out.push_back(hash);
  }
  return out;
}

void WriteHashes(std::string_view key, std::span<const ItemHash> hashes, JsonWriter& json) {
  if (hashes.empty()) return;
  json.Key(key).StartArray();
  for (ItemHash hash : hashes) {
    char digits[kHashDigits];
    for (std::size_t i = kHashDigits; i > 0; hash >>= 4)
      digits[--i] = "0123456789abcdef"[hash & 15];
    json.String({digits, kHashDigits});
  }
  json.EndArray();
}

std::vector<ItemHash> Sorted(std::span<const ItemHash> hashes) {
  std::vector<ItemHash> sorted(hashes.begin(), hashes.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

std::vector<std::string> ReadList(JsonValue list) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < list.size(); ++i) out.emplace_back(list.at(i).Str());
  return out;
}

void WriteList(std::string_view key, const std::vector<std::string>& list, JsonWriter& json) {
  if (list.empty()) return;
  json.Key(key).StartArray();
  for (const std::string& value : list) json.String(value);
  json.EndArray();
}

}  // namespace

bool FeedCursor::KnowsAny(std::span<const ItemHash> hashes) const {
  const std::vector<ItemHash> sorted = Sorted(known);
  return std::any_of(hashes.begin(), hashes.end(), [&](ItemHash hash) {
    return std::binary_search(sorted.begin(), sorted.end(), hash);
  });
}

void FeedCursor::Remember(std::span<const ItemHash> hashes) {
  const std::vector<ItemHash> newer = Sorted(hashes);
  std::vector<ItemHash> all(hashes.begin(), hashes.end());
  std::copy_if(known.begin(), known.end(), std::back_inserter(all), [&](ItemHash hash) {
    return !std::binary_search(newer.begin(), newer.end(), hash);
  });
  if (all.size() > kMostKnown) all.resize(kMostKnown);
  known = std::move(all);
}

std::optional<FeedCursor> ParseCursor(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto document = JsonDocument::Parse(text);
  if (!document.ok() || document->root()["v"].Int() != kVersion) return std::nullopt;
  const JsonValue root = document->root();
  FeedCursor cursor;
  cursor.known = ReadHashes(root["known"]);
  cursor.by_link = root["by_link"].Bool().value_or(false);
  cursor.archive = root["archive"].Str();
  cursor.complete = ReadList(root["complete"]);
  if (const JsonValue walk = root["walk"]; walk.IsObject()) {
    cursor.walk =
        FeedWalk{std::string(walk["url"].Str()), static_cast<int>(walk["left"].Int().value_or(0)),
                 FromMillis(walk["since"].Int().value_or(0)), std::string(walk["archive"].Str()),
                 ReadHashes(walk["fresh"])};
  }
  return cursor;
}

Cursor WriteCursor(const FeedCursor& cursor) {
  JsonWriter json;
  json.StartObject().Field("v", kVersion);
  WriteHashes("known", cursor.known, json);
  if (cursor.by_link) json.Field("by_link", true);
  if (!cursor.archive.empty()) json.Field("archive", cursor.archive);
  WriteList("complete", cursor.complete, json);
  if (cursor.walk) {
    json.Key("walk").StartObject().Field("url", cursor.walk->url);
    json.Field("left", cursor.walk->pages_left).Field("since", ToMillis(cursor.walk->since));
    if (!cursor.walk->newest_archive.empty()) json.Field("archive", cursor.walk->newest_archive);
    WriteHashes("fresh", cursor.walk->fresh, json);
    json.EndObject();
  }
  json.EndObject();
  return json.Take();
}

ItemHash HashOfId(std::string_view id) { return HashParts({id}).First64(); }

bool FitsCursor(const std::vector<std::string>& complete) {
  std::size_t size = 0;
  for (const std::string& id : complete) size += id.size() + 3;
  return size <= kLargestComplete;
}

}  // namespace webcare

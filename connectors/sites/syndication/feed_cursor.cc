#include "connectors/sites/syndication/feed_cursor.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "daemon/base/digest.h"
#include "daemon/base/json.h"

namespace webcare {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMostKnown = 1000;
constexpr std::size_t kLargestComplete = std::size_t{32} << 10;
constexpr std::size_t kHashDigits = 16;

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

bool FeedCursor::Knows(std::string_view hash) const {
  return std::find(known.begin(), known.end(), hash) != known.end();
}

void FeedCursor::Remember(const std::vector<std::string>& hashes) {
  std::unordered_set<std::string_view> seen(hashes.begin(), hashes.end());
  std::vector<std::string> all = hashes;
  for (std::string& hash : known) {
    if (!seen.contains(hash)) all.push_back(std::move(hash));
  }
  if (all.size() > kMostKnown) all.resize(kMostKnown);
  known = std::move(all);
}

std::optional<FeedCursor> ParseCursor(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto document = JsonDocument::Parse(std::string(text));
  if (!document.ok() || document->root()["v"].Int() != kVersion) return std::nullopt;
  const JsonValue root = document->root();
  FeedCursor cursor;
  cursor.known = ReadList(root["known"]);
  cursor.by_link = root["by_link"].Bool().value_or(false);
  cursor.archive = root["archive"].Str();
  cursor.complete = ReadList(root["complete"]);
  if (const JsonValue walk = root["walk"]; walk.IsObject()) {
    cursor.walk =
        FeedWalk{std::string(walk["url"].Str()), static_cast<int>(walk["left"].Int().value_or(0)),
                 FromMillis(walk["since"].Int().value_or(0)), std::string(walk["archive"].Str()),
                 ReadList(walk["fresh"])};
  }
  return cursor;
}

Cursor WriteCursor(const FeedCursor& cursor) {
  JsonWriter json;
  json.StartObject().Field("v", kVersion);
  WriteList("known", cursor.known, json);
  if (cursor.by_link) json.Field("by_link", true);
  if (!cursor.archive.empty()) json.Field("archive", cursor.archive);
  WriteList("complete", cursor.complete, json);
  if (cursor.walk) {
    json.Key("walk").StartObject().Field("url", cursor.walk->url);
    json.Field("left", cursor.walk->pages_left).Field("since", ToMillis(cursor.walk->since));
    if (!cursor.walk->newest_archive.empty()) json.Field("archive", cursor.walk->newest_archive);
    WriteList("fresh", cursor.walk->fresh, json);
    json.EndObject();
  }
  json.EndObject();
  return json.Take();
}

std::string HashOfId(std::string_view id) { return HashParts({id}).Hex().substr(0, kHashDigits); }

bool FitsCursor(const std::vector<std::string>& complete) {
  std::size_t size = 0;
  for (const std::string& id : complete) size += id.size() + 3;
  return size <= kLargestComplete;
}

}  // namespace webcare

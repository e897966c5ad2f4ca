#include "connectors/sites/mastodon/mastodon_cursor.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "daemon/base/json.h"

namespace webcare {
namespace {

constexpr std::int64_t kVersion = 1;

// A table: hundreds of ids are looked at for each page.
constexpr std::array<bool, 256> kFitsAnId = [] {
  std::array<bool, 256> fits{};
  for (const unsigned char c : std::string_view("-_.~")) fits[c] = true;
  for (unsigned char c = '0'; c <= '9'; ++c) fits[c] = true;
  for (unsigned char c = 'a'; c <= 'z'; ++c) fits[c] = fits[c - 'a' + 'A'] = true;
  return fits;
}();

Error NotReadable(const char* why) {
  return {ErrorCode::kInvalid, std::string("the stored cursor cannot be read (") + why +
                                   "); remove it to start anew from the newest page"};
}

WallTime ReadTime(JsonValue value) { return FromMillis(value.Int().value_or(0)); }

// "id,root,seen,edited;" of each in one text, `seen` as milliseconds behind that of the post before (those of
// a page share it), and without what is empty at its end: most are "id;". 200 of them are read twice and
// written once a page.
void WriteRecent(JsonWriter& out, const MastodonCursor& cursor) {
  std::string list;
  list.reserve(cursor.recent.size() * 32);
  WallTime seen{};
  for (const RecentPost& post : cursor.recent) {
    const bool later = post.seen != seen;
    const bool edited = post.edited != WallTime{};
    list.append(post.id.view());
    if (!post.root.empty() || later || edited) list.append(1, ',').append(post.root.view());
    if (later || edited) list.append(1, ',').append(std::to_string((post.seen - seen).count()));
    if (edited) list.append(1, ',').append(std::to_string(ToMillis(post.edited)));
    list.append(1, ';');
    seen = post.seen;
  }
  out.Field("watched", list);
}

// Up to `end`, which goes as well; all that is left where there is none.
std::string_view TakeUntil(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

// Absent reads as zero. What lies three thousand years away is none of ours.
bool ReadMillis(std::string_view digits, std::chrono::milliseconds& time) {
  constexpr std::int64_t kFarthest = 100'000'000'000'000;
  std::int64_t millis = 0;
  const char* const end = digits.data() + digits.size();
  const auto [behind, code] = std::from_chars(digits.data(), end, millis);
  time = std::chrono::milliseconds(millis);
  return digits.empty() ||
         (code == std::errc() && behind == end && millis <= kFarthest && millis >= -kFarthest);
}

bool ReadRecent(JsonValue value, std::size_t most, MastodonCursor& cursor) {
  if (!value.IsString()) return !value.present();
  cursor.recent.reserve(most);
  WallTime seen{};
  std::string_view list = value.Str();
  while (!list.empty() && cursor.recent.size() < most) {
    std::string_view post = TakeUntil(list, ';');
    const std::string_view id = TakeUntil(post, ',');
    const std::string_view root = TakeUntil(post, ',');
    if (!IsUsableId(id) || !(root.empty() || IsUsableId(root))) return false;
    std::chrono::milliseconds later{0};
    std::chrono::milliseconds edited{0};
    if (!ReadMillis(TakeUntil(post, ','), later) || !ReadMillis(post, edited)) return false;
    seen += later;
    cursor.recent.push_back({KeptId(id), KeptId(root), seen, WallTime(edited)});
  }
  return list.empty() || most < kMostRecent;
}

bool ReadLookup(JsonValue root, MastodonCursor& cursor) {
  const JsonValue ask = root["ask"];
  const JsonValue parents = root["parents"];
  if (ask.size() > kMostAsked || parents.size() > kMostParents) return false;
  for (std::size_t i = 0; i < ask.size(); ++i) {
    cursor.ask.emplace_back(ask.at(i).Str());
    if (!IsUsableId(cursor.ask.back())) return false;
  }
  for (std::size_t i = 0; i < parents.size(); ++i) {
    const std::string id(parents.at(i).at(0).Str());
    const std::string parent(parents.at(i).at(1).Str());
    if (!IsUsableId(id) || !(parent.empty() || IsUsableId(parent))) return false;
    cursor.parents.emplace(id, parent);
  }
  return true;
}

int SmallInt(JsonValue value) {
  return static_cast<int>(std::clamp<std::int64_t>(value.Int().value_or(0), 0, 1'000'000));
}

}  // namespace

KeptId::KeptId(std::string_view id) : size_(static_cast<std::uint8_t>(id.size())) {
  assert(id.size() <= bytes_.size());
  id.copy(bytes_.data(), bytes_.size());
}

bool IsUsableId(std::string_view id) {
  return !id.empty() && id.size() <= kMostIdBytes && std::all_of(id.begin(), id.end(), [](char c) {
    return kFitsAnId[static_cast<unsigned char>(c)];
  });
}

bool IsNumericId(std::string_view id) {
  return !id.empty() &&
         std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IdLess(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

RecentPost* MastodonCursor::Find(std::string_view id) {
  const auto found = std::find_if(recent.begin(), recent.end(),
                                  [id](const RecentPost& post) { return post.id.view() == id; });
  return found == recent.end() ? nullptr : &*found;
}

void MastodonCursor::Trim(WallTime now, std::chrono::milliseconds window) {
  std::size_t gone = recent.size() - std::min(recent.size(), kMostRecent);
  while (gone < recent.size() && now - recent[gone].seen > window) ++gone;
  recent.erase(recent.begin(), recent.begin() + static_cast<std::ptrdiff_t>(gone));
  turn -= std::min(turn, gone);
}

void MastodonCursor::Remove(std::string_view id) {
  const auto found = std::find_if(recent.begin(), recent.end(),
                                  [id](const RecentPost& post) { return post.id.view() == id; });
  if (found == recent.end()) return;
  if (static_cast<std::size_t>(found - recent.begin()) < turn) --turn;
  recent.erase(found);
}

Result<MastodonCursor> ReadMastodonCursor(std::string_view text, MastodonMode mode,
                                          std::size_t most_recent) {
  MastodonCursor cursor;
  cursor.mode = ToString(mode);
  if (text.empty()) return cursor;
  constexpr JsonLimits kLimits{std::size_t{64} << 10, 8};
  const Result<JsonDocument> document = JsonDocument::Parse(text, kLimits);
  if (!document) return NotReadable("not JSON");
  const JsonValue root = document->root();
  if (root["v"].Int() != kVersion) return NotReadable("not version 1");
  if (root["mode"].Str() != cursor.mode) return NotReadable("written in another mode");
  cursor.newest = root["newest"].Str();
  cursor.top = root["top"].Str();
  for (const std::string& id : {cursor.newest, cursor.top})
    if (!id.empty() && !IsUsableId(id)) return NotReadable("bad id");
  cursor.offset = SmallInt(root["offset"]);
  if (!ReadRecent(root["watched"], most_recent, cursor)) return NotReadable("bad list of posts");
  cursor.turn = std::min(static_cast<std::size_t>(SmallInt(root["turn"])), cursor.recent.size());
  cursor.check_at = ReadTime(root["check_at"]);
  cursor.lookup_failures = SmallInt(root["failures"]);
  cursor.lookup_works = root["works"].Bool().value_or(false);
  if (!ReadLookup(root, cursor)) return NotReadable("bad list of parents");
  cursor.ask_until = ReadTime(root["ask_until"]);
  cursor.rounds = SmallInt(root["rounds"]);
  return cursor;
}

Cursor WriteMastodonCursor(const MastodonCursor& cursor) {
  JsonWriter out;
  out.StartObject().Field("v", kVersion).Field("mode", cursor.mode);
  out.Field("newest", cursor.newest);
  if (!cursor.top.empty()) out.Field("top", cursor.top);
  if (cursor.offset > 0) out.Field("offset", cursor.offset);
  WriteRecent(out, cursor);
  out.Field("turn", cursor.turn).Field("check_at", ToMillis(cursor.check_at));
  out.Field("failures", cursor.lookup_failures).Field("works", cursor.lookup_works);
  if (cursor.rounds > 0 || !cursor.ask.empty()) {
    out.Key("ask").StartArray();
    for (const std::string& id : cursor.ask) out.String(id);
    out.EndArray().Key("parents").StartArray();
    for (const auto& [id, parent] : cursor.parents)
      out.StartArray().String(id).String(parent).EndArray();
    out.EndArray().Field("ask_until", ToMillis(cursor.ask_until)).Field("rounds", cursor.rounds);
  }
  return out.EndObject().Take();
}

}  // namespace webcare

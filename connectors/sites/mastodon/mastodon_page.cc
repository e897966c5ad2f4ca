#include "connectors/sites/mastodon/mastodon_page.h"

#include <algorithm>
#include <set>
#include <utility>

#include "connectors/markup/url.h"
#include "connectors/sites/mastodon/mastodon_status.h"

namespace webcare {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostRaw = 4096;

// 1, 2, 4 ... minutes, at most a day.
milliseconds LookupPause(int failures) {
  return std::chrono::minutes(std::min(1 << std::min(failures - 1, 11), 24 * 60));
}

// min_id of the address marked rel="prev" (RFC 8288), or "". The address itself is not followed:
// the instance does not choose what we ask.
std::string PreviousId(std::string_view link) {
  const std::size_t rel = link.find("rel=\"prev\"");
  if (rel == std::string_view::npos) return "";
  const std::size_t start = link.rfind('<', rel);
  if (start == std::string_view::npos) return "";
  std::string_view url = link.substr(start, rel - start);
  url = url.substr(0, url.find('>'));
  const std::size_t name = std::min(url.find("?min_id="), url.find("&min_id="));
  if (name == std::string_view::npos) return "";
  const std::string_view id = url.substr(name + 8);
  const std::string_view value = id.substr(0, id.find('&'));
  return IsUsableId(value) ? std::string(value) : std::string();
}

bool AllNumeric(const std::vector<std::string_view>& ids) {
  return std::all_of(ids.begin(), ids.end(), IsNumericId);
}

}  // namespace

MastodonStep NextStep(const MastodonCursor& cursor, WallTime now) {
  if (!cursor.ask.empty() && now < cursor.ask_until) return MastodonStep::kParents;
  const bool due = !cursor.recent.empty() && cursor.check_at <= now;
  return due && now < cursor.check_at + kLookupPatience ? MastodonStep::kRecheck
                                                        : MastodonStep::kTimeline;
}

std::vector<std::string> IdsToAsk(const MastodonCursor& cursor, MastodonStep step) {
  std::vector<std::string> ids;
  if (step == MastodonStep::kParents)
    ids.assign(cursor.ask.begin(), cursor.ask.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                            cursor.ask.size(), kMostIdsAsked)));
  if (step != MastodonStep::kRecheck) return ids;
  const std::size_t start = cursor.turn < cursor.recent.size() ? cursor.turn : 0;
  const std::size_t end = std::min(start + kMostIdsAsked, cursor.recent.size());
  for (std::size_t i = start; i < end; ++i) ids.emplace_back(cursor.recent[i].id.view());
  return ids;
}

MastodonPageReader::MastodonPageReader(const MastodonConfig& config, std::string_view instance_host,
                                       MastodonCursor cursor, WallTime now)
    : config_(config),
      instance_host_(instance_host),
      cursor_(std::move(cursor)),
      now_(now),
      document_(JsonDocument::Parse("[]").value()) {}

Result<JsonValue> MastodonPageReader::ParseList(const HttpResponse& response) {
  Result<JsonDocument> document = JsonDocument::Parse(response.body);
  if (!document) return document.error();
  document_ = std::move(*document);
  JsonValue list = document_.root();
  if (list.IsObject() && config_.IsSearch() && list["statuses"].IsArray()) list = list["statuses"];
  if (!list.IsArray()) return Error{ErrorCode::kInvalid, "the answer is not a list of statuses"};
  if (list.size() > kMostStatuses)
    return Error{ErrorCode::kInvalid, "the answer has more statuses than any limit allows"};
  return list;
}

// "" where it is not usable in a request.
std::string_view MastodonPageReader::IdOf(JsonValue status, std::string_view member) {
  const JsonValue value = status[member];
  std::string_view id = value.Str();
  if (!value.IsString()) {
    if (std::string number = value.IdText(); !number.empty()) {
      id = numbers_.emplace_back(std::move(number));
    }
  }
  return IsUsableId(id) ? id : std::string_view();
}

std::vector<MastodonPageReader::Entry> MastodonPageReader::Entries(JsonValue list) {
  std::vector<Entry> entries;
  entries.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const JsonValue json = list.at(i);
    const bool skipped = config_.IsMentions() && json["type"].Str("mention") != "mention";
    const JsonValue status = config_.IsMentions() ? json["status"] : json;
    entries.push_back({json, skipped ? JsonValue() : status, IdOf(json, "id")});
  }
  return entries;
}

Result<Page> MastodonPageReader::ReadTimeline(const HttpResponse& response) {
  const Result<JsonValue> list = ParseList(response);
  if (!list) return list.error();
  const std::vector<Entry> entries = Entries(*list);
  cursor_.recent.reserve(cursor_.recent.size() + entries.size());
  recent_.reserve(cursor_.recent.size() + entries.size());
  for (std::size_t i = 0; i < cursor_.recent.size(); ++i) {
    recent_.emplace(cursor_.recent[i].id.view(), i);
  }
  GiveUpOnLookups();
  if (AskForParents(entries)) {
    page_.more = true;
    return Finish();
  }
  const bool full = entries.size() >= static_cast<std::size_t>(config_.limit);
  const bool first = cursor_.newest.empty();
  Deliver(entries);
  if (first && entries.empty()) WarnOfNothing();
  if (config_.IsSearch()) {
    MoveSearchOn(entries, full && !first);
  } else {
    const bool moved = MoveOn(entries, response.Header("link"));
    page_.more = full && moved && !first;
    if (full && !moved && !first)
      page_.warnings.emplace_back("the instance does not honour min_id: posts may be missed");
  }
  return Finish();
}

// The timeline was asked because what was asked by id did not come in time.
void MastodonPageReader::GiveUpOnLookups() {
  const bool overdue = !cursor_.recent.empty() && now_ >= cursor_.check_at + kLookupPatience;
  if (overdue || !cursor_.ask.empty()) {
    cursor_.lookup_failures = std::min(cursor_.lookup_failures + 1, 1000);
    cursor_.check_at = now_ + LookupPause(cursor_.lookup_failures);
    if (cursor_.lookup_failures > 1)
      page_.warnings.emplace_back("asking for posts by id fails: edits and deletions stay unseen");
  }
  if (!cursor_.ask.empty()) cursor_.rounds = kMostRounds;
  cursor_.ask.clear();
}

// True: the page is to be read again when the posts in cursor_.ask are known.
bool MastodonPageReader::AskForParents(const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    const JsonValue shown = ShownStatus(entry.status);
    if (const std::string_view id = IdOf(shown, "id"); !id.empty())
      page_parents_.emplace(id, IdOf(shown, "in_reply_to_id"));
  }
  const bool pausing = cursor_.lookup_failures > 0 && now_ < cursor_.check_at;
  if (cursor_.rounds >= kMostRounds || pausing) return false;
  std::set<std::string_view> unknown;
  for (const auto& [id, parent] : page_parents_) {
    bool known = true;
    const std::string_view top = RootOf(id, known);
    if (!known) unknown.insert(top);
  }
  const std::size_t room = kMostParents - std::min(kMostParents, cursor_.parents.size());
  for (const std::string_view id : unknown)
    if (cursor_.ask.size() < std::min(kMostAsked, room)) cursor_.ask.emplace_back(id);
  cursor_.ask_until = now_ + kLookupPatience;
  return !cursor_.ask.empty();
}

std::string_view MastodonPageReader::RootOf(std::string_view id, bool& known) const {
  const std::size_t most = page_parents_.size() + cursor_.parents.size() + 1;
  std::string_view top = id;
  known = true;
  for (std::size_t step = 0; step <= most; ++step) {
    if (const auto recent = recent_.find(top); recent != recent_.end()) {
      const RecentPost& post = cursor_.recent[recent->second];
      return post.root.empty() ? top : post.root.view();
    }
    std::string_view parent;
    if (const auto here = page_parents_.find(top); here != page_parents_.end()) {
      parent = here->second;
    } else if (const auto told = cursor_.parents.find(top); told != cursor_.parents.end()) {
      parent = told->second;
    } else {
      known = false;
      return top;
    }
    if (parent.empty()) return top;
    top = parent;
  }
  return id;  // A ring: the instance lies.
}

// The page is newest first; items are taken in oldest first.
void MastodonPageReader::Deliver(const std::vector<Entry>& entries) {
  page_.items.reserve(entries.size());
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
    if (entry->status.present()) DeliverOne(*entry);
  cursor_.parents.clear();
  cursor_.rounds = 0;
  cursor_.Trim(now_, config_.recheck);
}

void MastodonPageReader::DeliverOne(const Entry& entry) {
  if (entry.id.empty()) return Reject(entry, "no usable id");
  Result<Item> item = ReadStatus(entry.status, instance_host_, now_);
  if (!item) return Reject(entry, item.error().message);
  Post& post = item->post;
  const WallTime edited = StatusEdited(ShownStatus(entry.status));
  if (config_.IsSearch()) {
    // Sweeps overlap: what is known and unchanged says nothing new.
    const auto seen = recent_.find(post.native_id);
    if (seen != recent_.end() && cursor_.recent[seen->second].edited == edited) return;
  }
  bool known = false;
  post.root_id = RootOf(post.native_id, known);
  if (post.root_id == post.native_id) post.root_id.clear();
  if (config_.IsMentions()) post.kind = PostKind::kMention;
  if (!post.is_repost) Remember(post, edited);
  page_.items.push_back(std::move(*item));
}

void MastodonPageReader::Reject(const Entry& entry, std::string reason) {
  page_.rejected.push_back({std::string(entry.id), std::move(reason), entry.json.ToJson(kMostRaw)});
}

void MastodonPageReader::Remember(const Post& post, WallTime edited) {
  if (config_.recheck.count() == 0) return;
  if (cursor_.recent.empty()) cursor_.check_at = now_ + kRecheckEvery;
  if (const auto known = recent_.find(post.native_id); known != recent_.end()) {
    cursor_.recent[known->second].edited = edited;
    return;
  }
  cursor_.recent.push_back({KeptId(post.native_id), KeptId(post.root_id), now_, edited});
  recent_.emplace(cursor_.recent.back().id.view(), cursor_.recent.size() - 1);
}

// True: the bound has moved.
bool MastodonPageReader::MoveOn(const std::vector<Entry>& entries, std::string_view link) {
  const std::string previous = PreviousId(link);
  std::vector<std::string_view> ids;
  ids.reserve(entries.size() + 2);
  if (!previous.empty()) ids.push_back(previous);
  for (const Entry& entry : entries)
    if (!entry.id.empty()) ids.push_back(entry.id);
  if (ids.empty()) return false;
  const std::string before = cursor_.newest;
  if (!before.empty()) ids.push_back(before);
  // Opaque ids have no order of ours: the instance's own link, else its first entry, is the newest.
  cursor_.newest =
      AllNumeric(ids) ? *std::max_element(ids.begin(), ids.end(), IdLess) : ids.front();
  return cursor_.newest != before;
}

// Pages of one sweep are told apart by an offset; the bound moves when all have arrived.
void MastodonPageReader::MoveSearchOn(const std::vector<Entry>& entries, bool full) {
  for (const Entry& entry : entries)
    if (!entry.id.empty() && (cursor_.top.empty() || IdLess(cursor_.top, entry.id)))
      cursor_.top = entry.id;
  page_.more = full && cursor_.offset < 4000;
  if (page_.more) {
    cursor_.offset += config_.limit;
    return;
  }
  if (!cursor_.top.empty() && (cursor_.newest.empty() || IdLess(cursor_.newest, cursor_.top)))
    cursor_.newest = cursor_.top;
  cursor_.top.clear();
  cursor_.offset = 0;
}

void MastodonPageReader::WarnOfNothing() {
  if (config_.IsSearch()) {
    page_.warnings.emplace_back(
        "the search finds nothing: it needs Elasticsearch on the instance, a user's token and "
        "authors who let themselves be found");
  } else if (config_.token.empty()) {
    page_.warnings.emplace_back(
        "the timeline is empty: nothing there yet, or the instance shows it to members only");
  }
}

Result<Page> MastodonPageReader::ReadParents(const HttpResponse& response) {
  const std::vector<std::string> asked = IdsToAsk(cursor_, MastodonStep::kParents);
  const Result<JsonValue> list = ParseList(response);
  if (!list) return list.error();
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string_view id = IdOf(list->at(i), "id");
    const auto wanted = std::find(asked.begin(), asked.end(), id);
    if (wanted == asked.end()) continue;
    cursor_.parents[*wanted] = IdOf(list->at(i), "in_reply_to_id");
    cursor_.lookup_works = true;
  }
  // Not there or not for us: the conversation starts here as far as anybody can see.
  for (const std::string& id : asked) cursor_.parents.emplace(id, "");
  cursor_.ask.erase(cursor_.ask.begin(),
                    cursor_.ask.begin() + static_cast<std::ptrdiff_t>(asked.size()));
  ++cursor_.rounds;
  cursor_.ask_until = now_ + kLookupPatience;
  cursor_.lookup_failures = 0;
  page_.more = true;
  return Finish();
}

Result<Page> MastodonPageReader::ReadRecheck(const HttpResponse& response) {
  const std::vector<std::string> asked = IdsToAsk(cursor_, MastodonStep::kRecheck);
  const Result<JsonValue> list = ParseList(response);
  if (!list) return list.error();
  std::set<std::string> missing(asked.begin(), asked.end());
  for (std::size_t i = 0; i < list->size(); ++i) {
    const JsonValue status = list->at(i);
    const std::string_view id = IdOf(status, "id");
    if (missing.erase(std::string(id)) == 0) continue;
    cursor_.lookup_works = true;
    RecentPost& known = *cursor_.Find(id);
    const WallTime edited = StatusEdited(status);
    if (edited == known.edited) continue;
    Result<Item> item = ReadStatus(status, instance_host_, now_);
    if (!item) {
      Reject({status, status, id}, item.error().message);
      continue;
    }
    known.edited = edited;
    item->post.root_id = known.root.view();
    if (config_.IsMentions()) item->post.kind = PostKind::kMention;
    page_.items.push_back(std::move(*item));
  }
  cursor_.turn = (cursor_.turn < cursor_.recent.size() ? cursor_.turn : 0) + asked.size();
  if (cursor_.turn >= cursor_.recent.size()) cursor_.turn = 0;
  for (const std::string& id : asked) {
    // A server that does not know this call may answer with an empty list; that deletes nothing.
    if (!missing.contains(id) || !cursor_.lookup_works) continue;
    page_.deletions.push_back({id});
    cursor_.Remove(id);
  }
  cursor_.lookup_failures = 0;
  cursor_.check_at = now_ + kRecheckEvery;
  cursor_.Trim(now_, config_.recheck);
  page_.more = true;  // The timeline is next, in the same poll.
  return Finish();
}

Page MastodonPageReader::Finish() {
  page_.next_cursor = WriteMastodonCursor(cursor_);
  return std::move(page_);
}

}  // namespace webcare

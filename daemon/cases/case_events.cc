#include "daemon/cases/case_events.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>

#include "daemon/base/json.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

// Shares of the record that no hostile post can exceed.
constexpr std::size_t kMaxLinks = 20;
constexpr std::size_t kMaxUrl = 1024;
constexpr std::size_t kMaxName = 256;
constexpr std::size_t kMaxReasons = 32;
constexpr std::size_t kMaxSpans = 4;
constexpr std::size_t kMaxQuote = 160;
constexpr std::size_t kMaxVoiceText = 8192;
constexpr std::size_t kMaxRaw = 4096;

// Of a file: how much of it goes into the record.
struct Cut {
  std::size_t text = kMaxPostText.count;
  std::size_t posts = kMaxFilePosts;
};

std::string_view Url(std::string_view url) {
  return url.size() <= kMaxUrl ? url : std::string_view();
}

void WriteReasons(JsonWriter& json, const std::vector<RuleHit>& hits, std::string_view text) {
  json.Key("reasons").StartArray();
  for (std::size_t i = 0; i < std::min(hits.size(), kMaxReasons); ++i) {
    const RuleHit& hit = hits[i];
    json.StartObject().Field("rule", hit.rule).Field("label", hit.label);
    json.Field("weight", hit.weight).Key("evidence").StartArray();
    for (std::size_t at = 0; at < std::min(hit.spans.size(), kMaxSpans); ++at) {
      const Span span = hit.spans[at];
      if (span.begin > span.end || span.end > text.size()) continue;
      const auto quote = text.substr(span.begin, span.end - span.begin);
      json.StartObject().Field("begin", std::int64_t{span.begin});
      json.Field("end", std::int64_t{span.end}).Field("quote", CutUtf8(quote, kMaxQuote));
      json.EndObject();
    }
    json.EndArray().EndObject();
  }
  json.EndArray();
}

void WriteSource(JsonWriter& json, const CaseFile& file) {
  json.Key("source").StartObject().Field("id", file.source_id);
  json.Field("type", file.source_type).EndObject();
}

void WritePost(JsonWriter& json, const StoredPost& post, std::size_t text_limit) {
  const std::string_view text = CutUtf8(post.text, text_limit);
  json.StartObject().Field("id", post.key.Hex()).Field("turn", post.turn);
  json.Field("repeat", post.repeat).Field("text", text);
  json.Field("truncated", post.truncated || text.size() < post.text.size());
  json.Key("facts").Raw(post.facts).Key("verdict").Raw(post.verdict).EndObject();
}

// The first post and the newest; what is left out lies between them.
void WritePosts(JsonWriter& json, const CaseFile& file, const Cut& cut) {
  const std::size_t shown = std::min(file.posts.size(), cut.posts);
  json.Key("posts").StartArray();
  for (std::size_t i = 0; i < file.posts.size(); ++i) {
    const bool newest = i + shown > file.posts.size();
    if (shown == file.posts.size() || i == 0 || newest) WritePost(json, file.posts[i], cut.text);
  }
  json.EndArray().Field("posts_left_out", file.facts.posts - static_cast<int>(shown));
  json.Field("repeats", file.facts.repeats);
}

// Of the posts that ask, oldest first.
std::vector<JsonDocument> AskingVerdicts(const CaseFile& file) {
  std::vector<JsonDocument> verdicts;
  for (const StoredPost& post : file.posts) {
    if (post.turn == 0) continue;
    auto verdict = JsonDocument::Parse(post.verdict);
    if (verdict.ok()) verdicts.push_back(std::move(*verdict));
  }
  return verdicts;
}

std::vector<std::string> LabelsIn(const std::vector<JsonDocument>& verdicts) {
  std::vector<std::string> labels;
  for (const JsonDocument& verdict : verdicts) {
    const JsonValue list = verdict.root()["labels"];
    for (std::size_t i = 0; i < list.size(); ++i) {
      std::string label(list.at(i)["label"].Str());
      if (std::find(labels.begin(), labels.end(), label) == labels.end()) {
        labels.push_back(std::move(label));
      }
    }
  }
  return labels;
}

// What the newest asking post's verdict says for the whole case.
void WriteJudgement(JsonWriter& json, const CaseFile& file) {
  const std::vector<JsonDocument> verdicts = AskingVerdicts(file);
  json.Key("labels").StartArray();
  for (const std::string& label : LabelsIn(verdicts)) json.String(label);
  json.EndArray();
  if (verdicts.empty()) return;
  const JsonValue newest = verdicts.back().root();
  json.Field("team", newest["team"].Str());
  json.Field("language", newest["language"].Str());
  json.Field("rules", newest["rules"].Str());
}

void WriteClocks(JsonWriter& json, const StoredCase& one) {
  json.Field("asked_at", FormatTime(FromMillis(one.asked_at)));
  json.Field("waiting_since", FormatTime(FromMillis(one.waiting_since)));
  json.Field("due", FormatTime(FromMillis(one.asked_at) + kPromise));
  if (one.answered_at == 0) return;
  json.Field("answered_by_brand_at", FormatTime(FromMillis(one.answered_at)));
}

void WriteCase(JsonWriter& json, const CaseFile& file, const Cut& cut) {
  const StoredCase& one = file.facts;
  json.Key("author").StartObject().Field("name", one.author_name);
  json.Field("handle", one.author_handle).Field("url", one.author_url).EndObject();
  WriteJudgement(json, file);
  WriteClocks(json, one);
  WritePosts(json, file, cut);
}

// Writes again with less until it fits: shorter texts first, then fewer posts.
std::string Fit(const std::function<void(JsonWriter&, const Cut&)>& write) {
  JsonWriter json;
  Cut cut;
  for (;;) {
    json.Clear();
    write(json, cut);
    if (json.View().size() <= kMaxRecord.count || (cut.text <= 256 && cut.posts == 1)) break;
    if (cut.text > 256) {
      cut.text /= 2;
    } else {
      cut.posts = std::max<std::size_t>(cut.posts / 2, 1);
    }
  }
  return json.Take();
}

RecordHeaders Headers(std::string_view schema, std::string_view type, const Id128& id,
                      std::string_view source_id, WallTime now) {
  RecordHeaders headers;
  headers.Add("ce_specversion", "1.0");
  headers.Add("ce_id", id.Hex());
  headers.Add("ce_source", "/webcare/" + std::string(source_id));
  headers.Add("ce_type", "webcare." + std::string(type) + ".v1");
  headers.Add("ce_time", FormatTime(now));
  headers.Add("ce_dataschema", "urn:webcare:schema:" + std::string(schema) + ":v1");
  headers.Add("content-type", "application/json");
  return headers;
}

std::string_view Name(CaseChange change) {
  switch (change) {
    case CaseChange::kUpdated:
      return "updated";
    case CaseChange::kEdited:
      return "edited";
    case CaseChange::kWithdrawn:
      return "withdrawn";
    case CaseChange::kAnsweredByBrand:
      return "answered_by_brand";
  }
  return "updated";
}

void WriteReach(JsonWriter& json, const Reach& reach) {
  json.Key("reach").StartObject().Field("verified", reach.verified);
  const auto count = [&](std::string_view name, const std::optional<std::int64_t>& value) {
    if (value) json.Field(name, *value);
  };
  count("followers", reach.followers);
  count("following", reach.following);
  count("likes", reach.likes);
  count("shares", reach.shares);
  count("replies", reach.replies);
  count("views", reach.views);
  json.EndObject();
}

}  // namespace

std::string FactsJson(const Post& post) {
  JsonWriter json;
  json.StartObject().Field("native_id", CutUtf8(post.native_id, kMaxUrl));
  json.Field("kind", ToString(post.kind)).Field("permalink", Url(post.permalink));
  json.Field("created_at", FormatTime(post.created_at));
  if (post.edited_at) json.Field("edited_at", FormatTime(*post.edited_at));
  if (!post.language.empty()) json.Field("declared_language", CutUtf8(post.language, kMaxName));
  if (post.title_size != 0) json.Field("title_size", std::int64_t{post.title_size});
  if (post.rating && std::isfinite(post.rating->value) && std::isfinite(post.rating->max)) {
    json.Key("rating").StartObject().Field("value", post.rating->value);
    json.Field("max", post.rating->max).EndObject();
  }
  json.Key("links").StartArray();
  for (std::size_t i = 0; i < std::min(post.links.size(), kMaxLinks); ++i) {
    if (post.links[i].size() <= kMaxUrl) json.String(post.links[i]);
  }
  json.EndArray().EndObject();
  return json.Take();
}

std::string VerdictJson(const Post& post, const Verdict& verdict) {
  JsonWriter json;
  json.StartObject().Field("language", verdict.language).Field("team", verdict.team);
  json.Field("rules", verdict.rules_digest).Key("labels").StartArray();
  for (const LabelScore& label : verdict.labels) {
    json.StartObject().Field("label", label.label).Field("score", label.score);
    json.Field("threshold", label.threshold).EndObject();
  }
  json.EndArray();
  WriteReasons(json, verdict.hits, post.text);
  json.EndObject();
  return json.Take();
}

std::string VoiceJson(const Post& post, const ReachNote& note, const Reach& reach) {
  JsonWriter json;
  const std::string_view text = CutUtf8(post.text, kMaxVoiceText);
  json.StartObject().Field("permalink", Url(post.permalink));
  json.Field("created_at", FormatTime(post.created_at)).Key("author").StartObject();
  json.Field("name", CutUtf8(post.author.name, kMaxName));
  json.Field("handle", CutUtf8(post.author.handle, kMaxName));
  json.Field("url", Url(post.author.url)).EndObject().Field("text", text);
  json.Field("truncated", post.truncated || text.size() < post.text.size());
  WriteReasons(json, note.hits, post.text);
  WriteReach(json, reach);
  json.EndObject();
  return json.Take();
}

OutboxRow QueueRecord(const CaseFile& file, WallTime now) {
  const StoredCase& one = file.facts;
  const ReleaseFacts& release = one.release;
  assert(release.number > 0);
  const std::string turn = std::to_string(one.turn);
  OutboxRow row;
  row.topic = Topic::kQueue;
  row.key = one.key.Hex();
  row.headers = Headers("queue", "queue.turn", HashParts({"queue", one.key.AsBytes(), turn}),
                        file.source_id, now);
  row.headers.Add("case", row.key);
  row.headers.Add("turn", turn);
  row.headers.Add("attempt", std::to_string(release.attempt));
  row.headers.Add("release", std::to_string(release.number));
  row.value = Fit([&](JsonWriter& json, const Cut& cut) {
    json.StartObject()
        .Field("case", row.key)
        .Field("turn", one.turn)
        .Field("attempt", release.attempt);
    json.Key("order").StartObject().Field("release", release.number);
    json.Field("arrived", release.arrived).Field("released", release.released).EndObject();
    json.Field("released_at", FormatTime(now));
    WriteSource(json, file);
    WriteCase(json, file, cut);
    json.EndObject();
  });
  return row;
}

OutboxRow CaseRecord(const CaseFile& file, CaseChange change, const Id128& post, WallTime now) {
  const StoredCase& one = file.facts;
  OutboxRow row;
  row.topic = Topic::kCases;
  row.key = one.key.Hex();
  const Id128 id = HashParts({"cases", one.key.AsBytes(), std::to_string(one.revision)});
  row.headers = Headers("cases", "case." + std::string(Name(change)), id, file.source_id, now);
  row.headers.Add("case", row.key);
  row.value = Fit([&](JsonWriter& json, const Cut& cut) {
    json.StartObject().Field("case", row.key).Field("revision", one.revision);
    json.Field("change", Name(change)).Field("changed_post", post.Hex());
    json.Field("changed_at", FormatTime(now)).Field("turn", one.turn);
    json.Field("waiting", one.waiting);
    WriteSource(json, file);
    if (change != CaseChange::kWithdrawn) WriteCase(json, file, cut);
    json.EndObject();
  });
  return row;
}

OutboxRow CaseTombstone(const Id128& case_key, std::string_view source_id, WallTime now) {
  OutboxRow row;
  row.topic = Topic::kCases;
  row.key = case_key.Hex();
  row.headers =
      Headers("cases", "case.erased", HashParts({"erased", case_key.AsBytes()}), source_id, now);
  row.headers.Add("case", row.key);
  row.tombstone = true;
  return row;
}

OutboxRow VoiceRecord(const Id128& id, int turn, std::string_view source_id, std::string_view voice,
                      WallTime now) {
  OutboxRow row;
  row.topic = Topic::kVoices;
  row.key = id.Hex();
  row.headers =
      Headers("voices", "voice", HashParts({"voices", id.AsBytes(), voice}), source_id, now);
  JsonWriter json;
  json.StartObject().Field(turn > 0 ? "case" : "post", row.key);
  if (turn > 0) json.Field("turn", turn);
  json.Field("source", source_id).Key("voice").Raw(voice).EndObject();
  row.value = json.Take();
  return row;
}

OutboxRow RejectedRecord(const Id128& id, std::string_view source_id, const RejectedItem& item,
                         WallTime now) {
  OutboxRow row;
  row.topic = Topic::kRejected;
  row.key = source_id;
  row.headers =
      Headers("rejected", "item.rejected", HashParts({"rejected", id.AsBytes()}), source_id, now);
  const std::string raw = RepairUtf8(std::string_view(item.raw).substr(0, kMaxRaw));
  JsonWriter json;
  json.StartObject().Field("source", source_id).Field("item", id.Hex());
  json.Field("reason", CutUtf8(RepairUtf8(item.reason), kMaxName));
  json.Field("rejected_at", FormatTime(now)).Field("raw", CutUtf8(raw, kMaxRaw)).EndObject();
  row.value = json.Take();
  return row;
}

std::vector<std::string> LabelsOf(const CaseFile& file) { return LabelsIn(AskingVerdicts(file)); }

}  // namespace webcare

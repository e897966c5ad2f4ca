// The entities of the API as JSON: status, account, notification.
#include "daemon/base/json.h"
#include "tests/feeds/mastodon_face.h"

namespace webcare {
namespace {

// FNV-1a (RFC draft-eastlake-fnv), shown as an account id of 18 digits.
std::string AccountId(std::string_view key, std::size_t copy) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  hash = (hash ^ copy) * 1099511628211U;
  return std::to_string(100'000'000'000'000'000U + hash % 900'000'000'000'000'000U);
}

// "" for the original, "x1", "x2", ... for its copies.
std::string Suffix(std::size_t copy) { return copy == 0 ? "" : "x" + std::to_string(copy); }

struct Name {
  std::string user;
  std::string domain;
};

Name NameOf(const FeedPost& post, const std::string& instance, std::size_t copy) {
  const std::string& handle = post.author.handle.empty() ? post.author.id : post.author.handle;
  const std::size_t at = handle.find('@');
  const std::string domain = at == std::string::npos ? instance : handle.substr(at + 1);
  return {handle.substr(0, at) + Suffix(copy), domain};
}

void WriteIdOrNull(JsonWriter& out, std::string_view key, const std::string& id) {
  out.Key(key);
  if (id.empty()) {
    out.Null();
  } else {
    out.String(id);
  }
}

}  // namespace

void MastodonFace::WriteAccount(JsonWriter& out, const FeedPost& post, std::size_t copy) const {
  const Name name = NameOf(post, domain_, copy);
  const std::string site = "https://" + name.domain;
  out.StartObject().Field("id", AccountId(post.author.id, copy)).Field("username", name.user);
  out.Field("acct", name.domain == domain_ ? name.user : name.user + "@" + name.domain);
  out.Field("display_name", post.author.name).Field("locked", false).Field("bot", post.author.bot);
  out.Field("discoverable", true).Field("indexable", true).Field("group", false);
  out.Field("created_at", "2023-01-05T00:00:00.000Z").Field("note", "");
  out.Field("url", site + "/@" + name.user).Field("uri", site + "/users/" + name.user);
  out.Field("avatar", site + "/avatars/original/missing.png");
  out.Field("avatar_static", site + "/avatars/original/missing.png");
  out.Field("header", site + "/headers/original/missing.png");
  out.Field("header_static", site + "/headers/original/missing.png");
  out.Field("followers_count", post.author.followers).Field("following_count", 50);
  out.Field("statuses_count", 100).Field("last_status_at", FormatTime(post.at).substr(0, 10));
  out.Field("hide_collections", false).Key("emojis").StartArray().EndArray();
  out.Key("fields").StartArray();
  if (post.author.verified) {
    out.StartObject().Field("name", "Website").Field("value", site);
    out.Field("verified_at", "2024-01-05T00:00:00.000Z").EndObject();
  }
  out.EndArray().EndObject();
}

void MastodonFace::WriteStatus(JsonWriter& out, Entry entry, WallTime now) const {
  const Base& base = base_[entry / copies_];
  const std::size_t copy = entry % copies_;
  const FeedPost& post = *base.post;
  const std::size_t version = post.VersionAt(now);
  const Base* parent = base.parent < 0 ? nullptr : &base_[static_cast<std::size_t>(base.parent)];
  if (parent != nullptr && !parent->post->ExistsAt(now)) parent = nullptr;
  const Name name = NameOf(post, domain_, copy);
  const std::string native = post.id + Suffix(copy);
  const std::string site = "https://" + name.domain;
  out.StartObject().Field("id", std::to_string(IdOf(entry)));
  out.Field("created_at", FormatTime(post.at));
  WriteIdOrNull(out, "in_reply_to_id", parent == nullptr ? "" : std::to_string(parent->id + copy));
  WriteIdOrNull(out, "in_reply_to_account_id",
                parent == nullptr ? "" : AccountId(parent->post->author.id, copy));
  out.Field("sensitive", false).Field("spoiler_text", "").Field("visibility", post.visibility);
  WriteIdOrNull(out, "language", post.lang);
  out.Field("uri", site + "/users/" + name.user + "/statuses/" + std::to_string(base.origin_id));
  out.Field("url", site + "/@" + name.user + "/" + native);
  out.Field("replies_count", base.replies.size()).Field("reblogs_count", post.shares);
  out.Field("favourites_count", post.likes).Field("quotes_count", 0);
  WriteIdOrNull(out, "edited_at", version == 0 ? "" : FormatTime(post.edits[version - 1].at));
  out.Key("content").Raw(base.versions[version].content_json).Key("reblog");
  if (base.boosted < 0) {
    out.Null();
  } else {
    WriteStatus(out, static_cast<Entry>(base.boosted) * copies_ + copy, now);
  }
  out.Key("account");
  WriteAccount(out, post, copy);
  out.Key("media_attachments").StartArray().EndArray();
  out.Key("mentions").Raw(base.versions[version].mentions_json);
  out.Key("tags").Raw(base.versions[version].tags_json).Key("emojis").StartArray().EndArray();
  out.Key("quote").Null().Key("card").Null().Key("poll").Null().EndObject();
}

void MastodonFace::WriteNotification(JsonWriter& out, std::uint64_t id, Entry entry,
                                     WallTime now) const {
  const FeedPost& post = *base_[entry / copies_].post;
  out.StartObject().Field("id", std::to_string(id)).Field("type", "mention");
  out.Field("created_at", FormatTime(post.at))
      .Field("group_key", "ungrouped-" + std::to_string(id));
  out.Key("account");
  WriteAccount(out, post, entry % copies_);
  out.Key("status");
  WriteStatus(out, entry, now);
  out.EndObject();
}

}  // namespace webcare

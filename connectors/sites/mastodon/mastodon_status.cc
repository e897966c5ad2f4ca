#include "connectors/sites/mastodon/mastodon_status.h"

#include <algorithm>
#include <utility>

#include "connectors/markup/dates.h"
#include "connectors/markup/html_text.h"
#include "connectors/markup/text.h"
#include "connectors/markup/url.h"
#include "connectors/sites/mastodon/mastodon_cursor.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

constexpr std::size_t kMostListed = 100;      // Mentions, tags, attachments, options.
constexpr std::size_t kMostNameBytes = 1024;  // Names, handles, tags.

Error Missing(const char* what) { return {ErrorCode::kInvalid, std::string("status ") + what}; }

std::string Line(JsonValue value) { return CleanLine(CutUtf8(value.Str(), kMostNameBytes)); }

std::string WebUrl(JsonValue value) {
  return IsWebUrl(value.Str()) ? std::string(value.Str()) : std::string();
}

// "anna" of the instance itself becomes "anna@social.example". The account's own address names the
// server; the address that is polled may be another one.
std::string Handle(JsonValue account, std::string_view instance_host) {
  std::string handle = Line(account["acct"]);
  if (handle.empty() || handle.find('@') != std::string::npos) return handle;
  const std::string host = UrlHost(account["url"].Str());
  return handle + "@" + (host.empty() ? std::string(instance_host) : host);
}

Author ReadAuthor(JsonValue account, std::string_view instance_host) {
  Author author;
  author.id = account["id"].IdText();
  author.id.resize(CutUtf8(author.id, kMostNameBytes).size());
  author.handle = Handle(account, instance_host);
  author.name = Line(account["display_name"]);
  if (author.name.empty()) author.name = Line(account["username"]);
  author.url = WebUrl(account["url"]);
  author.is_bot = account["bot"].Bool().value_or(false);
  return author;
}

// A link on the profile that points back with rel="me" is what Mastodon verifies.
bool IsVerified(JsonValue account) {
  const JsonValue fields = account["fields"];
  for (std::size_t i = 0; i < std::min(fields.size(), kMostListed); ++i)
    if (fields.at(i)["verified_at"].IsString()) return true;
  return false;
}

Reach ReadReach(JsonValue status) {
  const JsonValue account = status["account"];
  Reach reach;
  reach.followers = account["followers_count"].Int();
  reach.following = account["following_count"].Int();
  reach.likes = status["favourites_count"].Int();
  reach.shares = status["reblogs_count"].Int();
  reach.replies = status["replies_count"].Int();
  reach.verified = IsVerified(account);
  return reach;
}

// Parts of a text, a blank line between two.
class TextBuilder {
 public:
  explicit TextBuilder(Post& post) : post_(post) {}

  void Add(std::string text) {
    if (text.empty()) return;
    if (post_.text.empty()) {
      post_.text = std::move(text);
      return;
    }
    post_.text += "\n\n";
    post_.text += text;
  }
  void Finish() {
    const std::string_view cut = CutUtf8(post_.text, kMaxPostText.count);
    post_.truncated = post_.truncated || cut.size() < post_.text.size();
    post_.text.resize(cut.size());
  }

 private:
  Post& post_;
};

// Content warning as title, text, alternative texts of media, options of a poll.
void ReadText(JsonValue status, Post& post) {
  TextBuilder text(post);
  HtmlText warning = PlainToText(status["spoiler_text"].Str());
  text.Add(std::move(warning.text));
  post.title_size = static_cast<std::uint32_t>(post.text.size());
  HtmlText content = HtmlToText(status["content"].Str());
  post.truncated = warning.truncated || content.truncated;
  text.Add(std::move(content.text));
  post.links = std::move(content.links);
  const JsonValue media = status["media_attachments"];
  for (std::size_t i = 0; i < std::min(media.size(), kMostListed); ++i)
    text.Add(PlainToText(media.at(i)["description"].Str()).text);
  const JsonValue options = status["poll"]["options"];
  for (std::size_t i = 0; i < std::min(options.size(), kMostListed); ++i)
    text.Add(PlainToText(options.at(i)["title"].Str()).text);
  text.Finish();
}

void ReadNames(JsonValue status, std::string_view instance_host, Post& post) {
  const JsonValue mentions = status["mentions"];
  for (std::size_t i = 0; i < std::min(mentions.size(), kMostListed); ++i) {
    std::string handle = Handle(mentions.at(i), instance_host);
    if (!handle.empty()) post.mentions.push_back(std::move(handle));
  }
  const JsonValue tags = status["tags"];
  for (std::size_t i = 0; i < std::min(tags.size(), kMostListed); ++i) {
    std::string name = Line(tags.at(i)["name"]);
    if (!name.empty()) post.tags.push_back(std::move(name));
  }
}

// "" where it is missing or not usable in a request (mastodon_cursor.h).
std::string Id(JsonValue value) {
  std::string id = value.IdText();
  if (!IsUsableId(id)) id.clear();
  return id;
}

std::string Language(JsonValue value) {
  constexpr std::size_t kMostTagBytes = 35;  // RFC 5646 4.4.1.
  return LowerAscii(CleanLine(CutUtf8(value.Str(), kMostTagBytes)));
}

}  // namespace

JsonValue ShownStatus(JsonValue status) {
  const JsonValue reblog = status["reblog"];
  return reblog.IsObject() ? reblog : status;
}

WallTime StatusEdited(JsonValue status) {
  return ParseIsoDate(status["edited_at"].Str()).value_or(WallTime{});
}

Result<Item> ReadStatus(JsonValue status, std::string_view instance_host, WallTime now) {
  const JsonValue shown = ShownStatus(status);
  if (!shown.IsObject()) return Missing("is not an object");
  Item item;
  Post& post = item.post;
  post.native_id = Id(shown["id"]);
  if (post.native_id.empty()) return Missing("has no usable id");
  const JsonValue account = shown["account"];
  post.author = ReadAuthor(account, instance_host);
  if (post.author.id.empty()) post.author.id = post.author.handle;
  if (post.author.id.empty()) return Missing("has no author");
  if (!shown["content"].IsString()) return Missing("has no content");
  const std::optional<WallTime> created = ParseIsoDate(shown["created_at"].Str());
  if (!created) return Missing("has no readable created_at");
  post.created_at = PlausibleDate(created, now);
  if (const WallTime edited = StatusEdited(shown); edited != WallTime{})
    post.edited_at = PlausibleDate(edited, now);
  post.global_id = WebUrl(shown["uri"]);
  post.permalink = WebUrl(shown["url"]);
  if (post.permalink.empty()) post.permalink = post.global_id;
  post.parent_id = Id(shown["in_reply_to_id"]);
  post.root_id = post.parent_id;
  post.kind = post.parent_id.empty() ? PostKind::kPost : PostKind::kReply;
  post.language = Language(shown["language"]);
  post.is_repost = status["reblog"].IsObject();
  post.is_private = shown["visibility"].Str() == "direct";
  ReadText(shown, post);
  ReadNames(shown, instance_host, post);
  item.reach = ReadReach(shown);
  return item;
}

}  // namespace webcare

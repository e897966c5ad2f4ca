#include "tests/feeds/mastodon_face.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "daemon/base/digest.h"
#include "daemon/base/json.h"
#include "tests/feeds/feed_text.h"

namespace webcare {
namespace {

constexpr std::uint64_t kFirstNotification = 1001;

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string Key(std::string_view source, std::string_view id) {
  return std::string(source).append("\n").append(id);
}

template <typename Values>
bool Contains(const Values& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::string DomainOf(std::string_view handle) {
  const std::size_t at = handle.find('@');
  return at == std::string_view::npos ? "" : std::string(handle.substr(at + 1));
}

}  // namespace

MastodonFace::MastodonFace(std::string base_path, std::string domain, std::string account,
                           const std::vector<const FeedPost*>& posts, std::size_t copies)
    : base_path_(std::move(base_path)),
      domain_(std::move(domain)),
      account_(Lower(account)),
      copies_(copies) {
  for (const FeedPost* post : posts) Read(*post);
  Connect();
  Index();
}

// Ids as Mastodon makes them: milliseconds in the upper bits, so they grow with time.
void MastodonFace::Read(const FeedPost& post) {
  const std::uint64_t least = base_.empty() ? 1 : base_.back().id + copies_;
  Base base;
  base.post = &post;
  const std::uint64_t time = static_cast<std::uint64_t>(ToMillis(post.at)) << 16;
  base.id = std::max(least, time);
  const Id128 hash = HashParts({post.id});
  base.origin_id = time | static_cast<std::uint64_t>(hash.bytes[0]) << 8 | hash.bytes[1];
  for (std::size_t i = 0; i <= post.edits.size(); ++i)
    base.versions.push_back(MakeVersion(base, post.TextOf(i)));
  by_name_.emplace(Key(post.source, post.id), static_cast<Number>(base_.size()));
  base_.push_back(std::move(base));
}

MastodonFace::Version MastodonFace::MakeVersion(Base& base, const std::string& text) const {
  JsonWriter content;
  content.String(MastodonHtml(text, domain_));
  JsonWriter mentions;
  JsonWriter tags;
  mentions.StartArray();
  tags.StartArray();
  for (const TextPiece& piece : SplitText(text)) {
    const std::string name = Lower(piece.text);
    if (piece.kind == TextPiece::Kind::kTag) {
      base.tags.push_back(name);
      tags.StartObject().Field("name", name).Field("url", "https://" + domain_ + "/tags/" + name);
      tags.EndObject();
    }
    if (piece.kind != TextPiece::Kind::kMention) continue;
    base.mentions.push_back(name);
    const std::string user(piece.text.substr(0, piece.text.find('@')));
    const std::string host = DomainOf(piece.text).empty() ? domain_ : DomainOf(piece.text);
    mentions.StartObject().Field("id", "1").Field("username", user);
    mentions.Field("url", "https://" + host + "/@" + user);
    mentions.Field("acct", host == domain_ ? user : user + "@" + host).EndObject();
  }
  return {content.Take(), mentions.EndArray().Take(), tags.EndArray().Take()};
}

void MastodonFace::Connect() {
  const auto find = [this](const FeedPost& post, const std::string& id) -> std::int64_t {
    const auto found = by_name_.find(Key(post.source, id));
    return id.empty() || found == by_name_.end() ? -1 : std::int64_t{found->second};
  };
  for (std::size_t i = 0; i < base_.size(); ++i) {
    Base& base = base_[i];
    base.parent = find(*base.post, base.post->reply_to);
    base.boosted = find(*base.post, base.post->boost_of);
    // A boost of a boost would be a chain, perhaps a ring; sites have neither.
    if (base.boosted >= 0 && !base_[static_cast<std::size_t>(base.boosted)].post->boost_of.empty())
      base.boosted = -1;
    if (base.parent >= 0)
      base_[static_cast<std::size_t>(base.parent)].replies.push_back(static_cast<Number>(i));
  }
}

void MastodonFace::Index() {
  for (std::size_t i = 0; i < base_.size(); ++i) {
    const auto number = static_cast<Number>(i);
    const Base& base = base_[i];
    if (base.boosted < 0 && IsForAccount(base)) mentions_.push_back(number);
    if (base.post->visibility != "public") continue;
    public_.push_back(number);
    const Base& shown = base.boosted < 0 ? base : base_[static_cast<std::size_t>(base.boosted)];
    for (const std::string& tag : shown.tags)
      if (by_tag_[tag].empty() || by_tag_[tag].back() != number) by_tag_[tag].push_back(number);
  }
}

bool MastodonFace::IsForAccount(const Base& base) const {
  if (account_.empty()) return !base.mentions.empty();
  const bool local = DomainOf(account_) == domain_;
  return Contains(base.mentions, account_) ||
         (local && Contains(base.mentions, account_.substr(0, account_.find('@'))));
}

FeedPage MastodonFace::Answer(const FeedTarget& target, const FeedContext& context) const {
  std::string_view path = target.path();
  if (!path.starts_with(base_path_)) return ErrorPage(404, "Record not found");
  path.remove_prefix(base_path_.size());
  constexpr std::string_view kTag = "/api/v1/timelines/tag/";
  constexpr std::string_view kStatuses = "/api/v1/statuses/";
  if (path.starts_with(kTag)) return TagTimeline(Lower(path.substr(kTag.size())), target, context);
  if (path == "/api/v1/timelines/public") {
    return Timeline({&public_, false, false}, target, context, 20, 40,
                    [](const Base&) { return true; });
  }
  if (path == "/api/v1/notifications") {
    if (!context.authorized) return ErrorPage(401, "The access token is invalid");
    const std::vector<std::string_view> types = target.All("types[]");
    const bool mentions = types.empty() || Contains(types, "mention");
    return Timeline({&mentions_, true, false}, target, context, 40, 80,
                    [mentions](const Base&) { return mentions; });
  }
  if (path == "/api/v2/search") return Search(target, context);
  if (path == "/api/v1/statuses") return Statuses(target, context);
  if (path.starts_with(kStatuses)) return OneStatus(path.substr(kStatuses.size()), context);
  return ErrorPage(404, "Record not found");
}

FeedPage MastodonFace::TagTimeline(const std::string& tag, const FeedTarget& target,
                                   const FeedContext& context) const {
  std::vector<std::string> any = {tag};
  for (const std::string_view more : target.All("any[]")) any.push_back(Lower(more));
  std::vector<std::string> all;
  for (const std::string_view more : target.All("all[]")) all.push_back(Lower(more));
  std::vector<std::string> none;
  for (const std::string_view more : target.All("none[]")) none.push_back(Lower(more));
  const auto wanted = [&](const Base& base) {
    const auto& tags =
        (base.boosted < 0 ? base : base_[static_cast<std::size_t>(base.boosted)]).tags;
    const auto has = [&tags](const std::string& name) { return Contains(tags, name); };
    return std::any_of(any.begin(), any.end(), has) && std::all_of(all.begin(), all.end(), has) &&
           std::none_of(none.begin(), none.end(), has);
  };
  static const std::vector<Number> kNone;
  const auto found = by_tag_.find(tag);
  const std::vector<Number>* numbers = found == by_tag_.end() ? &kNone : &found->second;
  return Timeline({any.size() > 1 ? &public_ : numbers, false, false}, target, context, 20, 40,
                  wanted);
}

FeedPage MastodonFace::Timeline(const List& list, const FeedTarget& target,
                                const FeedContext& context, std::size_t usual, std::size_t most,
                                const Wanted& wanted) const {
  const bool local = target.Flag("local");
  const bool remote = target.Flag("remote");
  if (target.Flag("only_media")) return PageOf({}, "[", "]", context);
  const std::size_t limit = std::min<std::size_t>(target.Number("limit").value_or(usual), most);
  const auto all_wanted = [&](const Base& base) {
    const bool is_local = DomainOf(base.post->author.handle) == domain_;
    return wanted(base) && !(local && !is_local) && !(remote && is_local);
  };
  const std::vector<std::size_t> at = Select(list, target, limit, context.now, all_wanted);
  std::vector<Entry> entries;
  for (const std::size_t position : at)
    entries.push_back((*list.numbers)[position / copies_] * copies_ + position % copies_);
  FeedPage page = PageOf(entries, "[", "]", context);
  if (list.notifications) {
    page.body = [this, list, at, entries, now = context.now] {
      JsonWriter out;
      out.StartArray();
      for (std::size_t i = 0; i < at.size(); ++i)
        WriteNotification(out, ListId(list, at[i]), entries[i], now);
      return out.EndArray().Take();
    };
  }
  if (!at.empty()) {
    const std::string query = target.QueryWithout({"max_id", "min_id", "since_id"});
    const std::string url = context.base_url + target.path() + query + (query.empty() ? "?" : "&");
    page.headers.emplace_back(
        "Link", "<" + url + "max_id=" + std::to_string(ListId(list, at.back())) +
                    ">; rel=\"next\", <" + url +
                    "min_id=" + std::to_string(ListId(list, at.front())) + ">; rel=\"prev\"");
  }
  return page;
}

FeedPage MastodonFace::Search(const FeedTarget& target, const FeedContext& context) const {
  const std::string query = Lower(target.Get("q"));
  if (query.empty()) return ErrorPage(400, "param is missing or the value is empty: q");
  const auto wanted = [&](const Base& base) {
    const std::string text = Lower(base.post->TextOf(base.post->VersionAt(context.now)));
    for (std::size_t at = 0; at < query.size();) {
      const std::size_t end = std::min(query.find(' ', at), query.size());
      if (text.find(query.substr(at, end - at)) == std::string::npos) return false;
      at = end + 1;
    }
    return base.boosted < 0;
  };
  std::vector<Entry> entries;
  if (context.authorized) {
    const std::size_t limit = std::min<std::size_t>(target.Number("limit").value_or(20), 40);
    const std::size_t offset = target.Number("offset").value_or(0);
    const List list{&public_, false, true};
    std::vector<std::size_t> at = Select(list, target, limit + offset, context.now, wanted);
    at.erase(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(std::min(offset, at.size())));
    for (const std::size_t position : at)
      entries.push_back(public_[position / copies_] * copies_ + position % copies_);
  }
  return PageOf(entries, R"({"accounts":[],"statuses":[)", R"(],"hashtags":[]})", context);
}

FeedPage MastodonFace::Statuses(const FeedTarget& target, const FeedContext& context) const {
  constexpr std::size_t kMostIds = 20;
  if (target.All("id[]").size() > kMostIds) return ErrorPage(422, "Validation failed");
  std::vector<Entry> entries;
  for (const std::string_view id : target.All("id[]")) {
    const std::int64_t entry = FindId(id);
    if (entry >= 0 && Exists(static_cast<Entry>(entry), context))
      entries.push_back(static_cast<Entry>(entry));
  }
  return PageOf(std::move(entries), "[", "]", context);
}

FeedPage MastodonFace::OneStatus(std::string_view rest, const FeedContext& context) const {
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::int64_t entry = FindId(rest.substr(0, slash));
  if (entry < 0 || !Exists(static_cast<Entry>(entry), context))
    return ErrorPage(404, "Record not found");
  if (rest.substr(slash) == "/context") return Context(static_cast<Entry>(entry), context);
  if (slash < rest.size()) return ErrorPage(404, "Record not found");
  return PageOf({static_cast<Entry>(entry)}, "", "", context);
}

FeedPage MastodonFace::Context(Entry entry, const FeedContext& context) const {
  const std::size_t copy = entry % copies_;
  std::vector<Entry> ancestors;
  for (std::int64_t at = base_[entry / copies_].parent; at >= 0;
       at = base_[static_cast<std::size_t>(at)].parent) {
    const Entry ancestor = static_cast<Entry>(at) * copies_ + copy;
    if (!Exists(ancestor, context) || ancestors.size() > base_.size()) break;
    ancestors.insert(ancestors.begin(), ancestor);
  }
  std::vector<Entry> descendants;
  std::vector<Entry> open = {entry};
  for (std::size_t i = 0; i < open.size() && open.size() <= base_.size(); ++i) {
    for (const Number reply : base_[open[i] / copies_].replies)
      if (Exists(reply * copies_ + copy, context)) open.push_back(reply * copies_ + copy);
  }
  descendants.assign(open.begin() + 1, open.end());
  FeedPage page = PageOf(ancestors, "", "", context);
  page.version += PageOf(descendants, "", "", context).version;
  page.body = [this, ancestors, descendants, now = context.now] {
    JsonWriter out;
    out.StartObject().Key("ancestors").StartArray();
    for (const Entry one : ancestors) WriteStatus(out, one, now);
    out.EndArray().Key("descendants").StartArray();
    for (const Entry one : descendants) WriteStatus(out, one, now);
    return out.EndArray().EndObject().Take();
  };
  return page;
}

std::uint64_t MastodonFace::ListId(const List& list, std::size_t position) const {
  if (list.notifications) return kFirstNotification + position;
  return base_[(*list.numbers)[position / copies_]].id + position % copies_;
}

// The first of `size` positions whose id is not below `id`.
std::size_t MastodonFace::LowerBound(const List& list, std::size_t size, std::uint64_t id) const {
  std::size_t low = 0;
  while (low < size) {
    const std::size_t middle = (low + size) / 2;
    if (ListId(list, middle) < id) {
      low = middle + 1;
    } else {
      size = middle;
    }
  }
  return low;
}

std::vector<std::size_t> MastodonFace::Select(const List& list, const FeedTarget& target,
                                              std::size_t limit, WallTime now,
                                              const Wanted& wanted) const {
  const auto& numbers = *list.numbers;
  const auto later = std::partition_point(
      numbers.begin(), numbers.end(), [&](Number number) { return base_[number].post->at <= now; });
  std::size_t end = static_cast<std::size_t>(later - numbers.begin()) * copies_;
  if (const auto max_id = target.Number("max_id")) end = LowerBound(list, end, *max_id);
  const auto min_id = target.Number("min_id");
  const auto since_id = min_id ? min_id : target.Number("since_id");
  const std::size_t begin = since_id ? LowerBound(list, end, *since_id + 1) : 0;
  const auto is_shown = [&](std::size_t position) {
    const Base& base = base_[numbers[position / copies_]];
    return ExistsAt(base, now) && wanted(base);
  };
  std::vector<std::size_t> shown;
  if (min_id && !list.newest_first) {
    for (std::size_t i = begin; i < end && shown.size() < limit; ++i)
      if (is_shown(i)) shown.push_back(i);
    std::reverse(shown.begin(), shown.end());
  } else {
    for (std::size_t i = end; i > begin && shown.size() < limit; --i)
      if (is_shown(i - 1)) shown.push_back(i - 1);
  }
  return shown;
}

FeedPage MastodonFace::PageOf(std::vector<Entry> entries, std::string_view before,
                              std::string_view after, const FeedContext& context) const {
  FeedPage page;
  page.posts = entries.size();
  page.version = before;
  for (const Entry entry : entries) {
    const FeedPost& post = *base_[entry / copies_].post;
    page.version += std::to_string(entry) + "." + std::to_string(post.VersionAt(context.now)) + " ";
  }
  page.body = [this, entries = std::move(entries), before = std::string(before),
               after = std::string(after), now = context.now] {
    std::string body = before;
    JsonWriter out;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      out.Clear();
      WriteStatus(out, entries[i], now);
      body.append(i == 0 ? "" : ",").append(out.View());
    }
    return body + after;
  };
  return page;
}

bool MastodonFace::ExistsAt(const Base& base, WallTime now) const {
  const Base& shown = base.boosted < 0 ? base : base_[static_cast<std::size_t>(base.boosted)];
  return base.post->ExistsAt(now) && shown.post->ExistsAt(now);
}

bool MastodonFace::Exists(Entry entry, const FeedContext& context) const {
  const Base& base = base_[entry / copies_];
  const std::string& visibility = base.post->visibility;
  const bool open = visibility == "public" || visibility == "unlisted";
  return ExistsAt(base, context.now) && (open || context.authorized);
}

std::int64_t MastodonFace::FindId(std::string_view text) const {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return -1;
  const auto after = std::partition_point(base_.begin(), base_.end(),
                                          [id](const Base& base) { return base.id <= id; });
  if (after == base_.begin() || id - std::prev(after)->id >= copies_) return -1;
  const std::size_t number = static_cast<std::size_t>(after - base_.begin()) - 1;
  return static_cast<std::int64_t>(number * copies_ + (id - base_[number].id));
}

std::string MastodonFace::IdOf(std::string_view source, std::string_view id,
                               std::size_t copy) const {
  const auto found = by_name_.find(Key(source, id));
  return found == by_name_.end() ? "" : std::to_string(base_[found->second].id + copy);
}

}  // namespace webcare

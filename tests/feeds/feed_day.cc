#include "tests/feeds/feed_day.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "tests/feeds/feed_fields.h"

namespace webcare {
namespace {

Result<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kInvalid, path.string() + ": cannot be read"};
  return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
}

Error At(const std::filesystem::path& path, std::size_t line, const Error& error) {
  return {error.code, path.string() + ":" + std::to_string(line) + ": " + error.message};
}

Status ReadLines(const std::filesystem::path& path, std::vector<FeedPost>& posts) {
  const Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  std::string_view rest = *text;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view row = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (row.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Result<FeedPost> post = ReadFeedPost(row);
    if (!post) return At(path, line, post.error());
    posts.push_back(std::move(*post));
  }
  return OkStatus();
}

std::vector<std::filesystem::path> JsonLinesOf(const std::string& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored))
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::size_t FeedPost::VersionAt(WallTime now) const {
  const auto later = std::find_if(edits.begin(), edits.end(),
                                  [now](const FeedEdit& edit) { return edit.at > now; });
  return static_cast<std::size_t>(later - edits.begin());
}

WallTime FeedPost::LastEvent() const {
  WallTime last = edits.empty() ? at : std::max(at, edits.back().at);
  return deleted_at ? std::max(last, *deleted_at) : last;
}

Result<FeedPost> ReadFeedPost(std::string_view line) {
  const Result<JsonDocument> document = JsonDocument::Parse(line);
  if (!document) return document.error();
  if (!document->root().IsObject()) return Error{ErrorCode::kInvalid, "not an object"};
  FeedFields fields(document->root());
  FeedPost post;
  post.source = fields.Text("source", FeedFields::kNeeded);
  post.id = fields.Text("id", FeedFields::kNeeded);
  post.at = fields.Time("at").value_or(WallTime{});
  if (post.at == WallTime{}) fields.Fail("'at' is not a time");
  FeedFields author = fields.Object("author");
  post.author = {author.Text("id", FeedFields::kNeeded),
                 author.Text("handle"),
                 author.Text("name", FeedFields::kNeeded),
                 author.Int("followers"),
                 author.Bool("verified"),
                 author.Bool("bot")};
  fields.Join(author);
  post.lang = fields.Text("lang");
  post.text = fields.Text("text");
  post.reply_to = fields.Text("reply_to");
  post.root = fields.Text("root");
  post.title = fields.Text("title");
  post.visibility = fields.Text("visibility", FeedFields::kOptional, "public");
  post.boost_of = fields.Text("boost_of");
  post.rating = fields.Number("rating");
  post.rating_max = fields.Number("rating_max").value_or(5);
  post.likes = fields.Int("likes");
  post.shares = fields.Int("shares");
  for (FeedFields& edit : fields.List("edits")) {
    post.edits.push_back({edit.Time("at").value_or(WallTime{}), edit.Text("text")});
    if (post.edits.back().at <= post.at) edit.Fail("an edit's 'at' is not after the post's");
    fields.Join(edit);
  }
  post.deleted_at = fields.Time("deleted_at");
  fields.Ignore("truth");
  if (const Status status = fields.Done(); !status) return status.error();
  return post;
}

Result<std::vector<FeedSource>> ReadFeedSources(std::string_view json) {
  const Result<JsonDocument> document = JsonDocument::Parse(json);
  if (!document) return document.error();
  if (!document->root().IsArray()) return Error{ErrorCode::kInvalid, "not an array"};
  static const std::pair<std::string_view, SiteKind> kKinds[] = {{"mastodon", SiteKind::kMastodon},
                                                                 {"rss", SiteKind::kRss},
                                                                 {"atom", SiteKind::kAtom},
                                                                 {"jsonfeed", SiteKind::kJsonFeed}};
  std::vector<FeedSource> sources;
  for (std::size_t i = 0; i < document->root().size(); ++i) {
    FeedFields fields(document->root().at(i));
    FeedSource source;
    source.id = fields.Text("id", FeedFields::kNeeded);
    source.path = fields.Text("path", FeedFields::kNeeded);
    const std::string site = fields.Text("site", FeedFields::kNeeded);
    const auto* const kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                          [&](const auto& pair) { return pair.first == site; });
    if (kind == std::end(kKinds)) return Error{ErrorCode::kInvalid, "'site' is not a known one"};
    source.site = kind->second;
    if (!source.path.starts_with('/') || source.path.starts_with("/control"))
      return Error{ErrorCode::kInvalid, "'path' does not start with / or is /control"};
    source.account = fields.Text("account");
    source.title = fields.Text("title", FeedFields::kOptional, source.id);
    source.link = fields.Text("link", FeedFields::kOptional, "https://" + source.id + ".example");
    source.lang = fields.Text("lang", FeedFields::kOptional, "nl");
    source.window = static_cast<std::size_t>(fields.Int("window", 20, 1));
    source.archive = fields.Bool("archive");
    if (const Status status = fields.Done(); !status) return status.error();
    sources.push_back(std::move(source));
  }
  return sources;
}

Result<FeedDay> MakeFeedDay(std::vector<FeedSource> sources, std::vector<FeedPost> posts) {
  std::set<std::string> known;
  for (const FeedSource& source : sources)
    if (!known.insert(source.id).second)
      return Error{ErrorCode::kInvalid, "source '" + source.id + "' stands there twice"};
  std::set<std::pair<std::string, std::string>> ids;
  for (const FeedPost& post : posts) {
    if (!known.contains(post.source))
      return Error{ErrorCode::kInvalid, "post '" + post.id + "': no source '" + post.source + "'"};
    if (!ids.insert({post.source, post.id}).second)
      return Error{ErrorCode::kInvalid, "post '" + post.id + "' stands twice in its source"};
  }
  std::stable_sort(posts.begin(), posts.end(),
                   [](const FeedPost& a, const FeedPost& b) { return a.at < b.at; });
  return FeedDay{std::move(sources), std::move(posts)};
}

Result<FeedDay> LoadFeedDay(const std::string& directory) {
  const std::filesystem::path list = std::filesystem::path(directory) / "sources.json";
  const Result<std::string> text = ReadFile(list);
  if (!text) return text.error();
  Result<std::vector<FeedSource>> sources = ReadFeedSources(*text);
  if (!sources) return At(list, 1, sources.error());
  std::vector<FeedPost> posts;
  for (const std::filesystem::path& file : JsonLinesOf(directory))
    if (const Status status = ReadLines(file, posts); !status) return status.error();
  return MakeFeedDay(std::move(*sources), std::move(posts));
}

std::optional<WallTime> ReadFeedTime(std::string_view text) {
  int part[6] = {};
  constexpr std::string_view kShape = "0000-00-00T00:00:00";
  if (text.size() < kShape.size() + 1 || text.back() != 'Z') return std::nullopt;
  int field = 0;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (digit != (kShape[i] == '0') || (!digit && text[i] != kShape[i])) return std::nullopt;
    if (digit) part[field] = part[field] * 10 + (text[i] - '0');
    if (!digit) ++field;
  }
  int millis = 0;
  const std::string_view fraction = text.substr(kShape.size(), text.size() - kShape.size() - 1);
  if (!fraction.empty() && fraction[0] != '.') return std::nullopt;
  int weight = 100;
  for (std::size_t i = 1; i < fraction.size(); ++i, weight /= 10) {
    if (fraction[i] < '0' || fraction[i] > '9') return std::nullopt;
    millis += (fraction[i] - '0') * weight;
  }
  const std::chrono::year_month_day date{std::chrono::year{part[0]},
                                         std::chrono::month{static_cast<unsigned>(part[1])},
                                         std::chrono::day{static_cast<unsigned>(part[2])}};
  if (!date.ok() || part[3] > 23 || part[4] > 59 || part[5] > 60) return std::nullopt;
  return WallTime(std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(part[3]) +
                  std::chrono::minutes(part[4]) + std::chrono::seconds(part[5]) +
                  std::chrono::milliseconds(millis));
}

}  // namespace webcare

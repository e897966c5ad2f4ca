#include "tests/packs/day.h"

#include <fstream>
#include <string_view>
#include <utility>

#include "daemon/base/json.h"

namespace webcare {
namespace {

constexpr std::string_view kFlooder = "volhouder_rob@luidruchtig.example";

bool IsHandleChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

// What a site makes of "@name": a mention with the instance's domain.
std::vector<std::string> Mentions(std::string_view text) {
  std::vector<std::string> mentions;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && IsHandleChar(text[end])) ++end;
    std::string name(text.substr(at + 1, end - at - 1));
    while (!name.empty() && name.back() == '.') name.pop_back();
    if (!name.empty()) mentions.push_back(name + "@social.example");
  }
  return mentions;
}

PostKind KindOf(std::string_view source, bool reply) {
  if (source == "reviews") return PostKind::kReview;
  if (source == "blog-comments") return PostKind::kComment;
  return reply ? PostKind::kReply : PostKind::kPost;
}

void ReadText(JsonValue json, Post& post) {
  const JsonValue edits = json["edits"];
  const std::string_view body =
      edits.size() > 0 ? edits.at(edits.size() - 1)["text"].Str() : json["text"].Str();
  if (const std::string_view title = json["title"].Str(); !title.empty()) {
    post.text = std::string(title) + "\n\n";
    post.title_size = static_cast<std::uint32_t>(title.size());
  }
  post.text += body;
}

DayPost ReadDayPost(JsonValue json) {
  DayPost out;
  out.source = json["source"].Str();
  const bool mastodon = out.source.starts_with("mastodon");
  out.source_type = mastodon ? "mastodon" : "syndication";
  out.post.native_id = json["id"].Str();
  out.post.parent_id = json["reply_to"].Str();
  out.post.root_id = json["root"].Str();
  out.post.author.id = json["author"]["id"].Str();
  out.post.author.handle = json["author"]["handle"].Str();
  out.post.author.name = json["author"]["name"].Str();
  out.post.author.is_bot = json["author"]["bot"].Bool().value_or(false);
  out.post.language = json["lang"].Str();
  ReadText(json, out.post);
  if (mastodon) out.post.mentions = Mentions(out.post.text);
  if (const auto stars = json["rating"].Number())
    out.post.rating = Rating{*stars, json["rating_max"].Number().value_or(5)};
  out.post.kind = KindOf(out.source, !out.post.parent_id.empty());
  out.reach.followers = json["author"]["followers"].Int();
  out.reach.likes = json["likes"].Int();
  out.reach.shares = json["shares"].Int();
  out.reach.verified = json["author"]["verified"].Bool().value_or(false);
  const JsonValue truth = json["truth"];
  for (std::size_t i = 0; i < truth["labels"].size(); ++i)
    out.labels.emplace(truth["labels"].at(i).Str());
  out.language = truth["lang"].Str(json["lang"].Str());
  out.turn = truth["turn"].Bool().value_or(false);
  out.by_flooder = out.post.author.handle == kFlooder;
  return out;
}

}  // namespace

Brand DayBrand() {
  return Brand(
      {"Brontij"},
      {{"*", "brontij@social.example"}, {"forum", "brontij_team"}, {"blog-comments", "redactie"}},
      {"brontij.example"});
}

std::vector<DayPost> LoadDayPosts() {
  std::vector<DayPost> posts;
  for (const char* source :
       {"mastodon-brand", "mastodon-public", "forum", "reviews", "blog-comments"}) {
    std::ifstream file(std::string(WEBCARE_SOURCE_DIR "/tests/feeds/day/") + source + ".jsonl");
    std::string line;
    while (std::getline(file, line)) {
      const auto document = JsonDocument::Parse(line);
      if (!document.ok()) return {};
      if (!document->root()["boost_of"].present()) posts.push_back(ReadDayPost(document->root()));
    }
  }
  return posts;
}

PostContext DayContext(const Brand& brand, const DayPost& day_post) {
  PostContext context;
  context.source = day_post.source;
  context.source_type = day_post.source_type;
  context.addressed = brand.IsAddressed(day_post.source, day_post.post);
  context.is_reply = !day_post.post.parent_id.empty();
  return context;
}

}  // namespace webcare

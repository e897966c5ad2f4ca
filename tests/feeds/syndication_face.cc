#include "tests/feeds/syndication_face.h"

#include <algorithm>

#include "daemon/base/json.h"
#include "tests/feeds/feed_text.h"

namespace webcare {
namespace {

std::string NumberText(double value) {
  JsonWriter out;
  out.Number(value);
  return out.Take();
}

std::string Element(std::string_view name, std::string_view text) {
  return std::string("<").append(name) + ">" + EscapeMarkup(text) + "</" + std::string(name) + ">";
}

constexpr std::string_view kNamespaces =
    " xmlns:thr=\"http://purl.org/syndication/thread/1.0\""
    " xmlns:fh=\"http://purl.org/syndication/history/1.0\""
    " xmlns:review=\"http://www.purl.org/stuff/rev#\"";

}  // namespace

SyndicationFace::SyndicationFace(const FeedSource& source, std::vector<const FeedPost*> posts,
                                 std::size_t copies)
    : source_(source), posts_(std::move(posts)), copies_(copies) {}

std::string SyndicationFace::Item::Id(const std::string& id) const {
  return copy == 0 || id.empty() ? id : id + "x" + std::to_string(copy);
}

FeedPage SyndicationFace::Answer(const FeedTarget& target, const FeedContext& context) const {
  bool exists = true;
  Document document = Collect(target, context, exists);
  if (!exists) return ErrorPage(404, "no such archive");
  FeedPage page;
  page.posts = document.items.size();
  page.version = document.self + document.older;
  for (const Item& item : document.items)
    page.version += item.Id(item.post->id) + "." + std::to_string(item.version) + " ";
  page.last_modified = document.updated;
  switch (source_.site) {
    case SiteKind::kRss:
      page.content_type = "application/rss+xml; charset=utf-8";
      page.body = [this, document = std::move(document)] { return Rss(document); };
      break;
    case SiteKind::kAtom:
      page.content_type = "application/atom+xml; charset=utf-8";
      page.body = [this, document = std::move(document)] { return Atom(document); };
      break;
    default:
      page.content_type = "application/feed+json; charset=utf-8";
      page.body = [this, document = std::move(document)] { return Json(document); };
  }
  return page;
}

SyndicationFace::Document SyndicationFace::Collect(const FeedTarget& target,
                                                   const FeedContext& context, bool& exists) const {
  const auto later = std::partition_point(
      posts_.begin(), posts_.end(), [&](const FeedPost* post) { return post->at <= context.now; });
  const std::size_t count = static_cast<std::size_t>(later - posts_.begin()) * copies_;
  const std::size_t archives = count / source_.window;
  const std::optional<std::uint64_t> wanted = target.Number("archive");
  exists = !wanted || (source_.archive && *wanted < archives);
  Document document;
  if (!exists) return document;
  document.is_archive = wanted.has_value();
  const std::string address = context.base_url + source_.path;
  document.self = wanted ? address + "?archive=" + std::to_string(*wanted) : address;
  const std::size_t before = wanted ? static_cast<std::size_t>(*wanted) : archives;
  if (source_.archive && before > 0)
    document.older = address + "?archive=" + std::to_string(before - 1);
  const std::size_t end = wanted ? (before + 1) * source_.window : count;
  for (std::size_t i = end; i > 0 && document.items.size() < source_.window; --i) {
    if (wanted && i <= end - source_.window) break;
    const FeedPost& post = *posts_[(i - 1) / copies_];
    if (!post.ExistsAt(context.now)) continue;
    document.items.push_back({&post, (i - 1) % copies_, post.VersionAt(context.now)});
  }
  for (const FeedPost* post : posts_) {
    for (const WallTime time : {post->at, post->deleted_at.value_or(post->at)})
      if (time <= context.now) document.updated = std::max(document.updated, time);
    for (const FeedEdit& edit : post->edits)
      if (edit.at <= context.now) document.updated = std::max(document.updated, edit.at);
  }
  return document;
}

std::string SyndicationFace::ParentXml(const Item& item) const {
  if (item.post->reply_to.empty()) return "";
  return "<thr:in-reply-to ref=\"" + EscapeMarkup(item.Id(item.post->reply_to)) + "\"/>";
}

// The hReview vocabulary (http://www.purl.org/stuff/rev#), which review sites use in feeds.
std::string SyndicationFace::RatingXml(const Item& item) const {
  if (!item.post->rating) return "";
  return "<review:rating max=\"" + NumberText(item.post->rating_max) + "\">" +
         NumberText(*item.post->rating) + "</review:rating>";
}

std::string SyndicationFace::Rss(const Document& document) const {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"";
  out.append(kNamespaces);
  out +=
      " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
      " xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>";
  out += Element("title", source_.title) + Element("link", source_.link);
  out += Element("description", source_.title) + Element("language", source_.lang);
  out += Element("lastBuildDate", RssTime(document.updated));
  out += "<atom:link rel=\"self\" href=\"" + EscapeMarkup(document.self) + "\"/>";
  if (!document.older.empty())
    out += "<atom:link rel=\"prev-archive\" href=\"" + EscapeMarkup(document.older) + "\"/>";
  if (document.is_archive) out += "<fh:archive/>";
  for (const Item& item : document.items) out += RssItem(item);
  return out + "\n</channel>\n</rss>\n";
}

std::string SyndicationFace::RssItem(const Item& item) const {
  const FeedPost& post = *item.post;
  std::string out = "\n<item>";
  if (!post.title.empty()) out += Element("title", post.title);
  out += Element("link", Link(item));
  out += "<guid isPermaLink=\"false\">" + EscapeMarkup(item.Id(post.id)) + "</guid>";
  out += Element("dc:creator", item.Id(post.author.name));
  out += Element("pubDate", RssTime(post.at));
  if (item.version > 0) out += Element("atom:updated", FormatTime(post.edits[item.version - 1].at));
  if (!post.lang.empty()) out += Element("dc:language", post.lang);
  out += Element("description", FeedHtml(post.TextOf(item.version)));
  return out + ParentXml(item) + RatingXml(item) + "</item>";
}

std::string SyndicationFace::Atom(const Document& document) const {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"";
  out.append(kNamespaces);
  out += " xml:lang=\"" + EscapeMarkup(source_.lang) + "\">";
  out += Element("title", source_.title) + Element("id", source_.link);
  out += Element("updated", FormatTime(document.updated));
  out += "<link rel=\"self\" href=\"" + EscapeMarkup(document.self) + "\"/>";
  out += "<link rel=\"alternate\" href=\"" + EscapeMarkup(source_.link) + "\"/>";
  if (!document.older.empty())
    out += "<link rel=\"prev-archive\" href=\"" + EscapeMarkup(document.older) + "\"/>";
  if (document.is_archive) out += "<fh:archive/>";
  for (const Item& item : document.items) out += AtomEntry(item);
  return out + "\n</feed>\n";
}

std::string SyndicationFace::AtomEntry(const Item& item) const {
  const FeedPost& post = *item.post;
  const WallTime updated = item.version == 0 ? post.at : post.edits[item.version - 1].at;
  std::string out = "\n<entry";
  if (!post.lang.empty()) out += " xml:lang=\"" + EscapeMarkup(post.lang) + "\"";
  out += ">" + Element("title", post.title) + Element("id", item.Id(post.id));
  out += "<link rel=\"alternate\" type=\"text/html\" href=\"" + EscapeMarkup(Link(item)) + "\"/>";
  out += "<author>" + Element("name", item.Id(post.author.name));
  out += Element("uri", source_.link + "/authors/" + item.Id(post.author.id)) + "</author>";
  out += Element("published", FormatTime(post.at)) + Element("updated", FormatTime(updated));
  out += "<content type=\"html\">" + EscapeMarkup(FeedHtml(post.TextOf(item.version)));
  return out + "</content>" + ParentXml(item) + RatingXml(item) + "</entry>";
}

std::string SyndicationFace::Json(const Document& document) const {
  JsonWriter out;
  out.StartObject().Field("version", "https://jsonfeed.org/version/1.1");
  out.Field("title", source_.title).Field("home_page_url", source_.link);
  out.Field("feed_url", document.self).Field("language", source_.lang);
  if (!document.older.empty()) out.Field("next_url", document.older);
  out.Key("items").StartArray();
  for (const Item& item : document.items) {
    const FeedPost& post = *item.post;
    out.StartObject().Field("id", item.Id(post.id)).Field("url", Link(item));
    if (!post.title.empty()) out.Field("title", post.title);
    out.Field("content_html", FeedHtml(post.TextOf(item.version)));
    out.Field("date_published", FormatTime(post.at));
    if (item.version > 0) out.Field("date_modified", FormatTime(post.edits[item.version - 1].at));
    if (!post.lang.empty()) out.Field("language", post.lang);
    out.Key("authors").StartArray().StartObject().Field("name", item.Id(post.author.name));
    out.Field("url", source_.link + "/authors/" + item.Id(post.author.id)).EndObject().EndArray();
    if (post.rating) {
      out.Key("_review").StartObject().Field("rating", *post.rating);
      out.Field("rating_max", post.rating_max).EndObject();
    }
    if (!post.reply_to.empty())
      out.Key("_thread").StartObject().Field("in_reply_to", item.Id(post.reply_to)).EndObject();
    out.EndObject();
  }
  return out.EndArray().EndObject().Take();
}

}  // namespace webcare

#include "tests/feeds/feed_site.h"

#include <algorithm>
#include <set>

#include "tests/feeds/gzip.h"

namespace webcare {
namespace {

constexpr std::size_t kMostCachedBytes = std::size_t{512} << 20;
constexpr std::int64_t kUsualRateLimit = 300;
constexpr std::chrono::minutes kRateWindow{5};

std::uint64_t Fnv(std::string_view text, std::uint64_t hash) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

// 128 bits as Rails shows them.
std::string WeakEtag(std::string_view path, std::string_view version) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string etag = "W/\"";
  for (const std::uint64_t seed : {14695981039346656037U, 1099511628211U}) {
    const std::uint64_t hash = Fnv(version, Fnv(path, seed));
    for (int shift = 60; shift >= 0; shift -= 4) etag += kHex[(hash >> shift) & 15];
  }
  return etag + "\"";
}

std::string HttpTime(WallTime time) {
  std::string text = RssTime(time);
  return text.replace(text.size() - 5, 5, "GMT");
}

std::vector<const FeedPost*> PostsOf(const FeedDay& day, const std::set<std::string>& sources) {
  std::vector<const FeedPost*> posts;
  for (const FeedPost& post : day.posts)
    if (sources.contains(post.source)) posts.push_back(&post);
  return posts;
}

std::string DomainIn(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::string_view FeedRequest::Header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [name](const auto& pair) { return pair.first == name; });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

FeedSite::FeedSite(FeedDay day, const FeedSiteOptions& options, Now now)
    : day_(std::move(day)),
      virtual_start_(options.at),
      steady_start_(now.steady),
      speed_(options.all ? 0 : options.speed),
      rate_start_(now.steady) {
  std::map<std::string, std::pair<std::set<std::string>, std::string>> mastodon;
  for (const FeedSource& source : day_.sources) {
    if (source.site == SiteKind::kMastodon) {
      auto& [ids, account] = mastodon[source.path];
      ids.insert(source.id);
      if (!source.account.empty()) account = source.account;
    } else {
      feeds_.emplace_back(source, PostsOf(day_, {source.id}), options.copies);
    }
  }
  for (const auto& [path, instance] : mastodon) {
    instances_.emplace_back(path, MastodonFace(path, DomainIn(path), instance.second,
                                               PostsOf(day_, instance.first), options.copies));
  }
  if (!options.all) return;
  for (const FeedPost& post : day_.posts)
    virtual_start_ = std::max(virtual_start_, post.LastEvent());
}

std::string FeedSite::MastodonId(std::string_view source, std::string_view id,
                                 std::size_t copy) const {
  for (const auto& [path, face] : instances_)
    if (std::string found = face.IdOf(source, id, copy); !found.empty()) return found;
  return "";
}

WallTime FeedSite::VirtualNow(SteadyTime now) const {
  const std::chrono::duration<double, std::milli> passed = now - steady_start_;
  return virtual_start_ +
         std::chrono::milliseconds(static_cast<std::int64_t>(passed.count() * speed_));
}

void FeedSite::SetVirtual(WallTime at, SteadyTime now) {
  virtual_start_ = at;
  steady_start_ = now;
}

FeedReply FeedSite::Answer(const FeedRequest& request, Now now) {
  const std::scoped_lock lock(mutex_);
  const FeedTarget target(request.target);
  if (target.path().starts_with("/control")) return Control(request, now);
  std::optional<Fault> fault = TakeFault(target.path());
  FeedReply reply;
  if (fault && fault->kind == FaultKind::kStatus) {
    ++counts_[target.path()].requests;
    reply = {fault->status, fault->headers, std::make_shared<const std::string>(fault->body)};
    return reply;
  }
  reply = Serve(request, target, now);
  if (!fault) return reply;
  reply.bytes = fault->bytes;
  if (fault->kind == FaultKind::kSlow) reply.fault = BodyFault::kSlow;
  if (fault->kind == FaultKind::kCut) reply.fault = BodyFault::kCut;
  if (fault->kind == FaultKind::kEndless) reply.fault = BodyFault::kEndless;
  if (fault->kind == FaultKind::kGarbage) {
    // A fixed pattern of all byte values: neither JSON, XML nor UTF-8.
    std::string garbage;
    for (std::size_t i = 0; i < fault->bytes; ++i)
      garbage += static_cast<char>((i * 73 + 129) % 256);
    reply.body = std::make_shared<const std::string>(std::move(garbage));
    std::erase_if(reply.headers, [](const auto& pair) { return pair.first == "Content-Encoding"; });
  }
  return reply;
}

FeedPage FeedSite::Find(const FeedTarget& target, const FeedContext& context) const {
  for (const SyndicationFace& feed : feeds_)
    if (target.path() == feed.source().path) return feed.Answer(target, context);
  for (const auto& [path, face] : instances_)
    if (target.path().starts_with(path + "/api/")) return face.Answer(target, context);
  return ErrorPage(404, "Not found");
}

bool FeedSite::IsNotModified(const FeedRequest& request, const FeedPage& page,
                             const std::string& etag) const {
  const std::string_view known = request.Header("if-none-match");
  if (!known.empty()) return !etag.empty() && known == etag;
  const std::string_view since = request.Header("if-modified-since");
  return page.last_modified && !since.empty() && since == HttpTime(*page.last_modified);
}

FeedReply FeedSite::Serve(const FeedRequest& request, const FeedTarget& target, Now now) {
  const std::string_view host = request.Header("host");
  FeedContext context{VirtualNow(now.steady),
                      "http://" + (host.empty() ? "127.0.0.1" : std::string(host)),
                      !request.Header("authorization").empty()};
  Count& count = counts_[target.path()];
  ++count.requests;
  FeedReply reply;
  if (!AddRateLimit(reply, now)) {
    reply.status = 429;
    reply.body = std::make_shared<const std::string>(R"({"error":"Too many requests"})");
    return reply;
  }
  const FeedPage page = Find(target, context);
  reply.status = page.status;
  reply.headers.insert(reply.headers.end(), page.headers.begin(), page.headers.end());
  reply.headers.emplace_back("Content-Type", page.content_type);
  const std::string etag =
      page.version.empty() ? "" : WeakEtag(context.base_url + target.path(), page.version);
  if (!etag.empty()) reply.headers.emplace_back("ETag", etag);
  if (page.last_modified)
    reply.headers.emplace_back("Last-Modified", HttpTime(*page.last_modified));
  if (page.status == 200 && IsNotModified(request, page, etag)) {
    ++count.not_modified;
    reply.status = 304;
    reply.body = std::make_shared<const std::string>();
    return reply;
  }
  count.posts += static_cast<std::int64_t>(page.posts);
  const bool gzip = request.Header("accept-encoding").find("gzip") != std::string_view::npos;
  reply.headers.emplace_back("Vary", "Authorization, Origin, Accept-Encoding");
  if (gzip) reply.headers.emplace_back("Content-Encoding", "gzip");
  reply.body = BodyOf(page, etag, gzip);
  return reply;
}

std::shared_ptr<const std::string> FeedSite::BodyOf(const FeedPage& page, const std::string& etag,
                                                    bool gzip) {
  if (bodies_size_ > kMostCachedBytes) {
    bodies_.clear();
    bodies_size_ = 0;
  }
  Body unnamed;
  Body& body = etag.empty() ? unnamed : bodies_[etag];
  if (!body.plain) {
    body.plain = std::make_shared<const std::string>(page.body());
    bodies_size_ += body.plain->size();
  }
  if (!gzip) return body.plain;
  if (!body.gzip) {
    body.gzip = std::make_shared<const std::string>(Gzip(*body.plain));
    bodies_size_ += body.gzip->size();
  }
  return body.gzip;
}

// False when the window's requests are used up.
bool FeedSite::AddRateLimit(FeedReply& reply, Now now) {
  if (now.steady - rate_start_ >= kRateWindow) {
    rate_start_ = now.steady;
    rate_used_ = 0;
  }
  ++rate_used_;
  const std::int64_t limit = rate_limit_ == 0 ? kUsualRateLimit : rate_limit_;
  const std::int64_t left =
      rate_limit_ == 0 ? limit - 1 : std::max<std::int64_t>(0, limit - rate_used_);
  const auto wait =
      std::chrono::ceil<std::chrono::milliseconds>(rate_start_ + kRateWindow - now.steady);
  std::string reset = FormatTime(now.wall + wait);
  reset.insert(reset.size() - 1, "188");  // Microseconds, as Mastodon has them.
  reply.headers.emplace_back("X-RateLimit-Limit", std::to_string(limit));
  reply.headers.emplace_back("X-RateLimit-Remaining", std::to_string(left));
  reply.headers.emplace_back("X-RateLimit-Reset", reset);
  return rate_limit_ == 0 || rate_used_ <= rate_limit_;
}

}  // namespace webcare

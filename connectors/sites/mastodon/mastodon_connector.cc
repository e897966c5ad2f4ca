#include "connectors/sites/mastodon/mastodon_connector.h"

#include <charconv>
#include <utility>

#include "connectors/markup/dates.h"
#include "connectors/markup/url.h"
#include "connectors/sites/mastodon/mastodon_page.h"

namespace webcare {
namespace {

constexpr std::string_view kStatusesPath = "/api/v1/statuses";
// Searches see posts late; ids hold milliseconds in all but their last 16 bits (Mastodon's
// snowflakes), so an hour back is a subtraction.
constexpr std::uint64_t kSearchOverlap = std::uint64_t{3'600'000} << 16;

std::optional<std::int64_t> ReadInt(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string OverlapId(const std::string& id) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return id;
  return number > kSearchOverlap ? std::to_string(number - kSearchOverlap) : "0";
}

// Collects "?a=b&c=d".
class UrlBuilder {
 public:
  explicit UrlBuilder(std::string url) : url_(std::move(url)) {}
  UrlBuilder& Add(std::string_view name, std::string_view value) {
    url_.append(has_query_ ? "&" : "?").append(name).append("=").append(EncodeQuery(value));
    has_query_ = true;
    return *this;
  }
  UrlBuilder& AddAll(std::string_view name, const std::vector<std::string>& values) {
    for (const std::string& value : values) Add(name, value);
    return *this;
  }
  UrlBuilder& AddIf(bool condition, std::string_view name) {
    return condition ? Add(name, "true") : *this;
  }
  std::string Take() { return std::move(url_); }

 private:
  std::string url_;
  bool has_query_ = false;
};

UrlBuilder TimelineUrl(const MastodonConfig& config) {
  switch (config.mode) {
    case MastodonMode::kMentions:
      return UrlBuilder(config.instance + "/api/v1/notifications").Add("types[]", "mention");
    case MastodonMode::kSearch:
      return UrlBuilder(config.instance + "/api/v2/search")
          .Add("q", config.query)
          .Add("type", "statuses");
    case MastodonMode::kPublic:
      return UrlBuilder(config.instance + "/api/v1/timelines/public");
    case MastodonMode::kHashtag:
      break;
  }
  return UrlBuilder(config.instance + "/api/v1/timelines/tag/" + EncodeQuery(config.hashtag))
      .AddAll("any[]", config.any)
      .AddAll("all[]", config.all)
      .AddAll("none[]", config.none);
}

std::string NextTimelineUrl(const MastodonConfig& config, const MastodonCursor& cursor) {
  UrlBuilder url = TimelineUrl(config);
  url.AddIf(config.local, "local").AddIf(config.remote, "remote");
  url.AddIf(config.only_media, "only_media").Add("limit", std::to_string(config.limit));
  if (!cursor.newest.empty())
    url.Add("min_id", config.IsSearch() ? OverlapId(cursor.newest) : cursor.newest);
  if (cursor.offset > 0) url.Add("offset", std::to_string(cursor.offset));
  return url.Take();
}

bool AsksById(const HttpResponse& response) {
  return SplitUrl(response.final_url).path.ends_with(kStatusesPath);
}

}  // namespace

MastodonConnector::MastodonConnector(MastodonConfig config)
    : config_(std::move(config)), host_(UrlHost(config_.instance)) {}

HttpRequest MastodonConnector::BuildRequest(const Cursor& cursor, WallTime now) const {
  HttpRequest request;
  request.headers = {{"Accept", "application/json"}};
  request.bearer_token = config_.token;
  // ParsePage refuses a cursor that cannot be read, whatever was asked with it.
  const auto read = [&](std::size_t most_recent) {
    Result<MastodonCursor> state = ReadMastodonCursor(cursor, config_.mode, most_recent);
    return state ? std::move(*state) : MastodonCursor();
  };
  MastodonCursor state = read(1);  // Whether there is one tells the step.
  const MastodonStep step = NextStep(state, now);
  if (step == MastodonStep::kRecheck) state = read(kMostRecent);
  if (step != MastodonStep::kTimeline) {
    UrlBuilder url(config_.instance + std::string(kStatusesPath));
    request.url = url.AddAll("id[]", IdsToAsk(state, step)).Take();
    request.conditional = false;
    return request;
  }
  request.url = NextTimelineUrl(config_, state);
  // "Nothing changed" would keep the cursor as it is; where it must go on, the page is needed.
  const bool overdue = !state.recent.empty() && state.check_at <= now;
  request.conditional = !overdue && state.rounds == 0 && state.ask.empty() && state.offset == 0;
  return request;
}

Result<Page> MastodonConnector::ParsePage(const HttpResponse& response, const Cursor& cursor,
                                          WallTime now) const {
  Result<MastodonCursor> state = ReadMastodonCursor(cursor, config_.mode);
  if (!state) return state.error();
  // The answer's address tells what was asked: `now` may have passed a deadline meanwhile.
  const bool by_id = AsksById(response);
  const bool parents = !state->ask.empty();
  MastodonPageReader reader(config_, host_, std::move(*state), now);
  if (!by_id) return reader.ReadTimeline(response);
  return parents ? reader.ReadParents(response) : reader.ReadRecheck(response);
}

std::optional<RateLimit> MastodonConnector::ReadRateLimit(const HttpResponse& response) const {
  const std::optional<std::int64_t> left = ReadInt(response.Header("x-ratelimit-remaining"));
  const std::optional<WallTime> reset = ParseIsoDate(response.Header("x-ratelimit-reset"));
  if (!left || !reset) return std::nullopt;
  return RateLimit{*left, *reset};
}

std::optional<Error> MastodonConnector::ReadError(const HttpResponse& response,
                                                  WallTime now) const {
  if (response.status == 429) {
    const std::optional<WallTime> reset = ParseIsoDate(response.Header("x-ratelimit-reset"));
    const auto wait = reset ? *reset - now : std::chrono::milliseconds(0);
    return Error{ErrorCode::kRateLimited, "too many requests", std::max(wait, wait.zero())};
  }
  // Servers before Mastodon 4.3 cannot be asked by id. The timeline goes on after a while.
  if (AsksById(response))
    return Error{ErrorCode::kUnavailable, "asking for posts by id is refused"};
  if (response.status == 401)
    return Error{ErrorCode::kDenied, config_.token.empty()
                                         ? "the instance shows this to members only: set a token"
                                         : "the token is not accepted"};
  return std::nullopt;
}

std::chrono::milliseconds MastodonConnector::default_interval() const {
  return std::chrono::seconds(60);
}

// Instances let caches keep public timelines for 15 seconds.
std::chrono::milliseconds MastodonConnector::least_interval() const {
  return std::chrono::seconds(IsLoopbackHost(host_) ? 1 : 15);
}

std::unique_ptr<Connector> MakeMastodonConnector(const YamlNode& source,
                                                 const SecretSource& secrets) {
  std::optional<MastodonConfig> config = ReadMastodonConfig(source, secrets);
  if (!config) return nullptr;
  return std::make_unique<MastodonConnector>(std::move(*config));
}

}  // namespace webcare

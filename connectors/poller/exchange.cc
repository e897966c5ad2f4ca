#include "connectors/poller/exchange.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "connectors/http/url.h"
#include "connectors/poller/schedule.h"
#include "daemon/base/digest.h"

namespace webcare {
namespace {

using std::chrono::milliseconds;

// How long ago a good answer makes a later 403 throttling.
constexpr std::chrono::hours kLately{24};

// SourceState::moved_to: which URL moved, as a digest, and where to.
std::string UrlHash(std::string_view url) { return HashParts({url}).Hex(); }

std::string MovedMark(const std::string& from, const std::string& to) {
  return UrlHash(from) + " " + to;
}

// The URL to ask instead of `url`, or "".
std::string MovedTarget(const SourceState& state, const std::string& url) {
  if (state.moved_count < kPollsUntilMoved) return {};
  const std::string prefix = MovedMark(url, "");
  if (state.moved_to.compare(0, prefix.size(), prefix) != 0) return {};
  return state.moved_to.substr(prefix.size());
}

void ForgetMove(SourceState& state) {
  state.moved_to.clear();
  state.moved_count = 0;
}

void NoteMove(SourceState& state, const Asked& asked, const HttpAnswer& answer) {
  if (!asked.whole_poll) return;
  if (answer.moved_permanently) {
    const std::string mark = MovedMark(asked.url, answer.final_url);
    state.moved_count =
        state.moved_to == mark ? std::min(state.moved_count + 1, kPollsUntilMoved) : 1;
    state.moved_to = mark;
  } else if (!asked.moved) {
    ForgetMove(state);
  }
}

// The first request to another origin than the connector's own takes no secrets along.
void AskInstead(FetchRequest& request, const std::string& target) {
  const auto from = ParseUrl(request.url, true);
  const auto to = ParseUrl(target, true);
  if (!from.ok() || !to.ok() || !from->SameOrigin(*to)) {
    request.bearer_token.clear();
    request.headers = CrossOriginHeaders(request.headers);
  }
  request.url = target;
}

HttpResponse ToResponse(HttpAnswer answer) {
  return {answer.status, std::move(answer.final_url), std::move(answer.headers),
          std::move(answer.body)};
}

void Fail(Reading& reading, AnswerKind kind, std::string message) {
  reading.kind = kind;
  reading.error = std::move(message);
}

void ReadSetback(Reading& reading, const Source& source, const HttpResponse& response,
                 WallTime now) {
  reading.error = "HTTP status " + std::to_string(response.status);
  if (const auto told = ParseRetryAfter(response.Header("retry-after"), now))
    reading.retry_after = *told;
  const bool throttled =
      reading.kind == AnswerKind::kThrottled || reading.kind == AnswerKind::kBlocked;
  if (throttled && reading.rate_limit && reading.rate_limit->remaining <= 0)
    reading.retry_after = std::max(reading.retry_after, reading.rate_limit->reset_at - now);
  if (response.status < 400) return;
  const auto error = source.connector->ReadError(response, now);
  if (!error) return;
  reading.kind =
      error->code == ErrorCode::kInvalid ? AnswerKind::kRefused : ClassifyError(error->code);
  reading.error += ": " + error->message;
  reading.retry_after = std::max(reading.retry_after, error->retry_after);
}

void Succeed(SourceState& state, WallTime now) {
  state.posts_per_day = UpdatedPostsPerDay(state, 0, std::nullopt, now);
  state.last_success = now;
}

// A validator to be echoed later, or "": nobody needs one that is long or cannot be sent.
std::string Validator(std::string_view value) {
  constexpr std::size_t kMaxValidator = 1024;
  const bool sendable = std::none_of(value.begin(), value.end(),
                                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return value.size() <= kMaxValidator && sendable ? std::string(value) : "";
}

// 304: what headers it brings along count (RFC 9110 15.4.5).
void ReadUnchanged(Reading& reading, const Asked& asked, const HttpResponse& response,
                   WallTime now) {
  if (!asked.validators)
    return Fail(reading, AnswerKind::kTransient, "HTTP status 304 to an unconditional request");
  SourceState& state = reading.state;
  const std::string etag = Validator(response.Header("etag"));
  const std::string date = Validator(response.Header("last-modified"));
  if (!etag.empty()) state.etag = etag;
  if (!date.empty()) state.last_modified = date;
  Succeed(state, now);
}

// Whether "not modified" may be heard of this answer from now on.
bool MayKeepValidators(const Reading& reading, const Source& source, const Asked& asked,
                       WallTime now) {
  if (!asked.whole_poll) return false;
  if (!reading.page || !reading.page->more) return true;
  return !source.connector->BuildRequest(reading.state.cursor, now).conditional;
}

void SetValidators(Reading& reading, const Asked& asked, const HttpResponse& response,
                   std::string body_hash, bool keep) {
  SourceState& state = reading.state;
  state.etag = keep ? Validator(response.Header("etag")) : "";
  state.last_modified = keep ? Validator(response.Header("last-modified")) : "";
  state.body_hash = keep ? std::move(body_hash) : "";
  state.url_hash = keep ? UrlHash(asked.url) : "";
}

void ReadPage(Reading& reading, const Source& source, const Asked& asked,
              const HttpResponse& response, WallTime now) {
  SourceState& state = reading.state;
  std::string hash = asked.whole_poll ? HashParts({response.body}).Hex() : "";
  const bool same_body =
      !hash.empty() && hash == state.body_hash && UrlHash(asked.url) == state.url_hash;
  if (same_body) {
    reading.kind = AnswerKind::kUnchanged;
  } else {
    auto page = source.connector->ParsePage(response, state.cursor, now);
    if (!page.ok()) {
      reading.retry_after = page.error().retry_after;
      return Fail(reading, ClassifyError(page.error().code), page.error().message);
    }
    if (page->next_cursor.size() > kMaxCursor)
      return Fail(reading, AnswerKind::kTransient, "cursor over 64 KiB");
    state.cursor = page->next_cursor;
    reading.page = *std::move(page);
  }
  if (asked.conditional) {
    const bool keep = MayKeepValidators(reading, source, asked, now);
    SetValidators(reading, asked, response, std::move(hash), keep);
  }
  Succeed(state, now);
}

}  // namespace

Outgoing BuildFetch(const Source& source, const SourceState& state, bool first_page, WallTime now) {
  HttpRequest wanted = source.connector->BuildRequest(state.cursor, now);
  Outgoing out;
  out.asked.url = wanted.url;
  out.asked.conditional = wanted.conditional;
  out.asked.whole_poll = first_page && wanted.conditional;
  FetchRequest& request = out.request;
  request.url = std::move(wanted.url);
  request.headers = std::move(wanted.headers);
  request.bearer_token = std::move(wanted.bearer_token);
  request.limits.allow_http = source.allow_http;
  request.limits.allow_private = source.allow_private;
  request.limits.ca_file = source.ca_file;
  request.limits.max_body = source.max_body;
  request.limits.timeout = source.timeout;
  if (!out.asked.whole_poll) return out;
  if (state.url_hash == UrlHash(out.asked.url)) {
    if (!state.etag.empty()) request.headers.emplace_back("If-None-Match", state.etag);
    if (!state.last_modified.empty())
      request.headers.emplace_back("If-Modified-Since", state.last_modified);
    out.asked.validators = !state.etag.empty() || !state.last_modified.empty();
  }
  if (const std::string target = MovedTarget(state, request.url); !target.empty()) {
    out.asked.moved = true;
    AskInstead(request, target);
  }
  return out;
}

Reading ReadAnswer(const Source& source, const SourceState& state, const Asked& asked,
                   Result<HttpAnswer> answer, WallTime now) {
  Reading reading;
  reading.state = state;
  if (!answer.ok()) {
    const bool refused = answer.error().code == ErrorCode::kInvalid;
    Fail(reading, refused ? AnswerKind::kRefused : ClassifyError(answer.error().code),
         answer.error().message);
    if (asked.moved) ForgetMove(reading.state);
    return reading;
  }
  const bool lately = state.last_success != WallTime{} && now - state.last_success < kLately;
  NoteMove(reading.state, asked, *answer);
  const HttpResponse response = ToResponse(*std::move(answer));
  reading.rate_limit = source.connector->ReadRateLimit(response);
  reading.kind = ClassifyStatus(response.status, lately);
  if (reading.kind == AnswerKind::kPage) {
    ReadPage(reading, source, asked, response, now);
  } else if (reading.kind == AnswerKind::kUnchanged) {
    ReadUnchanged(reading, asked, response, now);
  } else {
    ReadSetback(reading, source, response, now);
  }
  const bool good = reading.kind == AnswerKind::kPage || reading.kind == AnswerKind::kUnchanged;
  if (good) return reading;
  reading.state = state;  // Nothing of a bad answer counts.
  if (asked.moved) ForgetMove(reading.state);
  return reading;
}

}  // namespace webcare

// POST /control and GET /control/stats: how tests steer the feed server.
#include <algorithm>

#include "daemon/base/json.h"
#include "tests/feeds/feed_fields.h"
#include "tests/feeds/feed_site.h"

namespace webcare {
namespace {

FeedReply JsonReply(int status, std::string body) {
  return {status,
          {{"Content-Type", "application/json; charset=utf-8"}},
          std::make_shared<const std::string>(std::move(body))};
}

}  // namespace

FeedReply FeedSite::Control(const FeedRequest& request, Now now) {
  const FeedTarget target(request.target);
  if (request.method == "GET" && target.path() == "/control/stats")
    return JsonReply(200, Stats(now));
  if (request.method != "POST" || target.path() != "/control")
    return JsonReply(404, R"({"error":"POST /control or GET /control/stats"})");
  const Status status = Obey(request.body, now);
  if (status) return JsonReply(200, Stats(now));
  JsonWriter out;
  out.StartObject().Field("error", status.error().message).EndObject();
  return JsonReply(400, out.Take());
}

Status FeedSite::Obey(std::string_view json, Now now) {
  const Result<JsonDocument> document = JsonDocument::Parse(json);
  if (!document) return document.error();
  if (!document->root().IsObject()) return Error{ErrorCode::kInvalid, "not an object"};
  FeedFields fields(document->root());
  const std::optional<WallTime> at = fields.Time("at");
  const std::optional<double> advance = fields.Number("advance_seconds");
  const std::optional<double> speed = fields.Number("speed");
  const std::int64_t rate_limit = fields.Int("rate_limit", -1);
  const bool reset = fields.Bool("reset");
  std::vector<Fault> faults;
  for (FeedFields& part : fields.List("faults")) {
    Result<Fault> fault = ReadFault(part);
    if (!fault) return fault.error();
    faults.push_back(std::move(*fault));
  }
  if (const Status status = fields.Done(); !status) return status;
  if (reset) {
    faults_.clear();
    counts_.clear();
  }
  SetVirtual(at.value_or(VirtualNow(now.steady)), now.steady);
  if (advance) virtual_start_ += std::chrono::milliseconds(std::int64_t(*advance * 1000));
  if (speed) speed_ = *speed;
  if (rate_limit >= 0) {
    rate_limit_ = rate_limit;
    rate_used_ = 0;
    rate_start_ = now.steady;
  }
  faults_.insert(faults_.end(), faults.begin(), faults.end());
  return OkStatus();
}

Result<FeedSite::Fault> FeedSite::ReadFault(FeedFields& fields) const {
  static const std::pair<std::string_view, FaultKind> kKinds[] = {
      {"status", FaultKind::kStatus},   {"slow", FaultKind::kSlow},       {"cut", FaultKind::kCut},
      {"garbage", FaultKind::kGarbage}, {"endless", FaultKind::kEndless},
  };
  Fault fault;
  const std::string name = fields.Text("kind", FeedFields::kNeeded);
  const auto* const kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                        [&](const auto& pair) { return pair.first == name; });
  if (kind == std::end(kKinds)) return Error{ErrorCode::kInvalid, "'kind' is not a known one"};
  fault.kind = kind->second;
  fault.path = fields.Text("path", FeedFields::kOptional, "/");
  fault.times = fields.Int("times", 1, 1);
  fault.status = static_cast<int>(fields.Int("status", 503, 100));
  fault.body = fields.Text("body");
  fault.bytes = static_cast<std::size_t>(fields.Int("bytes", 1000, 1));
  for (FeedFields& header : fields.List("headers")) {
    fault.headers.emplace_back(header.Text("name", FeedFields::kNeeded), header.Text("value"));
    fields.Join(header);
  }
  if (const Status status = fields.Done(); !status) return status.error();
  return fault;
}

std::optional<FeedSite::Fault> FeedSite::TakeFault(const std::string& path) {
  const auto found = std::find_if(faults_.begin(), faults_.end(),
                                  [&](const Fault& fault) { return path.starts_with(fault.path); });
  if (found == faults_.end()) return std::nullopt;
  Fault fault = *found;
  if (--found->times == 0) faults_.erase(found);
  return fault;
}

std::string FeedSite::Stats(Now now) const {
  JsonWriter out;
  out.StartObject().Field("now", FormatTime(VirtualNow(now.steady)));
  Count total;
  out.Key("paths").StartObject();
  for (const auto& [path, count] : counts_) {
    out.Key(path).StartObject().Field("requests", count.requests);
    out.Field("not_modified", count.not_modified).Field("posts", count.posts).EndObject();
    total.requests += count.requests;
    total.not_modified += count.not_modified;
    total.posts += count.posts;
  }
  out.EndObject().Field("requests", total.requests).Field("not_modified", total.not_modified);
  return out.Field("posts", total.posts).EndObject().Take();
}

}  // namespace webcare

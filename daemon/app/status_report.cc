#include "daemon/app/status_report.h"

#include <algorithm>
#include <map>

#include "daemon/app/version.h"
#include "daemon/base/json.h"
#include "daemon/cases/releaser.h"

namespace webcare {
namespace {

Backlog Waiting(Ledger& ledger) {
  return ledger.With([](Books& books) { return WhoWaits(books); });
}

std::int64_t OldestMillis(const Backlog& backlog, WallTime now) {
  if (backlog.turns == 0) return 0;
  return std::max<std::int64_t>(0, ToMillis(now) - ToMillis(backlog.oldest));
}

void TimeField(JsonWriter& json, std::string_view key, WallTime time) {
  json.Key(key);
  if (time == WallTime{})
    json.Null();
  else
    json.String(FormatTime(time));
}

void WriteSources(JsonWriter& json, const PollerHealth& health) {
  json.Key("polling").StartObject().Field("paused", health.paused);
  json.Field("store_refuses", health.store_refuses).EndObject();
  json.Key("sources").StartArray();
  for (const SourceHealth& source : health.sources) {
    json.StartObject().Field("id", source.id).Field("condition", ToString(source.condition));
    TimeField(json, "since", source.since);
    json.Field("last_error", source.last_error);
    TimeField(json, "last_success", source.last_success);
    TimeField(json, "last_new_post", source.last_new_post);
    TimeField(json, "next_poll", source.next_poll);
    json.Field("posts_per_day", source.posts_per_day)
        .Field("requests", source.requests)
        .Field("unchanged", source.unchanged)
        .Field("failures", source.failures)
        .Field("failures_in_a_row", source.failures_in_a_row)
        .Field("fresh", source.fresh)
        .Field("duplicates", source.duplicates)
        .Field("rejected", source.rejected)
        .EndObject();
  }
  json.EndArray();
}

void WriteQueue(JsonWriter& json, const ReportInput& input, const Backlog& waiting,
                const DispatcherStatus& publishing) {
  json.Key("queue").StartObject();
  json.Field("waiting", waiting.turns)
      .Field("oldest_ms", OldestMillis(waiting, input.now))
      .Field("released", publishing.released)
      .Field("outstanding", publishing.credit.outstanding)
      .Field("window", input.snapshot.config.settings.queue.window)
      .Field("credit", ToString(publishing.credit.state))
      .EndObject();
  json.Field("idle", publishing.idle && waiting.turns == 0);
}

void WritePublisher(JsonWriter& json, const DispatcherStatus& publishing) {
  const PublisherStatus& publisher = publishing.publisher;
  json.Key("publisher").StartObject();
  json.Field("state", ToString(publisher.state))
      .Field("why", publisher.why)
      .Field("position", publisher.position)
      .Field("lag", publisher.lag)
      .Field("rows", publisher.rows)
      .Field("transactions", publisher.transactions)
      .Field("connects", publisher.connects)
      .Field("expired", publishing.expired)
      .Field("duplicates", publishing.duplicates)
      .Field("gaps", publishing.gaps)
      .Field("skipped", publishing.skipped)
      .EndObject();
}

void WriteReload(JsonWriter& json, const ReloadReport& report) {
  json.StartObject().Field("ok", report.ok);
  TimeField(json, "at", report.at);
  json.Field("message", report.message).EndObject();
}

std::string Ordinal(std::int64_t n) {
  const std::int64_t tens = n % 100;
  const char* suffix = "th";
  if (tens < 11 || tens > 13)
    suffix = n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
  return std::to_string(n) + suffix;
}

}  // namespace

std::string StatusJson(const ReportInput& input) {
  // In this order: what is no longer waiting is no longer idle (Dispatcher::Turn), and the look at the queue
  // may have to wait for a release.
  const Backlog waiting = Waiting(input.ledger);
  const DispatcherStatus publishing = input.pipeline.Publishing();
  JsonWriter json;
  json.StartObject().Field("version", VersionNumber());
  TimeField(json, "started", input.started);
  json.Key("rules").StartObject().Field("digest", input.snapshot.rules->digest());
  json.Field("count", input.snapshot.rules->rules().size()).EndObject();
  json.Key("reload");
  WriteReload(json, input.last_reload);
  WriteQueue(json, input, waiting, publishing);
  WritePublisher(json, publishing);
  WriteSources(json, input.pipeline.Polling());
  json.EndObject();
  return json.Take();
}

std::string QueueJson(Ledger& ledger, std::size_t limit, WallTime now) {
  Backlog waiting;
  const std::vector<WaitingView> turns = ledger.With([&](Books& books) {
    waiting = WhoWaits(books);
    return WaitingList(books, limit);
  });
  std::map<std::string, std::int64_t> in_line;
  JsonWriter json;
  json.StartObject().Field("waiting", waiting.turns).Key("turns").StartArray();
  for (const WaitingView& turn : turns) {
    json.StartObject()
        .Field("position", turn.position)
        .Field("case", turn.case_id)
        .Field("turn", turn.turn)
        .Field("source", turn.source)
        .Field("waits_ms", ToMillis(now) - ToMillis(turn.waiting_since));
    TimeField(json, "asked_at", turn.asked_at);
    TimeField(json, "waiting_since", turn.waiting_since);
    json.Key("labels").StartArray();
    for (const std::string& label : turn.labels) json.String(label);
    json.EndArray();
    json.Field("why", Ordinal(++in_line[turn.source]) + " in line at its source; " +
                          std::to_string(waiting.sources) +
                          (waiting.sources == 1 ? " source waits" : " sources take turns"));
    json.EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

std::string ReloadJson(const ReloadReport& report) {
  JsonWriter json;
  WriteReload(json, report);
  return json.Take();
}

std::string StatusLine(const ReportInput& input) {
  const PollerHealth polling = input.pipeline.Polling();
  const auto well =
      std::count_if(polling.sources.begin(), polling.sources.end(), [](const SourceHealth& source) {
        return source.condition == SourceCondition::kOk ||
               source.condition == SourceCondition::kQuiet;
      });
  const Backlog waiting = Waiting(input.ledger);
  std::string line = std::to_string(well) + "/" + std::to_string(polling.sources.size()) +
                     " sources ok, " + std::to_string(waiting.turns) + " wait";
  if (waiting.turns > 0) {
    line += " (oldest " + std::to_string(OldestMillis(waiting, input.now) / 1000) + " s)";
  }
  line += ", rules " + input.snapshot.rules->digest().substr(0, 12);
  if (!input.last_reload.ok)
    line += ", RELOAD REFUSED: " +
            input.last_reload.message.substr(0, input.last_reload.message.find('\n'));
  const PublisherStatus publisher = input.pipeline.Publishing().publisher;
  line += ", " + std::string(ToString(publisher.state));
  if (!publisher.why.empty()) line += ": " + publisher.why;
  if (!polling.paused.empty()) line += ", polling rests: " + polling.paused;
  return line;
}

}  // namespace webcare

// How fast answers of a Mastodon instance become items, beside what RapidJSON alone needs for the same
// bytes. Pages of 40 statuses as the feed server writes them, a megabyte in all.
#include <benchmark/benchmark.h>
#include <rapidjson/document.h>

#include "connectors/sites/mastodon/mastodon_connector.h"
#include "daemon/base/json.h"
#include "tests/feeds/feed_site.h"

namespace webcare {
namespace {

constexpr std::size_t kPosts = 600;
constexpr std::string_view kText =
    "Al drie dagen wacht ik op mijn pakket #postduif, en niemand neemt op. @duif@plein.example wat "
    "nu?\\n\\nDe bezorger zou gisteren komen, vandaag weer, en nu staat er dat het terug is naar "
    "het "
    "depot. Zie https://www.postduif.example/volg/3SABC0123456789/1234AB voor wat er dan gebeurt.";

FeedDay MakeDay() {
  std::vector<FeedPost> posts;
  for (std::size_t i = 0; i < kPosts; ++i) {
    const std::string line =
        R"({"source":"b","id":"p)" + std::to_string(i) + R"(","at":"2026-06-03T08:)" +
        std::to_string(10 + i / 60) + ":" + std::to_string(10 + i % 50) +
        R"(Z","author":{"id":"a)" + std::to_string(i) +
        R"(","handle":"anna@elders.example","name":"Anna de Vries","followers":120},"lang":"nl",)" +
        R"("text":")" + std::string(kText) + R"("})";
    posts.push_back(ReadFeedPost(line).value());
  }
  const char* const sources = R"([{"id":"b","site":"mastodon","path":"/m/plein.example"}])";
  return MakeFeedDay(ReadFeedSources(sources).value(), std::move(posts)).value();
}

MastodonConnector MakeConnector() {
  MastodonConfig config;
  config.instance = "http://127.0.0.1/m/plein.example";
  config.hashtag = "postduif";
  config.recheck = std::chrono::hours(48);
  return MastodonConnector(config);
}

struct Pages {
  std::vector<HttpResponse> answers;
  std::vector<Cursor> cursors;  // That each was asked with.
  std::size_t bytes = 0;
};

const WallTime kNow = *ReadFeedTime("2026-06-03T09:00:00Z");

Pages ReadPages() {
  FeedSiteOptions options;
  options.all = true;
  FeedSite site(MakeDay(), options, {});
  const MastodonConnector connector = MakeConnector();
  Pages pages;
  Cursor cursor = R"({"v":1,"mode":"hashtag","newest":"1"})";
  for (bool more = true; more;) {
    const HttpRequest request = connector.BuildRequest(cursor, kNow);
    const FeedReply reply = site.Answer({"GET", request.url.substr(16), {}, ""}, {});
    pages.answers.push_back({200, request.url, {}, *reply.body});
    pages.cursors.push_back(cursor);
    pages.bytes += reply.body->size();
    const Page page = connector.ParsePage(pages.answers.back(), cursor, kNow).value();
    cursor = page.next_cursor;
    more = page.more;
  }
  return pages;
}

void Count(benchmark::State& state, const Pages& pages) {
  const auto rounds = static_cast<std::int64_t>(state.iterations());
  state.SetItemsProcessed(rounds * static_cast<std::int64_t>(kPosts));
  state.SetBytesProcessed(rounds * static_cast<std::int64_t>(pages.bytes));
}

void BareDom(benchmark::State& state) {
  const Pages pages = ReadPages();
  for (auto _ : state) {
    for (const HttpResponse& answer : pages.answers) {
      rapidjson::Document document;
      document.Parse(answer.body.data(), answer.body.size());
      benchmark::DoNotOptimize(document.IsArray());
    }
  }
  Count(state, pages);
}
BENCHMARK(BareDom)->Unit(benchmark::kMillisecond);

void OurDocument(benchmark::State& state) {
  const Pages pages = ReadPages();
  for (auto _ : state)
    for (const HttpResponse& answer : pages.answers)
      benchmark::DoNotOptimize(JsonDocument::Parse(answer.body).ok());
  Count(state, pages);
}
BENCHMARK(OurDocument)->Unit(benchmark::kMillisecond);

void ParsePage(benchmark::State& state) {
  const Pages pages = ReadPages();
  const MastodonConnector connector = MakeConnector();
  for (auto _ : state)
    for (std::size_t i = 0; i < pages.answers.size(); ++i)
      benchmark::DoNotOptimize(connector.ParsePage(pages.answers[i], pages.cursors[i], kNow).ok());
  Count(state, pages);
}
BENCHMARK(ParsePage)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace webcare

BENCHMARK_MAIN();

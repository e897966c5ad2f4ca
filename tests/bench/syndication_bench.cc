// How fast a feed becomes posts, beside what expat alone needs for the same bytes. 500 items of RSS 2.0
// with escaped HTML, as a shop's review feed writes them.
#include <benchmark/benchmark.h>
#include <expat.h>

#include <string>

#include "connectors/sites/syndication/syndication_connector.h"
#include "daemon/base/yaml_node.h"

namespace webcare {
namespace {

constexpr int kItems = 500;

class NoSecrets final : public SecretSource {
 public:
  Result<std::string> Read(std::string_view /*name*/) const override {
    return Error{ErrorCode::kInvalid, "no secrets here"};
  }
};

std::string MakeBody() {
  std::string body =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Reviews</title>";
  for (int i = 0; i < kItems; ++i) {
    const std::string n = std::to_string(i);
    body += "<item><guid isPermaLink=\"false\">review-" + n +
            "</guid><link>https://shop.example/reviews/" + n +
            "</link><title>Pakket nog steeds niet bezorgd &amp; niemand neemt op</title>"
            "<dc:creator>Anna de Vries</dc:creator>"
            "<pubDate>Sun, 22 Nov 2026 08:00:00 +0100</pubDate><category>Bezorging</category>"
            "<description>&lt;p&gt;Al drie dagen wacht ik op mijn pakket. De bezorger zou "
            "gisteren komen, vandaag weer, en nu staat er dat het terug is naar het depot."
            "&lt;/p&gt;&lt;p&gt;Zie &lt;a href=\"https://shop.example/volg/" +
            n +
            "\"&gt;mijn bestelling&lt;/a&gt; voor wat er volgens jullie is gebeurd; dat kan niet "
            "kloppen, want ik was de hele dag thuis. Caf&amp;eacute; De Hoek weet van niets."
            "&lt;/p&gt;</description></item>\n";
  }
  return body + "</channel></rss>";
}

void Count(benchmark::State& state, const std::string& body) {
  state.SetItemsProcessed(state.iterations() * kItems);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}

// Collects the text of every element, as any reader must.
void BareExpat(benchmark::State& state) {
  const std::string body = MakeBody();
  for (auto _ : state) {
    std::string text;
    XML_Parser parser = XML_ParserCreate("UTF-8");
    XML_SetUserData(parser, &text);
    XML_SetElementHandler(
        parser,
        [](void* self, const char*, const char**) { static_cast<std::string*>(self)->clear(); },
        [](void* self, const char*) {
          benchmark::DoNotOptimize(static_cast<std::string*>(self)->data());
        });
    XML_SetCharacterDataHandler(parser, [](void* self, const char* data, int size) {
      static_cast<std::string*>(self)->append(data, static_cast<std::size_t>(size));
    });
    if (XML_Parse(parser, body.data(), static_cast<int>(body.size()), XML_TRUE) != XML_STATUS_OK) {
      state.SkipWithError("not well-formed");
    }
    XML_ParserFree(parser);
  }
  Count(state, body);
}
BENCHMARK(BareExpat);

void FeedToPosts(benchmark::State& state) {
  const std::string body = MakeBody();
  Diagnostics diagnostics;
  const auto connector = kSyndicationConnector.make(
      ParseYaml("f.yaml", "url: https://shop.example/feed\n...\n", diagnostics), NoSecrets());
  const HttpResponse answer{200, "https://shop.example/feed", {}, body};
  for (auto _ : state) {
    const auto page = connector->ParsePage(answer, "", FromMillis(1'795'000'000'000));
    if (!page.ok() || page->items.size() != kItems) state.SkipWithError("not all items");
    benchmark::DoNotOptimize(page);
  }
  Count(state, body);
}
BENCHMARK(FeedToPosts);

}  // namespace
}  // namespace webcare

BENCHMARK_MAIN();

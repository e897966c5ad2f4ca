// Every recorded answer of a real instance is read, or refused with a clear error.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "daemon/base/json.h"
#include "tests/mastodon/samples.h"

namespace webcare {
namespace {

const std::filesystem::path kRecordings = WEBCARE_SOURCE_DIR "/../shared/recordings/mastodon";

struct Recorded {
  std::string name;
  HttpResponse response;
};

std::string Slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

HttpResponse ReadResponse(JsonValue exchange) {
  const JsonValue recorded = exchange["response"];
  HttpResponse response;
  response.status = static_cast<int>(recorded["status"].Int().value_or(0));
  response.final_url = exchange["request"]["uri"].Str();
  response.body = recorded["body"].Str();
  recorded["headers"].ForEachMember([&](std::string_view name, JsonValue values) {
    response.headers.emplace_back(name, values.at(0).Str());
  });
  return response;
}

// A single status or a conversation becomes the list that a timeline would be.
void MakeList(std::string& body) {
  const Result<JsonDocument> document = JsonDocument::Parse(body);
  if (!document || !document->root().IsObject()) return;
  const JsonValue root = document->root();
  if (root["account"].present()) body = "[" + body + "]";
  if (root["descendants"].present()) body = root["descendants"].ToJson(body.size());
}

std::vector<Recorded> ReadAll() {
  std::vector<Recorded> all;
  for (const auto& entry : std::filesystem::directory_iterator(kRecordings)) {
    const std::string text = Slurp(entry.path());
    const std::string name = entry.path().filename();
    if (name.find(".exchanges.") == std::string::npos) {
      all.push_back({name, {200, "", {}, text}});
      continue;
    }
    const JsonDocument document = JsonDocument::Parse(text).value();
    const JsonValue exchanges = document.root()["exchanges"];
    for (std::size_t i = 0; i < exchanges.size(); ++i)
      all.push_back({name + "#" + std::to_string(i), ReadResponse(exchanges.at(i))});
  }
  for (Recorded& recorded : all)
    if (recorded.name.find("notifications") == std::string::npos) MakeList(recorded.response.body);
  return all;
}

MastodonConfig ConfigFor(const Recorded& recorded) {
  MastodonConfig config = HashtagConfig(40);
  config.token = "t";
  const std::string& url = recorded.response.final_url;
  if (recorded.name.find("notifications") != std::string::npos)
    config.mode = MastodonMode::kMentions;
  if (url.find("/search") != std::string::npos) config.mode = MastodonMode::kSearch;
  return config;
}

TEST(MastodonRecordings, AreReadOrRefusedWithAReason) {
  if (!std::filesystem::exists(kRecordings)) GTEST_SKIP() << "no recordings beside the source";
  int pages = 0;
  int items = 0;
  int rejected = 0;
  int refused = 0;
  for (const Recorded& recorded : ReadAll()) {
    const MastodonConnector connector(ConfigFor(recorded));
    if (recorded.response.status != 200) {
      (void)connector.ReadError(recorded.response, kNow);
      continue;
    }
    // Parents stand in no recording: the second reading comes too late for a look-up.
    Result<Page> page = connector.ParsePage(recorded.response, "", kNow);
    if (page && page->more)
      page =
          connector.ParsePage(recorded.response, page->next_cursor, kNow + std::chrono::hours(1));
    if (!page) {
      ++refused;
      EXPECT_EQ(page.error().code, ErrorCode::kInvalid) << recorded.name;
      EXPECT_FALSE(page.error().message.empty());
      continue;
    }
    ++pages;
    items += static_cast<int>(page->items.size());
    rejected += static_cast<int>(page->rejected.size());
    for (const Item& item : page->items) {
      EXPECT_FALSE(item.post.native_id.empty() || item.post.author.handle.empty());
      EXPECT_NE(item.post.author.handle.find('@'), std::string::npos) << recorded.name;
      EXPECT_EQ(item.post.text.find('<'), std::string::npos) << recorded.name;
    }
  }
  std::printf("pages %d, items %d, rejected %d, refused answers %d\n", pages, items, rejected,
              refused);
  EXPECT_GE(items, 15);
}

TEST(MastodonRecordings, RateLimitHeadersAreRead) {
  if (!std::filesystem::exists(kRecordings)) GTEST_SKIP() << "no recordings beside the source";
  int with_header = 0;
  const MastodonConnector connector(HashtagConfig());
  for (const Recorded& recorded : ReadAll()) {
    if (recorded.response.Header("x-ratelimit-reset").empty()) continue;
    ++with_header;
    EXPECT_TRUE(connector.ReadRateLimit(recorded.response).has_value()) << recorded.name;
  }
  std::printf("answers with limits %d\n", with_header);
  EXPECT_GE(with_header, 10);
}

}  // namespace
}  // namespace webcare

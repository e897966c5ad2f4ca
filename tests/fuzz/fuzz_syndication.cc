// Any bytes as an answer of a feed, twice, so that the cursor of the first page is read, too. The first
// byte chooses the configuration, the second the charset of the header.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/sites/syndication/syndication_connector.h"
#include "daemon/base/utf8.h"

namespace {

using webcare::Connector;

class NoSecrets final : public webcare::SecretSource {
 public:
  webcare::Result<std::string> Read(std::string_view /*name*/) const override {
    return webcare::Error{webcare::ErrorCode::kInvalid, "no secrets here"};
  }
};

void Require(bool holds) {
  if (!holds) std::abort();
}

std::unique_ptr<Connector> MakeConnector(std::string_view keys) {
  webcare::Diagnostics diagnostics;
  const auto node = webcare::ParseYaml(
      "f.yaml", "url: https://shop.example/feed\n" + std::string(keys) + "...\n", diagnostics);
  return webcare::kSyndicationConnector.make(node, NoSecrets());
}

void Check(const webcare::Page& page) {
  Require(page.next_cursor.size() <= (64U << 10) && !page.next_cursor.empty());
  Require(page.items.size() <= 500);
  for (const auto& item : page.items) {
    const webcare::Post& post = item.post;
    Require(!post.native_id.empty() && webcare::IsValidUtf8(post.native_id));
    Require(post.text.size() <= webcare::kMaxPostText.count && webcare::IsValidUtf8(post.text));
    Require(post.title_size <= post.text.size() && post.root_id != post.native_id);
    Require(webcare::IsValidUtf8(post.permalink) && webcare::IsValidUtf8(post.author.name));
    for (const auto& tag : post.tags) Require(webcare::IsValidUtf8(tag));
    for (const auto& link : post.links) Require(webcare::IsValidUtf8(link));
  }
  for (const auto& rejected : page.rejected) {
    Require(rejected.raw.size() <= 4096 && webcare::IsValidUtf8(rejected.raw));
    Require(webcare::IsValidUtf8(rejected.native_id));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::shared_ptr<Connector>> connectors = {
      MakeConnector(""), MakeConnector("backfill: true\n"), MakeConnector("kind: comment\n"),
      MakeConnector("kind: review\nrating_max: 10\n")};
  static constexpr std::string_view kTypes[] = {"", "text/xml", "text/xml; charset=utf-16",
                                                "application/json; charset=shift_jis"};
  if (size < 2) return 0;
  const Connector& connector = *connectors[data[0] % 4];
  webcare::HttpResponse response;
  response.status = 200;
  response.final_url = "https://shop.example/feed";
  response.headers = {{"content-type", std::string(kTypes[data[1] % 4])}};
  response.body.assign(reinterpret_cast<const char*>(data + 2), size - 2);
  const webcare::WallTime now = webcare::FromMillis(1'795'000'000'000);
  std::string cursor;
  for (int poll = 0; poll < 3; ++poll) {
    response.final_url = connector.BuildRequest(cursor, now).url;
    const auto page = connector.ParsePage(response, cursor, now);
    if (!page.ok()) return 0;
    Check(*page);
    cursor = page->next_cursor;
  }
  return 0;
}

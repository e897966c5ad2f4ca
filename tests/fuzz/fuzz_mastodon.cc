// Any answer with any cursor: no crash, and what comes out keeps the promises of Post and Cursor.
// Input: mode byte, length of the cursor (two bytes), cursor, body.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "connectors/sites/mastodon/mastodon_connector.h"
#include "daemon/base/utf8.h"

namespace {

constexpr webcare::WallTime kNow{std::chrono::sys_days(std::chrono::year(2026) / 6 / 3)};

void Check(bool good) {
  if (!good) std::abort();
}

void CheckPage(const webcare::Page& page) {
  Check(page.next_cursor.size() <= (std::size_t{64} << 10));
  for (const webcare::Item& item : page.items) {
    const webcare::Post& post = item.post;
    Check(!post.native_id.empty() && !post.author.id.empty());
    Check(post.text.size() <= webcare::kMaxPostText.count && webcare::IsValidUtf8(post.text));
    Check(post.title_size <= post.text.size() && post.root_id != post.native_id);
    Check(webcare::IsValidUtf8(post.author.handle) && webcare::IsValidUtf8(post.author.name));
  }
  for (const webcare::RejectedItem& rejected : page.rejected) {
    Check(!rejected.reason.empty() && rejected.raw.size() <= 4096);
    Check(webcare::IsValidUtf8(rejected.raw));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  webcare::MastodonConfig config;
  config.instance = "https://plein.example";
  config.mode = static_cast<webcare::MastodonMode>(data[0] % 4);
  config.hashtag = config.query = "postduif";
  config.limit = 2;
  config.recheck = std::chrono::hours(48);
  const webcare::MastodonConnector connector(config);
  std::string rest(reinterpret_cast<const char*>(data) + 3, size - 3);
  const std::size_t length = std::min<std::size_t>(rest.size(), data[1] * 256U + data[2]);
  webcare::Cursor cursor = rest.substr(0, length);
  const std::string body = rest.substr(length);
  // The same answer to whatever is asked next, three times.
  for (int i = 0; i < 3; ++i) {
    const webcare::WallTime now = kNow + std::chrono::minutes(i);
    const webcare::HttpRequest request = connector.BuildRequest(cursor, now);
    Check(request.url.starts_with("https://plein.example/api/"));
    const auto page = connector.ParsePage({200, request.url, {{"link", body}}, body}, cursor, now);
    if (!page) return 0;
    CheckPage(*page);
    cursor = page->next_cursor;
  }
  return 0;
}

// Statuses and answers for the tests, written by us in the shape of the API.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/connector.h"
#include "connectors/sites/mastodon/mastodon_connector.h"

namespace webcare {

inline constexpr WallTime kNow{std::chrono::sys_days(std::chrono::year(2026) / 6 / 3) +
                               std::chrono::hours(12)};

struct Sample {
  std::string id = "100";
  std::string parent = {};  // Empty: null.
  std::string content = "<p>Mijn pakket is weg</p>";
  std::string edited = {};  // Empty: null.
};

inline std::string Quoted(const std::string& text) {
  return text.empty() ? "null" : "\"" + text + "\"";
}

inline std::string StatusJson(const Sample& sample) {
  return R"({"id":")" + sample.id + R"(","created_at":"2026-06-03T09:00:00.000Z",)" +
         R"("in_reply_to_id":)" + Quoted(sample.parent) + R"(,"visibility":"public",)" +
         R"("language":"nl","uri":"https://plein.example/users/anna/statuses/)" + sample.id +
         R"(","url":"https://plein.example/@anna/)" + sample.id +
         R"(","replies_count":1,"reblogs_count":2,"favourites_count":3,"edited_at":)" +
         Quoted(sample.edited) + R"(,"content":")" + sample.content +
         R"(","reblog":null,"account":{"id":"7","username":"anna","acct":"anna",)" +
         R"("display_name":"Anna","bot":false,"url":"https://plein.example/@anna",)" +
         R"("followers_count":120,"following_count":50,"fields":[]},"media_attachments":[],)" +
         R"("mentions":[],"tags":[],"poll":null})";
}

inline std::string PageJson(const std::vector<Sample>& samples) {
  std::string page = "[";
  for (const Sample& sample : samples) page += (page.size() > 1 ? "," : "") + StatusJson(sample);
  return page + "]";
}

inline MastodonConfig HashtagConfig(int limit = 2) {
  MastodonConfig config;
  config.instance = "https://plein.example";
  config.hashtag = "postduif";
  config.limit = limit;
  config.recheck = std::chrono::hours(48);
  return config;
}

inline HttpResponse Answer(const HttpRequest& request, std::string body, HttpHeaders headers = {}) {
  return {200, request.url, std::move(headers), std::move(body)};
}

// A connector with the cursor that a poller would keep.
class Feed {
 public:
  explicit Feed(MastodonConfig config) : connector_(std::move(config)) {}

  std::string Url(WallTime now = kNow) const { return connector_.BuildRequest(cursor_, now).url; }
  // The answer to the next request; on success the cursor moves on.
  Result<Page> Take(const std::string& body, WallTime now = kNow, HttpHeaders headers = {}) {
    const HttpRequest request = connector_.BuildRequest(cursor_, now);
    Result<Page> page =
        connector_.ParsePage(Answer(request, body, std::move(headers)), cursor_, now);
    if (page) cursor_ = page->next_cursor;
    return page;
  }
  const MastodonConnector& connector() const { return connector_; }
  Cursor& cursor() { return cursor_; }

 private:
  MastodonConnector connector_;
  Cursor cursor_;
};

}  // namespace webcare

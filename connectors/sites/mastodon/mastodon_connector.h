// Mastodon and servers with its API (feeds.md 2): a hashtag, the public timeline, mentions of the
// token's account, or a search.
//
// New posts come by `min_id`, the page just above the bound, until one is not full. Edits and
// deletions are found by asking again for the posts of the last hours, twenty ids a minute. Parents
// of answers are looked up so that root_id is the first post of the conversation. Which of these
// requests is next stands in the cursor (mastodon_page.h).
#pragma once

#include <memory>
#include <string>

#include "connectors/connector.h"
#include "connectors/sites/mastodon/mastodon_config.h"

namespace webcare {

class MastodonConnector final : public Connector {
 public:
  explicit MastodonConnector(MastodonConfig config);

  HttpRequest BuildRequest(const Cursor& cursor, WallTime now) const override;
  // A cursor that is not ours is kInvalid: the place in the timeline is never lost silently.
  Result<Page> ParsePage(const HttpResponse& response, const Cursor& cursor,
                         WallTime now) const override;
  // X-RateLimit-Reset is an ISO time and may lie a little in the past: no wait.
  std::optional<RateLimit> ReadRateLimit(const HttpResponse& response) const override;
  std::optional<Error> ReadError(const HttpResponse& response, WallTime now) const override;
  std::chrono::milliseconds default_interval() const override;
  std::chrono::milliseconds least_interval() const override;

 private:
  MastodonConfig config_;
  std::string host_;
};

// ConnectorType::make.
std::unique_ptr<Connector> MakeMastodonConnector(const YamlNode& source,
                                                 const SecretSource& secrets);

}  // namespace webcare

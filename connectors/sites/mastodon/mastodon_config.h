// What sources.d/*.yaml says about one Mastodon feed.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/connector.h"
#include "daemon/base/yaml_node.h"

namespace webcare {

enum class MastodonMode { kHashtag, kPublic, kMentions, kSearch };
std::string_view ToString(MastodonMode mode);  // "hashtag", ...

struct MastodonConfig {
  std::string instance;  // "https://social.example", perhaps with a path; no slash at the end.
  MastodonMode mode = MastodonMode::kHashtag;
  std::string hashtag;                      // Without '#'.
  std::vector<std::string> any, all, none;  // More tags, at most four together.
  std::string query;
  bool local = false;
  bool remote = false;
  bool only_media = false;
  std::string token;                    // The secret itself; empty: none.
  int limit = 40;                       // Statuses a page.
  std::chrono::milliseconds recheck{};  // How long posts are watched for edits; 0: never.

  bool IsMentions() const { return mode == MastodonMode::kMentions; }
  bool IsSearch() const { return mode == MastodonMode::kSearch; }
};

// Reports mistakes through the node; absent after one. Keys: instance, mode, hashtag, any, all, none,
// query, local, remote, only_media, token (name of a secret), limit, recheck.
std::optional<MastodonConfig> ReadMastodonConfig(const YamlNode& source,
                                                 const SecretSource& secrets);

}  // namespace webcare

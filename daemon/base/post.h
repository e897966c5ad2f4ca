// One public message as every part of the house knows it. Holds nothing about loudness: followers,
// likes and the like are in base/reach.h, which the queue must not include.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/time.h"

namespace webcare {

// A post's text is kept up to this length; the rest is cut at a character and `truncated` is set.
inline constexpr Bytes kMaxPostText = KiB(64);

enum class PostKind { kPost, kComment, kReview, kReply, kMention };
std::string_view ToString(PostKind kind);  // "post", "comment", ...

struct Author {
  std::string id;      // Stable within the source; falls back to the handle, then the name.
  std::string handle;  // "anna@example.social"; empty where the site has none.
  std::string name;    // Display name.
  std::string url;
  bool is_bot = false;
};

struct Rating {
  double value = 0;
  double max = 5;
};

// Strings are valid UTF-8 in NFC without control characters other than '\n' and '\t'. Ids are
// opaque.
struct Post {
  std::string native_id;  // Unique within the source. Never empty.
  std::string
      global_id;  // The same on every server that shows the post (Mastodon `uri`); may be empty.
  std::string root_id;  // native_id of the conversation's first post; empty: this post is the root.
  std::string parent_id;  // native_id of the post this one answers; empty: none.
  std::string permalink;  // Where a person can read it; may be empty.
  Author author;
  WallTime created_at{};
  std::optional<WallTime> edited_at;
  std::string language;  // As declared by site or author, BCP 47, lower case; empty: not said.
  std::string text;      // Title (if any), blank line, body. Plain text, at most kMaxPostText.
  std::uint32_t title_size = 0;  // Leading bytes of `text` that are the title.
  bool truncated = false;
  std::optional<Rating> rating;
  std::vector<std::string> mentions;  // Handles named in the post, without '@'.
  std::vector<std::string> tags;      // Without '#'.
  std::vector<std::string> links;     // Targets of links, in order of appearance.
  PostKind kind = PostKind::kPost;
  bool is_repost =
      false;  // A boost or share of `native_id` by somebody else: never a case of its own.
  bool is_private = false;  // Addressed to us only (Mastodon `direct`).
};

}  // namespace webcare

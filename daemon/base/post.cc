#include "daemon/base/post.h"

namespace webcare {

std::string_view ToString(PostKind kind) {
  switch (kind) {
    case PostKind::kPost:
      return "post";
    case PostKind::kComment:
      return "comment";
    case PostKind::kReview:
      return "review";
    case PostKind::kReply:
      return "reply";
    case PostKind::kMention:
      return "mention";
  }
  return "post";
}

}  // namespace webcare

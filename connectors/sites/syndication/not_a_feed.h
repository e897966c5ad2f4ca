// What to tell the operator when there is no feed at the address.
#pragma once

#include <string>
#include <string_view>

#include "daemon/base/error.h"

namespace webcare {

// The text is a page for people.
bool LooksLikeHtml(std::string_view text);

// kInvalid "not a feed: ...". For a page it offers the feeds that the page names (<link rel="alternate">),
// at most three.
Error NotAFeed(std::string_view text, std::string_view base_url);

}  // namespace webcare

// JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/).
#pragma once

#include <string>
#include <string_view>

#include "connectors/sites/syndication/feed.h"
#include "daemon/base/result.h"

namespace webcare {

// A field of the wrong type reads as absent and its item stays. At most 500 items. kInvalid: not JSON,
// or its `version` is none of JSON Feed 1.
Result<Feed> ReadJsonFeed(std::string_view text, std::string_view base_url);

}  // namespace webcare

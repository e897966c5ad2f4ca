// A status of the Mastodon API (docs.joinmastodon.org/entities/Status) as an Item.
#pragma once

#include <string>
#include <string_view>

#include "connectors/connector.h"
#include "daemon/base/json.h"
#include "daemon/base/result.h"

namespace webcare {

// The status itself or, for a boost, the one that was boosted.
JsonValue ShownStatus(JsonValue status);
// edited_at; zero: never edited or not readable.
WallTime StatusEdited(JsonValue status);

// A boost gives the boosted status with is_repost. `instance_host` completes handles that say no
// server. root_id is the parent's id: who knows the conversation sets it right. kInvalid: what is
// missing, without its content.
Result<Item> ReadStatus(JsonValue status, std::string_view instance_host, WallTime now);

}  // namespace webcare

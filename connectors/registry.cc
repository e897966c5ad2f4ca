#include "connectors/registry.h"

#include <array>

#include "connectors/sites/mastodon/mastodon_connector.h"
#include "connectors/sites/syndication/syndication_connector.h"

namespace webcare {
namespace {

// Sorted by name.
const std::array<ConnectorType, 2> kConnectors = {{
    {"mastodon", "a hashtag, public timeline, mentions or search at a Mastodon server",
     &MakeMastodonConnector},
    kSyndicationConnector,
}};

}  // namespace

std::span<const ConnectorType> AllConnectors() { return kConnectors; }

const ConnectorType* FindConnector(std::string_view name) {
  for (const ConnectorType& type : AllConnectors())
    if (type.name == name) return &type;
  return nullptr;
}

}  // namespace webcare

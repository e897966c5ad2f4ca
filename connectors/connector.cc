#include "connectors/connector.h"

namespace webcare {

std::string_view HttpResponse::Header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

std::optional<RateLimit> Connector::ReadRateLimit(const HttpResponse&) const {
  return std::nullopt;
}

std::optional<Error> Connector::ReadError(const HttpResponse&, WallTime) const {
  return std::nullopt;
}

}  // namespace webcare

// What the configuration may say to librdkafka, and what only we may say.
//
// Properties under `kafka: properties:` reach every client as they are (security, proxies, debug).
// Those on which a promise rests - exactly once, no topics by accident, bounded memory - are
// refused at load.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/library_version.h"
#include "daemon/config/settings.h"

namespace webcare {

// Why `key` must not be set, in words for the person who wrote it; nothing when it may be.
std::optional<std::string> RefusedKafkaProperty(std::string_view key);

struct PropertyMistake {
  std::string key;
  std::string message;  // Without the value: it may be a password.
};
// Refused keys, keys librdkafka does not know and values it does not take. Opens no connection.
std::vector<PropertyMistake> CheckKafkaProperties(
    const std::map<std::string, std::string>& properties);

// A warning when records and passwords would cross a network in clear text: a bootstrap server that
// is not this machine, and no TLS.
std::optional<std::string> PlaintextWarning(const KafkaSettings& settings);

// "***" instead of the values of passwords, keys and tokens, for showing a configuration.
std::map<std::string, std::string> RedactedProperties(
    const std::map<std::string, std::string>& properties);

LibraryVersion KafkaLibrary();

}  // namespace webcare

// One consistent configuration: settings, sources and rules that were checked together. Start,
// `webcarectl check` and reload make it here and nowhere else.
#pragma once

#include <memory>
#include <string>

#include "daemon/base/diagnostics.h"
#include "daemon/config/config.h"
#include "rules/rule_set.h"

namespace webcare {

// Immutable; shared between threads.
struct Snapshot {
  Config config;
  std::shared_ptr<const RuleSet> rules;
};

// Null after any mistake in any file; `diagnostics` has them all.
std::shared_ptr<const Snapshot> LoadSnapshot(const std::string& config_path,
                                             Diagnostics& diagnostics);

// webcared.yaml alone, checked in the same way.
std::optional<Settings> LoadSettingsOnly(const std::string& config_path, Diagnostics& diagnostics);

}  // namespace webcare

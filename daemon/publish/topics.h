// `webcarectl topics init` and `topics check`. Topics are never made by any other way.
#pragma once

#include <string>
#include <vector>

#include "daemon/base/log.h"
#include "daemon/base/result.h"
#include "daemon/config/settings.h"
#include "daemon/publish/topic_plan.h"

namespace webcare {

// Makes the topics that are missing, as planned, and returns their names; those that exist are left as
// they are (CheckTopics tells what is wrong with them). Blocks up to about a minute. kUnavailable: no answer;
// kDenied: not allowed; kInvalid: Kafka refuses, e.g. more replicas than brokers, or no broker came back.
Result<std::vector<std::string>> InitTopics(const KafkaSettings& settings, const Log& log);

// Compares what is there with the plan; empty: all is well. Changes nothing. Errors as above.
Result<std::vector<TopicFinding>> CheckTopics(const KafkaSettings& settings, const Log& log);

}  // namespace webcare

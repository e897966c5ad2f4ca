// Which topics there are and how they must be set (design.md, Kafka topics). Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/settings.h"

namespace webcare {

enum class TopicRule {
  kEquals,
  kAtLeast,
  kAtMost
};  // kAtMost: -1 means "no limit" and is too much.

struct TopicSetting {
  std::string_view name;  // "retention.ms".
  TopicRule rule = TopicRule::kEquals;
  std::string value;     // Also what `topics init` sets.
  std::string_view why;  // What goes wrong otherwise.
};

struct TopicPlan {
  std::string name;  // With prefix.
  int partitions = 1;
  bool exactly_partitions = false;  // Order rests on it.
  int replication = 1;
  std::vector<TopicSetting> settings;
};

// In the order of design.md.
std::vector<TopicPlan> PlanTopics(const KafkaSettings& settings);

// A topic as it is.
struct TopicFacts {
  int partitions = 0;  // 0: there is no such topic.
  int replication = 0;
  std::map<std::string, std::string, std::less<>> settings;
};

struct TopicFinding {
  std::string topic;
  std::string
      setting;  // "topic" when it is missing, "partitions", "replication" or a setting's name.
  std::string is;
  std::string should_be;
  std::string why;
};

std::vector<TopicFinding> CompareTopic(const TopicPlan& plan, const TopicFacts& facts);

// "webcare.queue: retention.ms is -1, should be at most 2419200000: posts ...", one a line.
std::string FindingsToText(const std::vector<TopicFinding>& findings);
// [{"topic":..,"setting":..,"is":..,"should_be":..,"why":..}, ...]
std::string FindingsToJson(const std::vector<TopicFinding>& findings);

}  // namespace webcare

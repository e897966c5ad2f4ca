#include "daemon/publish/topic_plan.h"

#include <array>
#include <charconv>
#include <optional>

#include "daemon/base/json.h"

namespace webcare {
namespace {

constexpr std::string_view kDay = "86400000";
constexpr std::string_view kWeek = "604800000";
constexpr std::string_view kFourWeeks = "2419200000";
// librdkafka packs up to 1,000,000 bytes into one batch; Kafka's own default.
constexpr std::string_view kBatchBytes = "1048588";
constexpr std::string_view kProgressSegment = "16777216";

constexpr std::string_view kPrivacy = "posts would be kept longer than people were promised";
constexpr std::string_view kSegments =
    "the newest segment is never deleted, so posts would stay longer";
constexpr std::string_view kBatches = "batches would be refused";
constexpr std::string_view kDurability = "an acknowledged record could be lost with one machine";
constexpr std::string_view kUnclean = "a replica that missed records could become the leader";

enum class Kind { kEvents, kCompacted, kProgress };

struct Shape {
  std::string_view topic;
  int partitions;
  bool exactly;
  Kind kind;
};
constexpr std::array kShapes = {
    Shape{"queue", 1, true, Kind::kEvents},     Shape{"cases", 3, false, Kind::kCompacted},
    Shape{"voices", 3, false, Kind::kEvents},   Shape{"signals", 3, false, Kind::kEvents},
    Shape{"outcomes", 3, false, Kind::kEvents}, Shape{"rejected", 3, false, Kind::kEvents},
    Shape{"progress", 1, true, Kind::kProgress}};

std::vector<TopicSetting> SettingsOf(Kind kind, int replication) {
  std::vector<TopicSetting> settings = {
      {"max.message.bytes", TopicRule::kAtLeast, std::string(kBatchBytes), kBatches},
      {"min.insync.replicas", TopicRule::kAtLeast, replication >= 3 ? "2" : "1", kDurability},
      {"unclean.leader.election.enable", TopicRule::kEquals, "false", kUnclean}};
  if (kind == Kind::kProgress) {
    settings.push_back({"cleanup.policy", TopicRule::kEquals, "compact",
                        "progress would be forgotten and publishing refused"});
    settings.push_back({"segment.bytes", TopicRule::kAtMost, std::string(kProgressSegment),
                        "it is read whole at every connect"});
    return settings;
  }
  const bool compacted = kind == Kind::kCompacted;
  settings.push_back({"cleanup.policy", TopicRule::kEquals, compacted ? "compact,delete" : "delete",
                      compacted ? kPrivacy : "turns and events would vanish by key"});
  settings.push_back({"retention.ms", TopicRule::kAtMost, std::string(kFourWeeks), kPrivacy});
  settings.push_back({"segment.ms", TopicRule::kAtMost, std::string(kDay), kSegments});
  if (compacted) {
    settings.push_back({"delete.retention.ms", TopicRule::kAtLeast, std::string(kWeek),
                        "a tool that was off for some days would miss deletions"});
  }
  return settings;
}

std::optional<std::int64_t> Number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool Holds(const TopicSetting& wanted, const std::string& is) {
  if (wanted.value == "compact,delete" && is == "delete,compact") return true;
  if (wanted.rule == TopicRule::kEquals) return is == wanted.value;
  const auto number = Number(is);
  const auto bound = Number(wanted.value);
  if (!number || !bound) return false;
  if (wanted.rule == TopicRule::kAtLeast) return *number >= *bound;
  return *number >= 0 && *number <= *bound;
}

std::string Wanted(const TopicSetting& setting) {
  switch (setting.rule) {
    case TopicRule::kEquals:
      return setting.value;
    case TopicRule::kAtLeast:
      return "at least " + setting.value;
    case TopicRule::kAtMost:
      return "at most " + setting.value;
  }
  return setting.value;
}

}  // namespace

std::vector<TopicPlan> PlanTopics(const KafkaSettings& settings) {
  std::vector<TopicPlan> plans;
  plans.reserve(std::size(kShapes));
  for (const Shape& shape : kShapes) {
    plans.push_back({settings.topic_prefix + "." + std::string(shape.topic), shape.partitions,
                     shape.exactly, settings.replication,
                     SettingsOf(shape.kind, settings.replication)});
  }
  return plans;
}

std::vector<TopicFinding> CompareTopic(const TopicPlan& plan, const TopicFacts& facts) {
  if (facts.partitions == 0) {
    return {{plan.name, "topic", "missing", "there", "`webcarectl topics init` makes it"}};
  }
  std::vector<TopicFinding> findings;
  if (plan.exactly_partitions && facts.partitions != plan.partitions) {
    findings.push_back({plan.name, "partitions", std::to_string(facts.partitions),
                        std::to_string(plan.partitions),
                        "order exists only inside one partition; make the topic anew"});
  }
  if (facts.replication < plan.replication) {
    findings.push_back({plan.name, "replication", std::to_string(facts.replication),
                        "at least " + std::to_string(plan.replication), std::string(kDurability)});
  }
  for (const TopicSetting& wanted : plan.settings) {
    const auto found = facts.settings.find(wanted.name);
    const std::string is = found == facts.settings.end() ? "unknown" : found->second;
    if (Holds(wanted, is)) continue;
    findings.push_back(
        {plan.name, std::string(wanted.name), is, Wanted(wanted), std::string(wanted.why)});
  }
  return findings;
}

std::string FindingsToText(const std::vector<TopicFinding>& findings) {
  std::string text;
  for (const TopicFinding& f : findings) {
    text += f.topic + ": " + f.setting + " is " + f.is + ", should be " + f.should_be + ": " +
            f.why + "\n";
  }
  return text;
}

std::string FindingsToJson(const std::vector<TopicFinding>& findings) {
  JsonWriter json;
  json.StartArray();
  for (const TopicFinding& f : findings) {
    json.StartObject()
        .Field("topic", f.topic)
        .Field("setting", f.setting)
        .Field("is", f.is)
        .Field("should_be", f.should_be)
        .Field("why", f.why)
        .EndObject();
  }
  json.EndArray();
  return json.Take();
}

}  // namespace webcare

#include "daemon/publish/topic_plan.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace webcare {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TopicPlan Plan(const std::string& topic, int replication = 1) {
  KafkaSettings settings;
  settings.replication = replication;
  for (TopicPlan& plan : PlanTopics(settings)) {
    if (plan.name == "webcare." + topic) return plan;
  }
  ADD_FAILURE() << topic;
  return {};
}

TopicFacts AsPlanned(const TopicPlan& plan) {
  TopicFacts facts{plan.partitions, plan.replication, {}};
  for (const TopicSetting& setting : plan.settings) {
    facts.settings[std::string(setting.name)] = setting.value;
  }
  return facts;
}

std::vector<std::string> Wrong(const TopicPlan& plan, const TopicFacts& facts) {
  std::vector<std::string> settings;
  for (const TopicFinding& finding : CompareTopic(plan, facts)) settings.push_back(finding.setting);
  return settings;
}

TEST(PlanTopics, NamesTheTopicsOfTheDesign) {
  KafkaSettings settings;
  settings.topic_prefix = "care";
  std::vector<std::string> names;
  for (const TopicPlan& plan : PlanTopics(settings)) names.push_back(plan.name);
  EXPECT_THAT(names, ElementsAre("care.queue", "care.cases", "care.voices", "care.signals",
                                 "care.outcomes", "care.rejected", "care.progress"));
}

TEST(CompareTopic, FindsNothingInATopicAsPlanned) {
  for (const TopicPlan& plan : PlanTopics({})) {
    EXPECT_THAT(CompareTopic(plan, AsPlanned(plan)), IsEmpty()) << plan.name;
  }
}

TEST(CompareTopic, MissingTopicIsOneFinding) {
  EXPECT_THAT(Wrong(Plan("queue"), {}), ElementsAre("topic"));
}

TEST(CompareTopic, QueueWithMorePartitionsLosesTheOrder) {
  TopicFacts facts = AsPlanned(Plan("queue"));
  facts.partitions = 2;
  EXPECT_THAT(Wrong(Plan("queue"), facts), ElementsAre("partitions"));
  facts = AsPlanned(Plan("cases"));
  facts.partitions = 12;
  EXPECT_THAT(Wrong(Plan("cases"), facts), IsEmpty());
}

TEST(CompareTopic, ThreeReplicasWantTwoInSync) {
  const TopicPlan plan = Plan("queue", 3);
  TopicFacts facts = AsPlanned(plan);
  facts.settings["min.insync.replicas"] = "1";
  facts.replication = 1;
  EXPECT_THAT(Wrong(plan, facts), ElementsAre("replication", "min.insync.replicas"));
}

struct SettingCase {
  const char* topic;
  const char* setting;
  const char* value;
  bool wrong;
};

TEST(CompareTopic, JudgesSettings) {
  const SettingCase cases[] = {{"queue", "retention.ms", "-1", true},
                               {"queue", "retention.ms", "2419200001", true},
                               {"queue", "retention.ms", "86400000", false},
                               {"queue", "retention.ms", "many", true},
                               {"queue", "cleanup.policy", "compact", true},
                               {"cases", "cleanup.policy", "compact", true},
                               {"cases", "cleanup.policy", "delete,compact", false},
                               {"cases", "delete.retention.ms", "1000", true},
                               {"progress", "cleanup.policy", "delete", true},
                               {"progress", "cleanup.policy", "compact,delete", true},
                               {"progress", "segment.bytes", "1073741824", true},
                               {"voices", "max.message.bytes", "1000", true},
                               {"voices", "max.message.bytes", "9000000", false},
                               {"voices", "segment.ms", "604800000", true},
                               {"signals", "unclean.leader.election.enable", "true", true}};
  for (const SettingCase& test : cases) {
    TopicFacts facts = AsPlanned(Plan(test.topic));
    facts.settings[test.setting] = test.value;
    EXPECT_EQ(Wrong(Plan(test.topic), facts).size(), test.wrong ? 1u : 0u)
        << test.topic << " " << test.setting << "=" << test.value;
  }
}

TEST(Findings, AreReadableByPeopleAndPrograms) {
  const std::vector<TopicFinding> findings = {
      {"webcare.queue", "retention.ms", "-1", "at most 5", "w"}};
  EXPECT_EQ(FindingsToText(findings),
            "webcare.queue: retention.ms is -1, should be at most 5: w\n");
  EXPECT_EQ(FindingsToJson(findings),
            R"([{"topic":"webcare.queue","setting":"retention.ms","is":"-1",)"
            R"("should_be":"at most 5","why":"w"}])");
  EXPECT_THAT(FindingsToJson({}), HasSubstr("[]"));
}

}  // namespace
}  // namespace webcare

#include "daemon/publish/kafka_client.h"
#include "daemon/publish/topics.h"
#include "gmock/gmock.h"
#include "tests/publish/publish_world.h"

namespace webcare {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

void CreateSpoiled(const KafkaSettings& settings, const std::string& name) {
  ClientEvents events;
  auto client = NewKafkaClient(RD_KAFKA_PRODUCER, settings, {}, events);
  ASSERT_TRUE(client.ok());
  rd_kafka_NewTopic_t* topic = rd_kafka_NewTopic_new(name.c_str(), 2, 1, nullptr, 0);
  rd_kafka_NewTopic_set_config(topic, "retention.ms", "-1");
  const KafkaQueue queue(rd_kafka_queue_new(client->get()));
  rd_kafka_CreateTopics(client->get(), &topic, 1, nullptr, queue.get());
  const KafkaEvent event(rd_kafka_queue_poll(queue.get(), 10'000));
  ASSERT_TRUE(event);
  rd_kafka_NewTopic_destroy(topic);
}

TEST(Topics, InitMakesThemOnceAndCheckFindsThemGood) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  PublishWorld world(*kafka);
  const auto again = InitTopics(world.settings, world.silent);
  ASSERT_TRUE(again.ok());
  EXPECT_THAT(*again, IsEmpty());
  const auto findings = CheckTopics(world.settings, world.silent);
  ASSERT_TRUE(findings.ok());
  EXPECT_THAT(FindingsToText(*findings), IsEmpty());
}

TEST(Topics, CheckNamesMissingAndSpoiledOnesAndInitLeavesTheseAlone) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  KafkaSettings settings;
  settings.bootstrap = kafka->bootstrap();
  settings.topic_prefix = "spoiled";
  const Log silent;
  auto findings = CheckTopics(settings, silent);
  ASSERT_TRUE(findings.ok());
  EXPECT_THAT(*findings, SizeIs(7));

  CreateSpoiled(settings, "spoiled.queue");
  while (CheckTopics(settings, silent)->front().setting == "topic") {
    // It was made and does not show up yet.
  }
  const auto made = InitTopics(settings, silent);
  ASSERT_TRUE(made.ok());
  EXPECT_THAT(*made, SizeIs(6));
  findings = CheckTopics(settings, silent);
  ASSERT_TRUE(findings.ok());
  std::vector<std::string> wrong;
  for (const TopicFinding& finding : *findings)
    wrong.push_back(finding.topic + " " + finding.setting);
  EXPECT_THAT(wrong,
              ::testing::ElementsAre("spoiled.queue partitions", "spoiled.queue retention.ms",
                                     "spoiled.queue segment.ms"));
}

TEST(Topics, MoreReplicasThanBrokersAreRefusedWithKafkasReason) {
  WEBCARE_NEEDS_KAFKA(kafka, 1);
  KafkaSettings settings;
  settings.bootstrap = kafka->bootstrap();
  settings.topic_prefix = "tripled";
  settings.replication = 3;
  const Log silent;
  const auto made = InitTopics(settings, silent);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(made.error().message, ::testing::HasSubstr("eplication factor"));
}

}  // namespace
}  // namespace webcare

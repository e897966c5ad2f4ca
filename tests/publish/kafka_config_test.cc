#include "daemon/publish/kafka_config.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace webcare {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RefusedKafkaProperty, RefusesEveryKeyOnWhichAPromiseRests) {
  for (const char* key : {"acks",
                          "request.required.acks",
                          "enable.idempotence",
                          "transactional.id",
                          "transaction.timeout.ms",
                          "isolation.level",
                          "message.timeout.ms",
                          "delivery.timeout.ms",
                          "retries",
                          "max.in.flight",
                          "max.in.flight.requests.per.connection",
                          "bootstrap.servers",
                          "metadata.broker.list",
                          "group.id",
                          "enable.auto.commit",
                          "allow.auto.create.topics",
                          "partitioner",
                          "plugin.library.paths",
                          "test.mock.num.brokers",
                          "linger.ms"}) {
    EXPECT_TRUE(RefusedKafkaProperty(key).has_value()) << key;
  }
}

TEST(RefusedKafkaProperty, LetsSecurityAndDebuggingPass) {
  for (const char* key : {"security.protocol", "sasl.username", "sasl.password", "ssl.ca.location",
                          "debug", "client.id", "client.rack", ""}) {
    EXPECT_FALSE(RefusedKafkaProperty(key).has_value()) << key;
  }
}

TEST(CheckKafkaProperties, TellsEveryMistakeOfAMap) {
  const auto mistakes = CheckKafkaProperties(
      {{"acks", "1"}, {"client.id", "x"}, {"no.such.key", "1"}, {"security.protocol", "morse"}});
  ASSERT_EQ(mistakes.size(), 3u);
  EXPECT_EQ(mistakes[0].key, "acks");
  EXPECT_THAT(mistakes[0].message, HasSubstr("delivery promise"));
  EXPECT_THAT(mistakes[1].message, HasSubstr("No such configuration property"));
  EXPECT_THAT(mistakes[2].message, HasSubstr("security.protocol"));
}

TEST(CheckKafkaProperties, NeverRepeatsASecret) {
  for (const auto& mistake : CheckKafkaProperties(
           {{"ssl.key.pem", "hunter2"}, {"sasl.oauthbearer.token.x", "hunter2"}})) {
    EXPECT_THAT(mistake.message, Not(HasSubstr("hunter2")));
  }
}

TEST(PlaintextWarning, WarnsOffThisMachineWithoutTls) {
  const auto warns = [](std::string bootstrap, std::map<std::string, std::string> properties) {
    KafkaSettings settings;
    settings.bootstrap = std::move(bootstrap);
    settings.properties = std::move(properties);
    return PlaintextWarning(settings).has_value();
  };
  EXPECT_TRUE(warns("kafka.example.org:9092", {}));
  EXPECT_TRUE(warns("127.0.0.1:9092,kafka.example.org:9092", {}));
  EXPECT_TRUE(warns("kafka.example.org:9092", {{"security.protocol", "sasl_plaintext"}}));
  EXPECT_FALSE(warns("kafka.example.org:9092", {{"security.protocol", "sasl_ssl"}}));
  EXPECT_FALSE(warns("kafka.example.org:9092", {{"security.protocol", "SSL"}}));
  EXPECT_FALSE(warns("127.0.0.1:9092,localhost:9093,[::1]:9094", {}));
}

TEST(RedactedProperties, HidesSecretsOnly) {
  const auto shown =
      RedactedProperties({{"sasl.password", "a"}, {"ssl.key.password", "b"}, {"client.id", "c"}});
  EXPECT_EQ(shown.at("sasl.password"), "***");
  EXPECT_EQ(shown.at("ssl.key.password"), "***");
  EXPECT_EQ(shown.at("client.id"), "c");
}

}  // namespace
}  // namespace webcare

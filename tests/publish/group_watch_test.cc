// What the watch makes of errors that librdkafka gets, against its mock broker.
#include "daemon/publish/group_watch.h"

#include <librdkafka/rdkafka.h>
// After it:
#include <librdkafka/rdkafka_mock.h>

#include <thread>

#include "daemon/publish/kafka_client.h"
#include "gtest/gtest.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;

constexpr std::int16_t kOffsetFetch = 9;

class GroupWatchTest : public ::testing::Test {
 protected:
  GroupWatchTest() {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", nullptr, 0);
    host_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0));
    cluster_ = rd_kafka_mock_cluster_new(host_.get(), 1);
    rd_kafka_mock_topic_create(cluster_, "webcare.queue", 1, 1);
    settings_.bootstrap = rd_kafka_mock_cluster_bootstraps(cluster_);
    watch_ = GroupWatch::Open(settings_, "agents", log_).value();
  }
  ~GroupWatchTest() override {
    watch_.reset();
    rd_kafka_mock_cluster_destroy(cluster_);
  }

  // The answer to the next question. The time that is told runs ahead: questions are due at once.
  GroupAnswer Next() {
    told_ += 1h;
    for (int i = 0; i < 1000; ++i) {
      if (auto answer = watch_->Poll(told_)) return *answer;
      std::this_thread::sleep_for(10ms);
    }
    ADD_FAILURE() << "no answer";
    return {};
  }

  const Log log_;
  KafkaHandle host_;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
  KafkaSettings settings_;
  std::unique_ptr<GroupWatch> watch_;
  SteadyTime told_{};
};

TEST_F(GroupWatchTest, AGroupThatNeverCommittedIsNoError) {
  const GroupAnswer answer = Next();
  EXPECT_TRUE(answer.ok);
  EXPECT_FALSE(answer.committed.has_value());
}

// librdkafka 2.0.2 (and later ones: its issue 5040) crashes here in a client without a group of its own.
TEST_F(GroupWatchTest, ACoordinatorThatMovedOrIsLoadingIsAskedAgain) {
  for (const auto error :
       {RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS}) {
    rd_kafka_mock_push_request_errors(cluster_, kOffsetFetch, 1, error);
    Next();
    EXPECT_TRUE(Next().ok) << rd_kafka_err2name(error);
  }
}

}  // namespace
}  // namespace webcare

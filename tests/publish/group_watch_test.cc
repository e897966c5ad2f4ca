// What the watch makes of errors that librdkafka gets, against its mock broker.
#include "daemon/publish/group_watch.h"

#include <thread>

#include "gtest/gtest.h"
#include "tests/publish/mock_kafka.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;

constexpr int kOffsetFetch = 9;

class GroupWatchTest : public ::testing::Test {
 protected:
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
  MockKafka kafka_{"webcare.queue"};
  std::unique_ptr<GroupWatch> watch_ = GroupWatch::Open(kafka_.settings, "agents", log_).value();
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
    kafka_.FailNext(kOffsetFetch, {error});
    Next();
    EXPECT_TRUE(Next().ok) << rd_kafka_err2name(error);
  }
}

}  // namespace
}  // namespace webcare

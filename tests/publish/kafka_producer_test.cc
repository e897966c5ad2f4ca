// Client error paths against librdkafka's mock broker.
#include "daemon/publish/kafka_producer.h"

#include "daemon/publish/kafka_broker.h"
#include "daemon/publish/publisher.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/publish/mock_kafka.h"
#include "tests/store/temp_dir.h"

namespace webcare {
namespace {

using ::testing::HasSubstr;

class KafkaProducerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Producer> Make() {
    auto producer =
        KafkaProducer::Make(kafka_.settings, MiB(8), log_, [this](int api_key, bool answered) {
          if (api_key == static_cast<int>(ApiKey::kInitProducerId) && !answered) ++inits_;
          if (api_key == static_cast<int>(ApiKey::kProduce) && !answered) ++produces_;
        });
    EXPECT_TRUE(producer.ok());
    return std::move(*producer);
  }
  std::unique_ptr<Producer> MakeReady() {
    auto producer = Make();
    const Status status = producer->Init({});
    EXPECT_TRUE(status.ok()) << status.error().message;
    return producer;
  }
  void FailNext(ApiKey api_key, const std::vector<rd_kafka_resp_err_t>& errors) {
    kafka_.FailNext(static_cast<int>(api_key), errors);
  }
  static SendResult SendOne(Producer& producer, std::string_view topic = "queue") {
    const std::vector<KafkaRecord> rows = {{.topic = topic, .key = "k", .value = "v"}};
    return producer.Send(rows, {.topic = "progress", .key = "o", .value = "p"});
  }

  const Log log_;
  MockKafka kafka_{"webcare.queue", "webcare.cases", "webcare.progress"};
  std::atomic<int> inits_ = 0;
  std::atomic<int> produces_ = 0;
};

TEST_F(KafkaProducerTest, CleanTransactionsAreCommittedForCertain) {
  auto producer = MakeReady();
  for (int i = 0; i < 3; ++i) {
    const SendResult sent = SendOne(*producer);
    EXPECT_EQ(sent.outcome, SendOutcome::kCommitted) << sent.why;
  }
}

// What waits behind a request on its way costs time: its broker thread polls without a pause.
TEST_F(KafkaProducerTest, ALargeBatchTakesNoMoreRequestsThanItMust) {
  const std::string value(4000, 'v');
  const std::vector<KafkaRecord> rows(500, {.topic = "queue", .key = "k", .value = value});
  auto producer = MakeReady();
  const SendResult sent = producer->Send(rows, {.topic = "progress", .key = "o", .value = "p"});
  EXPECT_EQ(sent.outcome, SendOutcome::kCommitted) << sent.why;
  EXPECT_EQ(produces_, 3 + 1);  // 2 MB, below 1 MB each; the progress record is of another topic.
}

// The first rows have failed while the last ones are still being handed over.
TEST_F(KafkaProducerTest, FailureInTheMiddleOfALargeBatchIsToldAsWhatItIs) {
  const KafkaRecord progress = {.topic = "progress", .key = "o", .value = "p"};
  struct Batch {
    std::size_t count;
    std::size_t size;
  };
  for (const auto& [count, size] : {Batch{3'000, 1'000}, Batch{60'000, 200}}) {
    SCOPED_TRACE(count);  // Handed over in pieces; as a backlog.
    const std::string value(size, 'v');
    const std::vector<KafkaRecord> rows(count, {.topic = "queue", .key = "k", .value = value});
    auto refused = MakeReady();
    FailNext(ApiKey::kProduce, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
    const SendResult sent = refused->Send(rows, progress);
    EXPECT_EQ(sent.outcome, SendOutcome::kRefused) << sent.why;
    EXPECT_THAT(sent.why, HasSubstr("authorization"));
    auto fenced = MakeReady();
    FailNext(ApiKey::kAddPartitions, {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH});
    EXPECT_EQ(fenced->Send(rows, progress).outcome, SendOutcome::kFenced);
  }
}

struct FaultCase {
  const char* name;
  ApiKey api_key;
  std::vector<rd_kafka_resp_err_t> errors;
  SendOutcome outcome;
};

class KafkaProducerFaults : public KafkaProducerTest,
                            public ::testing::WithParamInterface<FaultCase> {};

TEST_P(KafkaProducerFaults, AreJudged) {
  auto producer = MakeReady();
  FailNext(GetParam().api_key, GetParam().errors);
  const SendResult sent = SendOne(*producer);
  EXPECT_EQ(sent.outcome, GetParam().outcome) << sent.why;
  EXPECT_EQ(sent.why.empty(), sent.outcome == SendOutcome::kCommitted);
}

const FaultCase kFaults[] = {
    // librdkafka repeats EndTxn and reports success: the late first one may still be on its way.
    {"DisconnectOnEndTxn",
     ApiKey::kEndTxn,
     {RD_KAFKA_RESP_ERR__TRANSPORT},
     SendOutcome::kIndefinite},
    {"CoordinatorLoadingOnEndTxn",
     ApiKey::kEndTxn,
     {RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS},
     SendOutcome::kIndefinite},
    {"DisconnectOnProduce",
     ApiKey::kProduce,
     {RD_KAFKA_RESP_ERR__TRANSPORT},
     SendOutcome::kIndefinite},
    {"ConcurrentTransactions",
     ApiKey::kAddPartitions,
     {RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS},
     SendOutcome::kCommitted},
    {"FencedOnEndTxn",
     ApiKey::kEndTxn,
     {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH},
     SendOutcome::kFenced},
    {"FencedOnAddPartitions",
     ApiKey::kAddPartitions,
     {RD_KAFKA_RESP_ERR_PRODUCER_FENCED},
     SendOutcome::kFenced},
    {"NameNotAllowed",
     ApiKey::kAddPartitions,
     {RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED},
     SendOutcome::kRefused},
    {"TopicNotAllowed",
     ApiKey::kProduce,
     {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED},
     SendOutcome::kRefused},
    {"RecordTooLarge",
     ApiKey::kProduce,
     {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE},
     SendOutcome::kRefused},
    {"UnknownProducer",
     ApiKey::kProduce,
     {RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID},
     SendOutcome::kIndefinite},
};

INSTANTIATE_TEST_SUITE_P(All, KafkaProducerFaults, ::testing::ValuesIn(kFaults),
                         [](const auto& test) { return test.param.name; });

TEST_F(KafkaProducerTest, InitWaitsForACoordinatorThatLoads) {
  FailNext(ApiKey::kInitProducerId,
           {RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR});
  EXPECT_TRUE(Make()->Init({}).ok());
}

TEST_F(KafkaProducerTest, InitGivesUpWhenAskedToStopAndWorksWhenTheBrokerIsBack) {
  rd_kafka_mock_broker_set_down(kafka_.cluster(), -1);
  auto producer = Make();
  std::stop_source stop;
  stop.request_stop();
  const Status status = producer->Init(stop.get_token());
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  rd_kafka_mock_broker_set_up(kafka_.cluster(), -1);
  EXPECT_TRUE(producer->Init({}).ok());
  EXPECT_EQ(SendOne(*producer).outcome, SendOutcome::kCommitted);
}

TEST_F(KafkaProducerTest, MissingTopicIsRefusedByName) {
  rd_kafka_mock_topic_set_error(kafka_.cluster(), "webcare.voices",
                                RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  auto producer = MakeReady();
  const SendResult sent = SendOne(*producer, "voices");
  EXPECT_EQ(sent.outcome, SendOutcome::kRefused);
  EXPECT_THAT(sent.why, HasSubstr("webcare.voices"));
}

TEST_F(KafkaProducerTest, AtLeastOnceWaitsForEveryAcknowledgement) {
  kafka_.settings.delivery = DeliveryMode::kAtLeastOnce;
  auto producer = MakeReady();
  EXPECT_EQ(SendOne(*producer).outcome, SendOutcome::kCommitted);
  FailNext(ApiKey::kProduce, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
  EXPECT_EQ(SendOne(*producer).outcome, SendOutcome::kRefused);
}

TEST_F(KafkaProducerTest, PublisherMakesANewProducerAfterADoubtfulCommit) {
  TempDir directory;
  auto db = Database::Open(directory.File("state.db"));
  ASSERT_TRUE(db.ok());
  LockedOutbox outbox([&](const std::function<void(Database&)>& fn) { fn(**db); });
  KafkaBroker broker(kafka_.settings, MiB(8), log_, [this](int api_key, bool answered) {
    if (api_key == static_cast<int>(ApiKey::kInitProducerId) && !answered) ++inits_;
  });
  Publisher publisher(kafka_.settings, {}, broker, outbox, log_);
  SteadyTime now{};
  const auto run = [&](int steps) {
    for (int i = 0; i < steps; ++i) now = std::max(now, publisher.Step(now, {}));
  };
  run(1);
  ASSERT_EQ(publisher.status().state, PublisherState::kPublishing) << publisher.status().why;
  ASSERT_EQ(inits_, 1);
  ASSERT_TRUE((*db)
                  ->Atomically([&] {
                    OutboxRow row;
                    row.key = "k";
                    Outbox::Append(**db, {std::move(row)});
                    return OkStatus();
                  })
                  .ok());
  FailNext(ApiKey::kEndTxn, {RD_KAFKA_RESP_ERR__TRANSPORT});
  run(3);
  EXPECT_EQ(inits_, 2);
  EXPECT_EQ(publisher.status().connects, 2);
  EXPECT_EQ(publisher.status().state, PublisherState::kPublishing) << publisher.status().why;
}

}  // namespace
}  // namespace webcare

#include "daemon/publish/group_watch.h"

#include <array>

#include "daemon/publish/kafka_client.h"

namespace webcare {
namespace {

constexpr std::chrono::seconds kAskEvery{1};
constexpr int kAnswerMillis = 2'000;

using OffsetsQuestion = std::unique_ptr<rd_kafka_ListConsumerGroupOffsets_t,
                                        Destroyer<rd_kafka_ListConsumerGroupOffsets_destroy>>;

KafkaOptions MakeOptions(rd_kafka_t* client, rd_kafka_admin_op_t op) {
  KafkaOptions options(rd_kafka_AdminOptions_new(client, op));
  std::array<char, 128> why{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), kAnswerMillis, why.data(), why.size());
  return options;
}

std::optional<int> MembersIn(rd_kafka_event_t* event) {
  const auto* result = rd_kafka_event_DescribeConsumerGroups_result(event);
  if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR || result == nullptr) return {};
  std::size_t count = 0;
  const auto** groups = rd_kafka_DescribeConsumerGroups_result_groups(result, &count);
  if (count != 1 || rd_kafka_ConsumerGroupDescription_error(groups[0]) != nullptr) return {};
  return static_cast<int>(rd_kafka_ConsumerGroupDescription_member_count(groups[0]));
}

GroupAnswer OffsetsIn(rd_kafka_event_t* event) {
  GroupAnswer answer;
  const auto* result = rd_kafka_event_ListConsumerGroupOffsets_result(event);
  if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR || result == nullptr) return answer;
  std::size_t count = 0;
  const auto** groups = rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count);
  if (count != 1 || rd_kafka_group_result_error(groups[0]) != nullptr) return answer;
  const auto* partitions = rd_kafka_group_result_partitions(groups[0]);
  if (partitions == nullptr || partitions->cnt != 1) return answer;
  if (partitions->elems[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) return answer;
  answer.ok = true;
  // -1001 where the group has none: it never committed, or Kafka forgot.
  if (partitions->elems[0].offset >= 0) answer.committed = partitions->elems[0].offset;
  return answer;
}

}  // namespace

struct GroupWatch::Impl {
  void Ask();
  void AskForMembers();

  ClientEvents events;
  KafkaHandle client;
  KafkaQueue answers;
  std::string topic;
  std::string group;
  bool waiting = false;
  SteadyTime asked{};
  std::optional<int> members;
};

void GroupWatch::Impl::Ask() {
  const KafkaPartitions partitions(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(partitions.get(), topic.c_str(), 0);
  const OffsetsQuestion question(
      rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), partitions.get()));
  const KafkaOptions options =
      MakeOptions(client.get(), RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
  // Offsets inside an open transaction of an agent do not count yet.
  const KafkaError ignored(rd_kafka_AdminOptions_set_require_stable_offsets(options.get(), 1));
  rd_kafka_ListConsumerGroupOffsets_t* raw = question.get();
  rd_kafka_ListConsumerGroupOffsets(client.get(), &raw, 1, options.get(), answers.get());
  AskForMembers();
}

// Not before the cluster has told its name, and not of librdkafka's mock broker: it does not know the
// question, and librdkafka 2.0.2 hangs for good in place of saying so.
void GroupWatch::Impl::AskForMembers() {
  const std::string cluster = ClusterIdOf(client.get(), std::chrono::milliseconds(0));
  if (cluster.empty() || cluster.starts_with("mockCluster")) return;
  const KafkaOptions describe = MakeOptions(client.get(), RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS);
  const char* name = group.c_str();
  rd_kafka_DescribeConsumerGroups(client.get(), &name, 1, describe.get(), answers.get());
}

GroupWatch::GroupWatch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

GroupWatch::~GroupWatch() {
  impl_->answers.reset();  // Before the client it belongs to.
}

Result<std::unique_ptr<GroupWatch>> GroupWatch::Open(const KafkaSettings& settings,
                                                     const std::string& group, const Log& log) {
  auto impl = std::make_unique<Impl>();
  impl->events.log = &log;
  // A consumer that never subscribes is no member. In a client without a group of its own librdkafka 2.0.2
  // crashes when the group's coordinator has moved (its issue 5040).
  auto client = NewKafkaClient(RD_KAFKA_CONSUMER, settings, {{"group.id", group}}, impl->events);
  if (!client.ok()) return client.error();
  impl->client = std::move(*client);
  impl->answers.reset(rd_kafka_queue_new(impl->client.get()));
  impl->topic = KafkaTopicName(settings, "queue");
  impl->group = group;
  return std::unique_ptr<GroupWatch>(new GroupWatch(std::move(impl)));
}

std::optional<GroupAnswer> GroupWatch::Poll(SteadyTime now) {
  rd_kafka_poll(impl_->client.get(), 0);
  if (!impl_->waiting && now - impl_->asked >= kAskEvery) {
    impl_->Ask();
    impl_->asked = now;
    impl_->waiting = true;
  }
  std::optional<GroupAnswer> newest;
  while (KafkaEvent event{rd_kafka_queue_poll(impl_->answers.get(), 0)}) {
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DESCRIBECONSUMERGROUPS_RESULT) {
      impl_->members = MembersIn(event.get());
      continue;
    }
    newest = OffsetsIn(event.get());
    newest->members = impl_->members;
    impl_->waiting = false;
  }
  return newest;
}

}  // namespace webcare

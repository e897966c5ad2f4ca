#include "daemon/store/outbox.h"

#include <gmock/gmock.h>

#include "tests/store/temp_dir.h"

namespace webcare {
namespace {

using testing::ElementsAre;

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() { Reopen(); }

  void Reopen() {
    db_.reset();
    db_ = Database::Open(dir_.File("state.db")).value();
  }

  static OutboxRow Row(Topic topic, const std::string& key, const std::string& value) {
    OutboxRow row;
    row.topic = topic;
    row.key = key;
    row.value = value;
    row.headers = {{"ce_id", key}, {"empty", ""}};
    return row;
  }

  std::int64_t Append(Topic topic, const std::string& key, const std::string& value) {
    std::int64_t seq = 0;
    Do([&] { seq = Outbox::Append(*db_, {Row(topic, key, value)}); });
    return seq;
  }

  // Of one run, unless they are large.
  std::int64_t AppendTogether(const std::vector<std::string>& values) {
    std::vector<OutboxRow> rows;
    for (const std::string& value : values) rows.push_back(Row(Topic::kQueue, "k", value));
    std::int64_t seq = 0;
    Do([&] { seq = Outbox::Append(*db_, rows); });
    return seq;
  }

  std::int64_t Runs() {
    auto row = db_->Query("SELECT count(*) FROM outbox_runs");
    return row.Step() ? row.Int(0) : -1;
  }

  void Do(const std::function<void()>& work) {
    ASSERT_TRUE(db_->Atomically([&]() -> Status {
                     work();
                     return {};
                   })
                    .ok());
  }

  std::vector<std::string> Values(std::int64_t after, int max_rows, std::uint64_t max_bytes) {
    std::vector<std::string> values;
    for (const auto& row : Outbox::Read(*db_, after, max_rows, {max_bytes})) {
      values.push_back(row.value);
    }
    return values;
  }

  TempDir dir_;
  std::unique_ptr<Database> db_;
};

TEST_F(OutboxTest, RowsComeBackAsTheyWereAppendedAfterReopening) {
  EXPECT_EQ(Append(Topic::kQueue, "k1", "v1"), 1);
  EXPECT_EQ(Append(Topic::kVoices, "k2", std::string("v\0002", 3)), 2);
  Reopen();
  const auto rows = Outbox::Read(*db_, 0, 10, MiB(1));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].seq, 2);
  EXPECT_EQ(rows[1].topic, Topic::kVoices);
  EXPECT_EQ(rows[1].key, "k2");
  EXPECT_EQ(rows[1].value, std::string("v\0002", 3));
  EXPECT_FALSE(rows[1].tombstone);
  const RecordHeaders expected = {{"ce_id", "k2"}, {"empty", ""}, {"seq", "2"}};
  EXPECT_EQ(rows[1].headers, expected);
}

TEST_F(OutboxTest, ChainCoversEveryRowBefore) {
  Append(Topic::kQueue, "k1", "v1");
  Append(Topic::kQueue, "k2", "v2");
  const auto rows = Outbox::Read(*db_, 0, 10, MiB(1));
  const Id128 first = HashParts({Id128{}.AsBytes(), "queue", "k1", "v1"});
  EXPECT_EQ(rows[0].chain, first);
  EXPECT_EQ(rows[1].chain, HashParts({first.AsBytes(), "queue", "k2", "v2"}));
  EXPECT_EQ(Outbox::ChainAt(*db_, 2), rows[1].chain);
  EXPECT_EQ(Outbox::ChainAt(*db_, 3), Id128{});
}

TEST_F(OutboxTest, ReadStopsAtRowsOrBytesButGivesAtLeastOne) {
  for (const char* value : {"aaaa", "bbbb", "cccc"}) Append(Topic::kQueue, "", value);
  EXPECT_THAT(Values(0, 2, 1000), ElementsAre("aaaa", "bbbb"));
  EXPECT_THAT(Values(1, 5, 1000), ElementsAre("bbbb", "cccc"));
  EXPECT_THAT(Values(0, 5, 1), ElementsAre("aaaa"));
  EXPECT_THAT(Values(3, 5, 1000), ElementsAre());
}

TEST_F(OutboxTest, RowsOfARunAreReadFromAndToAnyOfThem) {
  EXPECT_EQ(AppendTogether({"aaaa", "bbbb", "cccc"}), 3);
  EXPECT_EQ(AppendTogether({"dddd", "eeee"}), 5);
  EXPECT_EQ(Runs(), 2);
  Reopen();
  EXPECT_THAT(Values(0, 9, 1000), ElementsAre("aaaa", "bbbb", "cccc", "dddd", "eeee"));
  EXPECT_THAT(Values(1, 3, 1000), ElementsAre("bbbb", "cccc", "dddd"));
  EXPECT_THAT(Values(2, 1, 1000), ElementsAre("cccc"));
  EXPECT_THAT(Values(1, 9, 2 * (4 + 1 + 27)), ElementsAre("bbbb", "cccc"));
  EXPECT_THAT(Values(4, 9, 1000), ElementsAre("eeee"));
  Id128 chain;
  for (const auto& row : Outbox::Read(*db_, 0, 9, MiB(1))) {
    chain = HashParts({chain.AsBytes(), "queue", "k", row.value});
    EXPECT_EQ(row.chain, chain);
    EXPECT_EQ(Outbox::ChainAt(*db_, row.seq), chain);
    EXPECT_EQ(row.headers.Get("seq"), std::to_string(row.seq));
  }
}

TEST_F(OutboxTest, LargeRowsMakeMoreRunsAndEmptyCallsNone) {
  EXPECT_EQ(AppendTogether({}), 0);
  EXPECT_EQ(Runs(), 0);
  std::vector<std::string> values;
  for (const char letter : {'a', 'b', 'c', 'd', 'e'}) values.emplace_back(30'000, letter);
  values.emplace_back(250'000, 'f');
  EXPECT_EQ(AppendTogether(values), 6);
  EXPECT_EQ(Runs(), 2);
  EXPECT_EQ(Values(0, 9, 1 << 20), values);
  EXPECT_EQ(Append(Topic::kQueue, "k", "g"), 7);
}

TEST_F(OutboxTest, SettledRowsOfARunAreGoneForReadersAndWithItsLastForTheFile) {
  AppendTogether({"a", "b", "c"});
  Do([&] {
    Outbox::Confirm(*db_, 2);
    Outbox::Settle(*db_, 2, {});
  });
  EXPECT_THAT(Values(0, 9, 1000), ElementsAre("c"));
  EXPECT_EQ(Outbox::ChainAt(*db_, 1), Id128{});
  EXPECT_EQ(Outbox::ChainAt(*db_, 2), Id128{});
  EXPECT_NE(Outbox::ChainAt(*db_, 3), Id128{});
  EXPECT_EQ(Runs(), 1);
  Do([&] {
    Outbox::Confirm(*db_, 3);
    Outbox::Settle(*db_, 3, {});
  });
  EXPECT_EQ(Runs(), 0);
  EXPECT_EQ(AppendTogether({"d"}), 4);
}

TEST_F(OutboxTest, WhatIsDamagedOnTheDiskEndsTheRows) {
  AppendTogether({"a", "b"});
  AppendTogether({"c"});
  db_->Query("UPDATE outbox_runs SET body = substr(body, 1, length(body) - 1) WHERE last_seq = 2")
      .Run();
  EXPECT_THAT(Values(0, 9, 1000), ElementsAre("a"));
  EXPECT_THAT(Values(1, 9, 1000), ElementsAre());
  EXPECT_THAT(Values(2, 9, 1000), ElementsAre("c"));
  Do([&] { Outbox::Adopt(*db_, 5, Id128{}); });
  EXPECT_THAT(Values(5, 9, 1000), ElementsAre("a"));
}

TEST_F(OutboxTest, ConfirmedRowsStayUntilTheyAreSettled) {
  for (const char* value : {"a", "b", "c"}) Append(Topic::kQueue, "", value);
  const Id128 first = Outbox::ChainAt(*db_, 1);
  const Id128 second = Outbox::ChainAt(*db_, 2);
  Do([&] { Outbox::Confirm(*db_, 2); });
  Do([&] { Outbox::Settle(*db_, 1, {{"queue", 0, 7}, {"cases", 2, 3}}); });
  Do([&] { Outbox::Confirm(*db_, 1); });  // Late and lower: no effect.
  Do([&] { Outbox::Settle(*db_, 1, {{"queue", 0, 5}}); });
  Reopen();
  OutboxState state = Outbox::Load(*db_);
  EXPECT_EQ(state.confirmed_seq, 2);
  EXPECT_EQ(state.confirmed_chain, second);
  EXPECT_EQ(state.settled_seq, 1);
  EXPECT_EQ(state.settled_chain, first);
  EXPECT_EQ(state.last_seq, 3);
  EXPECT_THAT(Values(0, 5, 1000), ElementsAre("b", "c"));
  EXPECT_THAT(Outbox::SettledEnds(*db_),
              ElementsAre(TopicEnd{"cases", 2, 3}, TopicEnd{"queue", 0, 7}));
}

TEST_F(OutboxTest, NumberingGoesOnBehindSettledRows) {
  for (const char* value : {"a", "b", "c"}) Append(Topic::kQueue, "", value);
  const Id128 third = Outbox::ChainAt(*db_, 3);
  Do([&] {
    Outbox::Confirm(*db_, 3);
    Outbox::Settle(*db_, 3, {});
  });
  Reopen();
  EXPECT_EQ(Outbox::Load(*db_).confirmed_chain, third);
  EXPECT_EQ(Outbox::Load(*db_).settled_chain, third);
  EXPECT_EQ(Append(Topic::kQueue, "", "d"), 4);  // Although the table was empty.
}

TEST_F(OutboxTest, EachDatabaseHasItsOwnIdForLife) {
  const Id128 id = Outbox::Load(*db_).id;
  Do([&] { Outbox::SetClusterId(*db_, "cluster-1"); });
  Reopen();
  EXPECT_EQ(Outbox::Load(*db_).id, id);
  EXPECT_EQ(Outbox::Load(*db_).cluster_id, "cluster-1");
  EXPECT_NE(id, Id128{});
  EXPECT_NE(Outbox::Load(*Database::Open(dir_.File("other.db")).value()).id, id);
}

// Appended one by one, together, and with a run's end among what waits.
class OutboxAdopt : public OutboxTest,
                    public testing::WithParamInterface<std::vector<std::vector<std::string>>> {};

TEST_P(OutboxAdopt, RenumbersWhatStillWaits) {
  for (const auto& values : GetParam()) AppendTogether(values);
  Do([&] { Outbox::Confirm(*db_, 1); });
  const Id128 start = HashParts({"another life"});
  for (const std::int64_t seq : {std::int64_t{100}, std::int64_t{0}, std::int64_t{1}}) {
    Do([&] { Outbox::Adopt(*db_, seq, start); });
    const auto rows = Outbox::Read(*db_, 0, 10, MiB(1));
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].seq, seq + 1);
    EXPECT_EQ(rows[0].chain, HashParts({start.AsBytes(), "queue", "k", "b"}));
    EXPECT_EQ(rows[1].chain, HashParts({rows[0].chain.AsBytes(), "queue", "k", "c"}));
    EXPECT_EQ(rows[2].value, "d");
    EXPECT_EQ(rows[2].headers.Get("seq"), std::to_string(seq + 3));
    EXPECT_EQ(Outbox::Load(*db_).last_seq, seq + 3);
    EXPECT_EQ(Outbox::Load(*db_).confirmed_seq, seq);
  }
  EXPECT_EQ(Append(Topic::kQueue, "k", "e"), 5);
}

INSTANTIATE_TEST_SUITE_P(
    Runs, OutboxAdopt,
    testing::Values(std::vector<std::vector<std::string>>{{"a"}, {"b"}, {"c"}, {"d"}},
                    std::vector<std::vector<std::string>>{{"a", "b", "c", "d"}},
                    std::vector<std::vector<std::string>>{{"a", "b"}, {"c", "d"}}));

}  // namespace
}  // namespace webcare

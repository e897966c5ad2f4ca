#include "daemon/publish/progress.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace webcare {
namespace {

using ::testing::HasSubstr;

Id128 Named(std::string_view name) { return HashParts({name}); }

Progress OurProgress() {
  return {.outbox = Named("outbox"),
          .name = "webcare",
          .boot = Named("me"),
          .cluster = "c1",
          .last_seq = 10,
          .chain = Named("row 10"),
          .turns = 6,
          .consumed_offset = 4};
}

// A database that marked 8 rows, holds up to 12 and belongs to the progress above.
StartFacts Agreeing() {
  StartFacts facts;
  facts.name = "webcare";
  facts.local = {Named("outbox"), 12, 8, Named("row 8"), "c1", 5, Named("row 5")};
  facts.cluster = "c1";
  facts.progress = {OurProgress()};
  facts.chain_at_progress = Named("row 10");
  facts.queue = {0, 20, 6};
  facts.own_boots = {Named("me")};
  return facts;
}

TEST(Progress, SurvivesItsEncoding) {
  const Progress progress = OurProgress();
  const auto decoded = DecodeProgress(progress.outbox.Hex(), EncodeProgress(progress));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->outbox, progress.outbox);
  EXPECT_EQ(decoded->name, "webcare");
  EXPECT_EQ(decoded->boot, progress.boot);
  EXPECT_EQ(decoded->cluster, "c1");
  EXPECT_EQ(decoded->last_seq, 10);
  EXPECT_EQ(decoded->chain, progress.chain);
  EXPECT_EQ(decoded->turns, 6);
  EXPECT_EQ(decoded->consumed_offset, 4);
}

TEST(Progress, WhatIsNotOursIsCorrupt) {
  const std::string good = EncodeProgress(OurProgress());
  EXPECT_FALSE(DecodeProgress("another key", good).ok());
  const std::string key = OurProgress().outbox.Hex();
  for (const std::string bad : {"", "{}", "[1]", "{\"outbox\":\"zz\"}", "not json"}) {
    const auto decoded = DecodeProgress(key, bad);
    ASSERT_FALSE(decoded.ok()) << bad;
    EXPECT_EQ(decoded.error().code, ErrorCode::kCorrupt);
  }
}

struct StartCase {
  const char* name;
  void (*change)(StartFacts&);
  StartAction action;
  std::int64_t resume;
  const char* why;
};

class DecideStartTable : public ::testing::TestWithParam<StartCase> {};

TEST_P(DecideStartTable, Decides) {
  StartFacts facts = Agreeing();
  GetParam().change(facts);
  const StartDecision decision = DecideStart(facts);
  EXPECT_EQ(decision.action, GetParam().action) << decision.why;
  EXPECT_THAT(decision.why, HasSubstr(GetParam().why));
  EXPECT_EQ(decision.resume, GetParam().resume);
}

constexpr auto kPublish = StartAction::kPublish;
constexpr auto kRefuse = StartAction::kRefuse;
constexpr auto kStepDown = StartAction::kStepDown;

const StartCase kStartCases[] = {
    {"CommittedButNotMarkedIsSkipped", [](StartFacts&) {}, kPublish, 10, ""},
    {"AtLeastOnceResumesAtTheLocalMark",
     [](StartFacts& f) { f.delivery = DeliveryMode::kAtLeastOnce; }, kPublish, 8, ""},
    {"FirstStartBeginsAtTheFirstRow",
     [](StartFacts& f) {
       f.progress.clear();
       f.local = {Named("outbox"), 12, 0, {}, "", 0, {}};
       f.queue = {};
     },
     kPublish, 0, ""},
    {"MarkedUpToProgressComparesTheMark",
     [](StartFacts& f) {
       f.local.confirmed_seq = 10;
       f.local.confirmed_chain = Named("row 10");
       f.chain_at_progress = {};
     },
     kPublish, 10, ""},
    {"AnotherBootIdStepsDown", [](StartFacts& f) { f.progress[0].boot = Named("other"); },
     kStepDown, 0, "another webcared"},
    {"AnotherBootIdStepsDownBeforeAnythingIsRefused",
     [](StartFacts& f) {
       f.progress[0].boot = Named("other");
       f.local.last_seq = 9;
     },
     kStepDown, 0, "another webcared"},
    {"RolledBackDatabaseIsRefused", [](StartFacts& f) { f.local.last_seq = 9; }, kRefuse, 0,
     "restored from a backup"},
    {"RolledBackProgressIsRefused", [](StartFacts& f) { f.progress[0].last_seq = 4; }, kRefuse, 0,
     "rolled back"},
    {"AtLeastOnceRefusesProgressBehindTheMark",
     [](StartFacts& f) {
       f.delivery = DeliveryMode::kAtLeastOnce;
       f.progress[0].last_seq = 7;
     },
     kRefuse, 0, "rolled back"},
    {"ProgressMayFallBackToWhatIsSettled",
     [](StartFacts& f) {
       f.progress[0].last_seq = 5;
       f.progress[0].chain = Named("row 5");
     },
     kPublish, 5, ""},
    {"RowsSeenBeyondProgressCount",
     [](StartFacts& f) {
       f.kept = {{9, true}, {10, false}, {11, true}, {12, false}};
       f.fates.seen = {9, 10, 11};
       f.queue.last_place = 7;
     },
     kPublish, 11, ""},
    {"RowsSeenBeyondTheDatabaseAreRefused", [](StartFacts& f) { f.fates.seen = {13}; }, kRefuse, 0,
     "restored from a backup"},
    {"OtherRowsUnderTheSameNumbersAreRefused",
     [](StartFacts& f) { f.chain_at_progress = Named("other row 10"); }, kRefuse, 0,
     "went its own way"},
    {"MissingRowIsRefused", [](StartFacts& f) { f.chain_at_progress = {}; }, kRefuse, 0,
     "went its own way"},
    {"OtherClusterIsRefused", [](StartFacts& f) { f.cluster = "c2"; }, kRefuse, 0, "cluster c1"},
    {"CopiedProgressTopicIsRefused", [](StartFacts& f) { f.progress[0].cluster = "c0"; }, kRefuse,
     0, "copied from"},
    {"LostProgressIsRefused", [](StartFacts& f) { f.progress.clear(); }, kRefuse, 0, "made anew"},
    {"NewDatabaseUnderAnOldNameIsRefused",
     [](StartFacts& f) { f.local = {Named("new outbox"), 3, 0, {}, "", 0, {}}; }, kRefuse, 0,
     "another database"},
    {"NewDatabaseBesideAnotherNameIsWelcome",
     [](StartFacts& f) {
       f.local = {Named("new outbox"), 3, 0, {}, "", 0, {}};
       f.name = "second";
     },
     kPublish, 0, ""},
    {"TurnsBeyondProgressAreRefused", [](StartFacts& f) { f.queue.last_place = 7; }, kRefuse, 0,
     "turn 7"},
    {"TurnsBeyondProgressAreUsualInAtLeastOnce",
     [](StartFacts& f) {
       f.delivery = DeliveryMode::kAtLeastOnce;
       f.queue.last_place = 7;
     },
     kPublish, 8, ""},
    {"LostTurnsAreRefused", [](StartFacts& f) { f.queue.last_place = 5; }, kRefuse, 0, "lost"},
    {"EmptyQueueTopicIsRefused", [](StartFacts& f) { f.queue = {}; }, kRefuse, 0, "lost"},
    {"TurnsThatRetentionDeletedAreNotMissed",
     [](StartFacts& f) {
       f.queue = {20, 20, std::nullopt};
     },
     kPublish, 10, ""},
};

INSTANTIATE_TEST_SUITE_P(All, DecideStartTable, ::testing::ValuesIn(kStartCases),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace webcare

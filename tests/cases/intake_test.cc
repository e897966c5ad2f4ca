#include "daemon/cases/intake.h"

#include <gmock/gmock.h>

#include "tests/cases/case_house.h"

namespace webcare {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> Changes(CaseHouse& house) {
  std::vector<std::string> changes;
  for (const Record& record : house.Records(Topic::kCases)) {
    changes.emplace_back(record["change"].Str());
  }
  return changes;
}

TEST(Intake, ComplaintBecomesACaseWithATurnAndOthersLeaveOnlyAHash) {
  CaseHouse house;
  const PageOutcome outcome = house.Take(
      {Say("1", "anna", "Mijn lamp is stuk."), Say("2", "bert", "Mooie lamp gekocht vandaag.")});
  EXPECT_EQ(outcome.fresh, 2);
  EXPECT_EQ(outcome.turns, 1);
  EXPECT_THAT(house.Waiting(), ElementsAre("Mijn lamp is stuk."));
  EXPECT_EQ(house.Count("SELECT count(*) FROM seen"), 2);
  EXPECT_EQ(house.Count("SELECT count(*) FROM posts"), 1);
  EXPECT_THAT(house.FileBytes(), Not(HasSubstr("Mooie lamp")));
  EXPECT_THAT(house.FileBytes(), Not(HasSubstr("bert")));
}

TEST(Intake, SamePostAgainIsDroppedBeforeTheJudge) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk.")});
  house.judge.asked.clear();
  house.Reopen();
  const PageOutcome again =
      house.Take({Say("1", "anna", "Lamp stuk."), Say("1", "anna", "Lamp stuk.")});
  EXPECT_EQ(again.duplicates, 2);
  EXPECT_EQ(again.fresh + again.edited + again.turns, 0);
  EXPECT_THAT(house.judge.asked, IsEmpty());
}

TEST(Intake, SameNativeIdAtAnotherSourceIsAnotherPost) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk.")}, "forum");
  EXPECT_EQ(house.Take({Say("1", "anna", "Lamp stuk.")}, "reviews").turns, 1);
}

TEST(Intake, GlobalIdSeenAtAnotherSourceIsTheSamePost) {
  CaseHouse house;
  Item here = Say("17", "anna", "Lamp stuk.");
  Item there = Say("99", "anna@there", "Lamp stuk, net anders getoond.");
  here.post.global_id = there.post.global_id = "https://a.example/users/anna/1";
  EXPECT_EQ(house.Take({here}, "mastodon-a").turns, 1);
  const PageOutcome second = house.Take({there}, "mastodon-b");
  EXPECT_EQ(second.duplicates, 1);
  EXPECT_EQ(second.turns, 0);
  here.post.text = "Lamp nog steeds stuk.";  // An edit where it was met first still counts.
  EXPECT_EQ(house.Take({here}, "mastodon-a").edited, 1);
}

TEST(Intake, ReplyOfTheAuthorJoinsTheWaitingCaseWithoutATurn) {  // MR6
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk.")});
  house.Take({Answer("2", "anna", "Bestelnummer volgt.", "1", "1"),
              Answer("3", "anna", "Hij is echt stuk.", "2", "1")});
  EXPECT_EQ(house.queue->size(), 1u);
  EXPECT_EQ(house.Count("SELECT count(*) FROM posts WHERE id >> 32 = 1"), 3);
  EXPECT_TRUE(house.judge.asked[1].joins_case);
  EXPECT_TRUE(house.judge.asked[1].is_reply);
  EXPECT_THAT(house.Records(), IsEmpty());  // A waiting case is updated in place.
}

TEST(Intake, ReplyOfAnotherAuthorIsItsOwnCase) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Answer("2", "bert", "Hier ook stuk.", "1", "1"),
              Answer("3", "carla", "Sterkte.", "1", "1")});
  EXPECT_THAT(house.Waiting(), ElementsAre("Lamp stuk.", "Hier ook stuk."));
  EXPECT_FALSE(house.judge.asked[1].joins_case);
}

TEST(Intake, ReplySeenBeforeItsRootJoinsTheSameCase) {
  CaseHouse house;
  house.Take({Answer("2", "anna", "Nog steeds stuk.", "1", "1")});
  house.Take({Say("1", "anna", "Lamp stuk.")});
  EXPECT_EQ(house.queue->size(), 1u);
  EXPECT_EQ(house.Count("SELECT count(*) FROM cases"), 1);
}

TEST(Intake, ConversationIsFoundThroughKnownParents) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Answer("2", "lumio", "Wat vervelend!", "1", "")});
  house.Take({Answer("3", "anna", "Wat nu, hoe verder?", "2", "")});
  EXPECT_EQ(house.Count("SELECT count(*) FROM cases"), 1);
  EXPECT_EQ(house.queue->size(), 1u);
}

TEST(Intake, OwnPostsOpenNoCaseAndMarkTheAnsweredOne) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk.")});
  house.Release();
  const PageOutcome outcome = house.Take(
      {Say("8", "lumio", "Lamp stuk? Wij helpen."), Answer("9", "lumio", "Kom in DM.", "1", "1")});
  EXPECT_EQ(outcome.skipped, 2);
  EXPECT_EQ(outcome.turns, 0);
  EXPECT_THAT(Changes(house), ElementsAre("answered_by_brand"));
  EXPECT_TRUE(house.Records(Topic::kCases)[0]["answered_by_brand_at"].IsString());
}

TEST(Intake, BoostsLeaveNoTraceSoThatThePostItselfStillCounts) {
  CaseHouse house;
  Item boost = Say("1", "anna", "Lamp stuk.");
  boost.post.is_repost = true;
  EXPECT_EQ(house.Take({boost}).skipped, 1);
  EXPECT_EQ(house.Count("SELECT count(*) FROM seen"), 0);
  EXPECT_EQ(house.Take({Say("1", "anna", "Lamp stuk.")}).turns, 1);
}

TEST(Intake, PrivatePostsAreNeitherJudgedNorKept) {
  CaseHouse house;
  Item direct = Say("1", "anna", "Mijn adres is Dorpsstraat 1, lamp stuk.");
  direct.post.is_private = true;
  direct.reach.followers = 50'000;
  EXPECT_EQ(house.Take({direct}).skipped, 1);
  EXPECT_EQ(house.Take({direct}).duplicates, 1);
  EXPECT_THAT(house.judge.asked, IsEmpty());
  EXPECT_THAT(house.Records(), IsEmpty());
  EXPECT_THAT(house.FileBytes(), Not(HasSubstr("Dorpsstraat")));
}

TEST(Intake, JudgeLearnsOfEarlierCasesOfTheAuthor) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Say("2", "anna", "Kabel stuk."),
              Say("3", "bert", "Lamp stuk."), Say("4", "anna", "Fijn weer."),
              Answer("5", "anna", "Bestelnummer volgt.", "1", "1")});
  EXPECT_EQ(house.judge.asked[0].earlier_cases, 0);
  EXPECT_EQ(house.judge.asked[1].earlier_cases, 1);
  EXPECT_EQ(house.judge.asked[2].earlier_cases, 0);
  EXPECT_EQ(house.judge.asked[3].earlier_cases, 2);
  EXPECT_EQ(house.judge.asked[4].earlier_cases, 1);  // Not the one it joins.
}

TEST(Intake, NobodyIsForgottenHoweverManyComplain) {
  CaseHouse house;
  constexpr int kAuthors = 3'000;  // The filter of authors is made anew on the way.
  const auto post = [&](const std::string& id, const std::string& text) {
    std::vector<Item> items;
    for (int i = 0; i < kAuthors; ++i) {
      const std::string n = std::to_string(i);
      items.push_back(Say(id + n, "author" + n, text));
    }
    house.judge.asked.clear();
    house.Take(std::move(items));
    int with_cases = 0;
    for (const PostContext& context : house.judge.asked) with_cases += context.earlier_cases;
    return with_cases;
  };
  EXPECT_EQ(post("a", "Lamp stuk."), 0);
  EXPECT_EQ(post("b", "Fijn weer."), kAuthors);
  house.Reopen();
  EXPECT_EQ(post("c", "Fijn weer."), kAuthors);
}

TEST(Intake, PostAfterTheReleaseTellsTheAgentAndAskingAgainTakesANewTurn) {  // MR10
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk.")});
  house.Release();
  house.Take({Answer("2", "anna", "Foto erbij.", "1", "1")});
  EXPECT_EQ(house.queue->size(), 0u);
  house.Take({Say("3", "bert", "Kabel stuk."), Answer("4", "anna", "Weer stuk!", "1", "1"),
              Answer("5", "anna", "En nog eens stuk!", "1", "1")});
  EXPECT_THAT(house.Waiting(), ElementsAre("Kabel stuk.", "Lamp stuk."));
  EXPECT_THAT(Changes(house), ElementsAre("updated", "updated", "updated"));
  house.Release(2);
  const auto turns = house.Records(Topic::kQueue);
  EXPECT_EQ(turns[2].Header("case"), turns[0].Header("case"));
  EXPECT_EQ(turns[2].Header("turn"), "2");
  EXPECT_NE(turns[2].Header("ce_id"), turns[0].Header("ce_id"));
  EXPECT_EQ(turns[2]["posts"].size(), 4u);
}

TEST(Intake, DeletionWithdrawsTheTurnAndErasesTheText) {  // MR8
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Say("2", "bert", "Kabel stuk.")});
  EXPECT_EQ(house.Delete("1").deleted, 1);
  EXPECT_EQ(house.Delete("1").deleted, 0);
  EXPECT_EQ(house.Delete("unknown").deleted, 0);
  EXPECT_THAT(house.Waiting(), ElementsAre("Kabel stuk."));
  EXPECT_EQ(house.Count("SELECT count(*) FROM cases"), 1);
  EXPECT_THAT(house.Records(), IsEmpty());
}

TEST(Intake, DeletionKeepsTheTurnWhileAnotherPostAsks) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Answer("2", "anna", "Kap ook stuk.", "1", "1")});
  house.Delete("1");
  EXPECT_THAT(house.Waiting(), ElementsAre("Kap ook stuk."));
  house.Delete("2");
  EXPECT_THAT(house.Waiting(), IsEmpty());
}

TEST(Intake, DeletingWhatAskedForTheSecondTurnTakesOnlyThatBack) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk.")});
  house.Release();
  house.Take({Answer("2", "anna", "Weer stuk.", "1", "1")});
  house.Delete("2");
  EXPECT_EQ(house.queue->size(), 0u);
  house.Delete("1");
  EXPECT_THAT(Changes(house), ElementsAre("updated", "updated", "withdrawn"));
  const auto last = house.Records(Topic::kCases).back().row.value;
  EXPECT_THAT(last, Not(HasSubstr("anna")));
  EXPECT_THAT(last, Not(HasSubstr("posts")));
}

TEST(Intake, PostThatComesBackAfterItsDeletionIsJudgedAgain) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk.")});
  house.Delete("1");
  EXPECT_EQ(house.Take({Say("1", "anna", "Lamp stuk.")}).turns, 1);
}

TEST(Intake, RejectedItemIsToldOnce) {
  CaseHouse house;
  Page page;
  page.rejected.push_back({"7", "no author", "{\"id\": 7, \"x\": \"\xff\"}"});
  page.rejected.push_back({"", "not an object", std::string(9000, 'x')});
  EXPECT_EQ(house.Take(page).rejected, 2);
  EXPECT_EQ(house.Take(page).rejected, 0);
  const auto records = house.Records(Topic::kRejected);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].row.key, "forum");
  EXPECT_EQ(records[0]["reason"].Str(), "no author");
  EXPECT_EQ(records[1]["raw"].Str().size(), 4096u);
}

TEST(Intake, StateOfTheSourceIsStoredWithThePageAndAlone) {
  CaseHouse house;
  SourceState state;
  state.cursor = std::string("{\"v\":1,\"x\":\"\0\"}", 14);
  state.etag = "W/\"a\xff\"";
  state.url_hash = "01ab";
  state.moved_count = 3;
  state.posts_per_day = 12.25;
  state.last_success = kMorning;
  ASSERT_TRUE(SaveSourceState(*house.books, "forum", state).ok());
  house.Reopen();
  const SourceState back = LoadSourceState(*house.books, "forum");
  EXPECT_EQ(back.cursor, state.cursor);
  EXPECT_EQ(back.etag, state.etag);
  EXPECT_EQ(back.url_hash, state.url_hash);
  EXPECT_EQ(back.moved_count, 3);
  EXPECT_EQ(back.posts_per_day, 12.25);
  EXPECT_EQ(back.last_success, kMorning);
  Page page;
  page.next_cursor = "next";
  house.Take(page);
  EXPECT_EQ(LoadSourceState(*house.books, "forum").cursor, "next");
  EXPECT_EQ(LoadSourceState(*house.books, "never").cursor, "");
}

TEST(Intake, PostThatFeedsRepeatForMonthsIsNotForgotten) {
  CaseHouse house;
  const auto day = std::chrono::hours(24);
  house.Take({Say("1", "anna", "Lamp stuk.")});
  const auto first = house.Count("SELECT day FROM seen");
  house.now += 3 * day;
  house.Take({Say("1", "anna", "Lamp stuk.")});
  EXPECT_EQ(house.Count("SELECT day FROM seen"), first);  // No write for nothing.
  house.now += 5 * day;
  house.Take({Say("1", "anna", "Lamp stuk.")});
  EXPECT_EQ(house.Count("SELECT day FROM seen"), first + 8);
}

}  // namespace
}  // namespace webcare

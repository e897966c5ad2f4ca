// The starter packs against the day of a made-up brand. Day and packs have the same author, so the
// figures are flattering; they guard against getting worse, they prove nothing about real posts.
#include "tests/packs/day.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "tests/packs/labelled.h"
#include "tests/packs/load_packs.h"
#include "tests/packs/score.h"

namespace webcare {
namespace {

class DayOfTheBrand : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { posts_ = new std::vector<DayPost>(LoadDayPosts()); }
  static void TearDownTestSuite() {
    delete posts_;
    posts_ = nullptr;
  }

  Verdict Judge(const DayPost& day_post) const { return JudgeAs(day_post, day_post.post.text); }
  Verdict JudgeAs(const DayPost& day_post, std::string text) const {
    Post post = day_post.post;
    post.text = std::move(text);
    return rules_->Decide(post, DayContext(brand_, day_post));
  }
  bool IsOwn(const DayPost& day_post) const { return brand_.IsOwn(day_post.source, day_post.post); }
  // Over posts of that language ("" for all) that are not ours.
  Score ScoreOf(const std::string& label, const std::string& language, bool with_flooder) const {
    Score score;
    for (const DayPost& day_post : *posts_) {
      if (IsOwn(day_post) || (day_post.by_flooder && !with_flooder)) continue;
      if (!language.empty() && day_post.language != language) continue;
      score.Count(Gives(Judge(day_post), label), day_post.labels.contains(label));
    }
    return score;
  }

  static std::vector<DayPost>* posts_;
  const Brand brand_ = DayBrand();
  const std::shared_ptr<const RuleSet> rules_ = StarterPacks();
};
std::vector<DayPost>* DayOfTheBrand::posts_ = nullptr;

std::set<std::string> LabelsOf(const Verdict& verdict) {
  std::set<std::string> labels;
  for (const LabelScore& score : verdict.labels) labels.insert(score.label);
  return labels;
}

TEST_F(DayOfTheBrand, HasTheSizeItPromises) {
  EXPECT_GE(posts_->size(), 430u);
  std::set<std::string> texts;
  for (const DayPost& day_post : *posts_)
    EXPECT_TRUE(texts.insert(day_post.post.text).second) << day_post.post.native_id;
}

TEST_F(DayOfTheBrand, LabelsAreAsGoodAsTheyWere) {
  const std::map<std::string, double> floors = {
      {"complaint", 0.93}, {"question", 0.89}, {"suggestion", 0.94}, {"praise", 0.90}};
  for (const auto& [label, floor] : floors) {
    for (const char* language : {"nl", "en"})
      Print("day " + label + " " + language, ScoreOf(label, language, true));
    Print("day " + label + " without the flooder", ScoreOf(label, "", false));
    const Score all = ScoreOf(label, "", true);
    Print("day " + label, all);
    EXPECT_GE(all.F1(), floor) << label;
  }
}

TEST_F(DayOfTheBrand, FewPeopleWhoWaitAreOverlooked) {
  Score turns;
  for (const DayPost& day_post : *posts_)
    if (!IsOwn(day_post)) turns.Count(Judge(day_post).enters_queue, day_post.turn);
  Print("day turns", turns);
  EXPECT_GE(turns.Recall(), 0.93);
  EXPECT_GE(turns.Precision(), 0.95);
}

TEST_F(DayOfTheBrand, ReachIsNotedAndChangesNoLabel) {
  int loud = 0;
  for (const DayPost& day_post : *posts_) {
    const Verdict verdict = Judge(day_post);
    if (rules_->Annotate(day_post.post, verdict, day_post.reach).loud) {
      ++loud;
      EXPECT_GE(day_post.reach.followers.value_or(0), 50000) << day_post.post.native_id;
    }
  }
  EXPECT_EQ(loud, 2);
}

TEST_F(DayOfTheBrand, TheCelebrityIsJudgedLikeAnybodyAndNotedApart) {
  const auto celebrity = std::find_if(posts_->begin(), posts_->end(), [](const DayPost& day_post) {
    return day_post.post.author.handle == "fabiola@sterren.example";
  });
  ASSERT_NE(celebrity, posts_->end());
  const Verdict verdict = Judge(*celebrity);
  EXPECT_TRUE(Gives(verdict, "complaint"));
  EXPECT_TRUE(verdict.enters_queue);
  for (const RuleHit& hit : verdict.hits) EXPECT_EQ(hit.rule.find("loud"), std::string::npos);
  EXPECT_TRUE(rules_->Annotate(celebrity->post, verdict, celebrity->reach).loud);
}

// How the same letters may come: bytes that differ, words that do not.
std::string WithCombiningMarks(std::string text) {
  const std::map<std::string, std::string> decomposed = {
      {"é", "e\u0301"}, {"è", "e\u0300"}, {"ë", "e\u0308"}, {"ï", "i\u0308"}, {"ö", "o\u0308"},
      {"á", "a\u0301"}, {"ó", "o\u0301"}, {"ê", "e\u0302"}, {"É", "E\u0301"}, {"Á", "A\u0301"}};
  for (const auto& [from, to] : decomposed)
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  return text;
}

std::string WithoutAccents(std::string text) {
  text = WithCombiningMarks(std::move(text));
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool mark = text[at] == '\xCC' && at + 1 < text.size();  // U+0300 to U+033F.
    if (mark) ++at;
    if (!mark) out += text[at];
  }
  return out;
}

TEST_F(DayOfTheBrand, AccentsAndTheirBytesChangeNoLabel) {
  for (const DayPost& day_post : *posts_) {
    const auto labels = LabelsOf(Judge(day_post));
    EXPECT_EQ(LabelsOf(JudgeAs(day_post, WithCombiningMarks(day_post.post.text))), labels)
        << day_post.post.native_id;
    EXPECT_EQ(LabelsOf(JudgeAs(day_post, WithoutAccents(day_post.post.text))), labels)
        << day_post.post.native_id;
  }
}

TEST(StarterPacks, NameNoBrandOfTheDay) {
  for (const std::string& text : PackTexts())
    for (const char* name : {"brontij", "warmtebol", "pijlpost", "hoppestroom"})
      EXPECT_EQ(text.find(name), std::string::npos) << name;
}

}  // namespace
}  // namespace webcare

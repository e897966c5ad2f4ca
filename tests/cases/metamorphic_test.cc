// The metamorphic relations of delivery.md 1.3 that need posts and not only places: two histories through
// the whole intake that differ in one thing, and what that may change.
#include <gmock/gmock.h>

#include <random>

#include "tests/cases/case_house.h"

namespace webcare {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Posts of eight authors at two sources, some in threads, with their reach.
std::vector<std::pair<std::string, Item>> RandomPosts(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::pair<std::string, Item>> posts;
  for (int i = 0; i < 60; ++i) {
    const std::string source = random() % 2 == 0 ? "forum" : "reviews";
    const std::string author = "author" + std::to_string(random() % 8);
    const bool asks = random() % 3 != 0;
    Item item =
        Say(std::to_string(i), author, "Bericht " + std::to_string(i) + (asks ? " stuk" : ""));
    if (random() % 3 == 0) item.post.root_id = item.post.parent_id = std::to_string(random() % 5);
    item.reach.followers = static_cast<std::int64_t>(random() % 20'000);
    item.reach.verified = random() % 2 == 0;
    posts.emplace_back(source, item);
  }
  return posts;
}

// Queue records, with a release after every third post and the rest at the end.
std::vector<std::string> ReleasedTurns(const std::vector<std::pair<std::string, Item>>& posts) {
  CaseHouse house;
  int n = 0;
  for (const auto& [source, item] : posts) {
    house.Take({item}, source);
    if (++n % 3 == 0) house.Release();
  }
  house.Release(1000);
  std::vector<std::string> values;
  for (const Record& record : house.Records(Topic::kQueue)) values.push_back(record.row.value);
  return values;
}

TEST(Metamorphic, Mr1Mr2ReachChangesNotAByteOfTheQueue) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    auto posts = RandomPosts(seed);
    const auto before = ReleasedTurns(posts);
    ASSERT_GT(before.size(), 10u);
    for (auto& [source, item] : posts) {
      item.reach.followers = *item.reach.followers * 1000;
      item.reach.verified = !item.reach.verified;
      item.reach.likes = 123'456;
    }
    EXPECT_EQ(ReleasedTurns(posts), before);
    for (auto& [source, item] : posts) item.reach = {};
    EXPECT_EQ(ReleasedTurns(posts), before);
  }
}

TEST(Metamorphic, Mr3RenamingAuthorsRenamesTheOrder) {
  const auto texts = [](const std::vector<std::string>& values) {
    std::vector<std::string> out;
    for (const std::string& value : values) {
      out.emplace_back(JsonDocument::Parse(value)->root()["posts"].at(0)["text"].Str());
    }
    return out;
  };
  for (const unsigned seed : {4u, 5u, 6u}) {
    auto posts = RandomPosts(seed);
    const auto before = texts(ReleasedTurns(posts));
    for (auto& [source, item] : posts) {
      std::string& id = item.post.author.id;
      id = std::string(1, static_cast<char>('z' - id.back() + '0')) + "x";
      item.post.author.handle = item.post.author.name = id;
    }
    EXPECT_EQ(texts(ReleasedTurns(posts)), before);
  }
}

TEST(Metamorphic, Mr5SameWordsOfTheSameAuthorJoinTheWaitingCase) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Mijn lamp is stuk!"), Say("2", "bert", "Mijn lamp is stuk!"),
              Say("3", "anna", "mijn LAMP is stuk https://a.example/?x=1"),
              Say("4", "anna", "Mijn lamp is stuk, 2e keer.")});
  EXPECT_THAT(house.Waiting(), ElementsAre("Mijn lamp is stuk!", "Mijn lamp is stuk!",
                                           "Mijn lamp is stuk, 2e keer."));
  house.Release();
  const auto record = std::move(house.Records(Topic::kQueue)[0]);
  EXPECT_EQ(record["repeats"].Int(), 1);
  EXPECT_EQ(record["posts"].size(), 2u);
  EXPECT_EQ(record["posts"].at(1)["repeat"].Bool(), true);
  // After the release the same words are a new matter, at the author's end of the line.
  house.Take({Say("5", "anna", "Mijn lamp is stuk!")});
  EXPECT_EQ(house.Waiting().size(), 3u);
  EXPECT_EQ(house.Count("SELECT count(*) FROM cases"), 4);
}

TEST(Metamorphic, Mr5WordsOfEveryAskingPostCountAsTheyStandNow) {
  CaseHouse house;
  const auto waiting = [&](const std::string& id, const std::string& text) {
    house.Take({Say(id, "anna", text)});
    return house.Waiting().size();
  };
  house.Take({Say("1", "anna", "Lamp stuk."), Answer("2", "anna", "Kap stuk.", "1", "1"),
              Answer("3", "anna", "Groen.", "1", "1"), Say("4", "bert", "Lamp stuk.")});
  EXPECT_EQ(waiting("5", "KAP stuk!"), 2u);  // Said by the second post of the case.
  house.Take({Say("1", "anna", "Snoer stuk.")});
  EXPECT_EQ(waiting("6", "Snoer stuk"), 2u);
  EXPECT_EQ(waiting("7", "Lamp stuk"), 3u);  // Nobody says that any more.
  EXPECT_EQ(waiting("8", "Lamp stuk"), 3u);
  house.Take({Say("8", "anna", "Lamp ook stuk.")});  // Post 7 still says what both said.
  EXPECT_EQ(waiting("12", "Lamp stuk"), 3u);
  house.Take({Say("8", "anna", "Lamp stuk.")});
  house.Delete("7");  // Posts 8 and 12 still say it.
  EXPECT_EQ(waiting("9", "Lamp stuk"), 3u);
  house.Take({Say("2", "anna", "Kap is prima.")});
  house.Delete("5");
  EXPECT_EQ(waiting("10", "Kap stuk."), 4u);
  house.Delete("10");
  EXPECT_EQ(waiting("11", "Kap stuk."), 4u);  // In the place of 10, as a case of its own.
  house.Take({Answer("13", "anna", "Doos stuk.", "11", "11")});
  house.Delete("11");
  EXPECT_EQ(waiting("14", "Kap stuk."), 5u);
}

TEST(Metamorphic, Mr7EditKeepsThePlaceAndTurningIntoAComplaintComesNow) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Say("2", "bert", "Mooi weer."),
              Say("3", "carla", "Kabel stuk.")});
  house.Take({Say("1", "anna", "Lamp helemaal stuk."), Say("2", "bert", "Nu ook stuk.")});
  EXPECT_THAT(house.Waiting(), ElementsAre("Lamp helemaal stuk.", "Kabel stuk.", "Nu ook stuk."));
  house.Take({Say("1", "anna", "Laat maar, doet het weer.")});
  EXPECT_THAT(house.Waiting(), ElementsAre("Kabel stuk.", "Nu ook stuk."));
  house.Take({Say("1", "anna", "Toch weer stuk.")});  // The place had not come up yet.
  EXPECT_THAT(house.Waiting(), ElementsAre("Toch weer stuk.", "Kabel stuk.", "Nu ook stuk."));
}

TEST(Metamorphic, Mr7EditOfAReleasedCaseIsTold) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk.")});
  house.Release();
  house.Take({Say("1", "anna", "Lamp stuk en nu ook de kap.")});
  house.Take({Say("1", "anna", "Opgelost, dank.")});
  const auto records = house.Records(Topic::kCases);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0]["change"].Str(), "edited");
  EXPECT_THAT(records[0].row.value, HasSubstr("ook de kap"));
  EXPECT_EQ(records[1]["change"].Str(), "withdrawn");
  EXPECT_EQ(house.queue->size(), 0u);
}

TEST(Metamorphic, Mr8DeletingAndPostingAgainGainsAndLosesNothing) {
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Say("2", "bert", "Kabel stuk."),
              Say("3", "carla", "Snoer stuk.")});
  house.Delete("2");
  house.Take({Say("4", "bert", "Kabel echt stuk.")});
  EXPECT_THAT(house.Waiting(), ElementsAre("Lamp stuk.", "Kabel echt stuk.", "Snoer stuk."));
  house.Delete("4");
  house.Release(2);
  house.Take({Say("5", "dirk", "Stekker stuk."), Say("6", "bert", "Kabel stuk, zei ik.")});
  EXPECT_THAT(house.Waiting(), ElementsAre("Stekker stuk.", "Kabel stuk, zei ik."));
}

TEST(Metamorphic, SplittingAComplaintInManyPostsGainsNothing) {  // MR4
  CaseHouse house;
  house.Take({Say("1", "anna", "Lamp stuk."), Say("2", "bert", "Kabel stuk."),
              Say("3", "bert", "Snoer stuk."), Say("4", "bert", "Kap stuk."),
              Say("5", "carla", "Stekker stuk.")});
  EXPECT_THAT(house.Waiting(), ElementsAre("Lamp stuk.", "Kabel stuk.", "Stekker stuk.",
                                           "Snoer stuk.", "Kap stuk."));
}

}  // namespace
}  // namespace webcare

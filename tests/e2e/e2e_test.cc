// One day of posts through the whole chain: webcare-feeds, webcared, a real Kafka, an agent.
//
// Four houses live through the same day. Two take all of it in before Kafka has their topics, so that the
// order of release is a function of the posts alone; they differ in one number, a celebrity's followers. In
// the third, agents take turns while posts come in. The fourth is killed twenty times, and the broker once.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "rules/rule_set.h"
#include "tests/e2e/day_story.h"
#include "tests/e2e/house.h"
#include "tests/e2e/queue_log.h"
#include "tests/packs/day.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;

const char* const kDay = WEBCARE_SOURCE_DIR "/tests/feeds/day";
constexpr std::string_view kCelebrity = "Fabiola Zeldenrust";
constexpr const char* kFlooder = "Rob houdt vol";
constexpr int kKillsOfIntake = 8;
constexpr int kKillsOfRelease = 12;

// When the house looks at its feeds. At first so often that no two sources have their first turn at the same
// look, because the ring of sources would remember which was polled first. No feed shows more new posts
// between two looks than its window holds. `recheck`: edits and deletions have happened since.
struct LookAt {
  const char* time;
  bool recheck = false;
};
constexpr LookAt kLooks[] = {{"06:05:00"}, {"06:12:00"},       {"06:20:00"}, {"06:28:00"},
                             {"06:40:00"}, {"07:30:00"},       {"08:30:00"}, {"09:30:00"},
                             {"10:20:00"}, {"11:00:00"},       {"11:40:00"}, {"12:32:00", true},
                             {"13:04:30"}, {"13:05:30", true}, {"14:10:00"}, {"14:21:30"},
                             {"16:00:00"}, {"18:00:00"},       {"20:00:00"}};
constexpr std::size_t kLooksBeforeAgents = 9;

WallTime TimeOf(const LookAt& look) {
  return *ReadFeedTime("2026-06-03T" + std::string(look.time) + "Z");
}

// The day with another loudness of the celebrity: followers, likes and shares.
std::string DayWith(const TempDir& directory, std::int64_t reach) {
  const std::string copy = directory.File("day-" + std::to_string(reach));
  std::filesystem::copy(kDay, copy);
  const std::string path = copy + "/mastodon-brand.jsonl";
  std::istringstream lines(ReadWhole(path));
  std::string text;
  int changed = 0;
  for (std::string line; std::getline(lines, line); text += line + "\n") {
    if (line.find("\"handle\":\"fabiola@sterren.example\"") == std::string::npos) continue;
    for (const std::string key : {"\"followers\":", "\"likes\":", "\"shares\":"}) {
      const std::size_t at = line.find(key) + key.size();
      if (line.find(key) == std::string::npos) continue;
      line.replace(at, line.find_first_not_of("0123456789", at) - at, std::to_string(reach));
      ++changed;
    }
  }
  if (changed < 3) throw std::runtime_error("the celebrity is not where she was");
  WriteWhole(path, text);
  return copy;
}

struct Outcome {
  std::vector<QueuedTurn> log;
  std::vector<SeenRecord> queue;
  std::vector<SeenRecord> voices;
  std::vector<SeenRecord> cases;    // Changes agents are told of.
  std::vector<std::int64_t> taken;  // Turns released by the end of each look.
  int exit_code = -1;
};

void Finish(House& house, Outcome& outcome) {
  outcome.exit_code = house.StopDaemon();
  outcome.queue = house.Read("queue");
  outcome.voices = house.Read("voices");
  outcome.cases = house.Read("cases");
  outcome.log = ReadQueueLog(outcome.queue);
}

void LookAndRecheck(House& house, const LookAt& look, const std::function<void()>& disturb = {}) {
  house.Look(TimeOf(look), disturb);
  if (look.recheck) house.Recheck();
}

// All of the day first, then its turns.
Outcome QuietDay(const HousePlan& plan) {
  House house(plan);
  for (const LookAt& look : kLooks) LookAndRecheck(house, look);
  house.MakeTopics();
  house.TakeUntilIdle();
  Outcome outcome;
  Finish(house, outcome);
  return outcome;
}

// From the tenth look on agents take turns after each; between, the window is full and nothing is released.
// In the end the flooder asks to be forgotten.
Outcome BusyDay(const HousePlan& plan) {
  House house(plan);
  Outcome outcome;
  for (std::size_t i = 0; i < std::size(kLooks); ++i) {
    LookAndRecheck(house, kLooks[i]);
    if (i + 1 == kLooksBeforeAgents) house.MakeTopics();
    if (i + 1 > kLooksBeforeAgents) house.Take(10);
    if (i + 1 >= kLooksBeforeAgents) house.AwaitFullWindow();
    outcome.taken.push_back(i + 1 < kLooksBeforeAgents ? 0 : house.taken() + plan.window);
  }
  house.TakeUntilIdle();
  house.Ctl(
      {"erase", "author", TurnOf(ReadQueueLog(house.Read("queue")), kFlooder)->case_id, "--yes"});
  house.TakeUntilIdle();
  Finish(house, outcome);
  return outcome;
}

// The day with kill -9, in two halves: the intake can be crashed while other houses use Kafka, the release
// needs Kafka for itself, since the broker goes down as well.
class CrashedDay {
 public:
  CrashedDay(const HousePlan& plan, unsigned seed) : house_(plan), random_(seed) {}

  void TakeIn() {
    std::vector<std::size_t> looks(std::size(kLooks));
    for (std::size_t i = 0; i < looks.size(); ++i) looks[i] = i;
    std::shuffle(looks.begin(), looks.end(), random_);
    const std::set<std::size_t> crashed(looks.begin(), looks.begin() + kKillsOfIntake);
    for (std::size_t i = 0; i < std::size(kLooks); ++i) {
      if (crashed.contains(i))
        LookAndRecheck(house_, kLooks[i], [this] { KillAfter(0ms, 1200ms); });
      else
        LookAndRecheck(house_, kLooks[i]);
    }
  }

  Outcome Release(RealKafka& kafka) {
    house_.MakeTopics();
    auto agent = std::async(std::launch::async, [this] { house_.TakeUntilIdle(); });
    for (int kill = 0; kill < kKillsOfRelease; ++kill) {
      // Every other time in full flow, else while the daemon may still be coming to terms with Kafka.
      if (kill % 2 == 0) house_.AwaitMoreTaken();
      KillAfter(0ms, kill % 2 == 0 ? 1500ms : 4000ms);
      if (kill != kKillsOfRelease / 2) continue;
      kafka.Stop(true);
      kafka.Start();
    }
    const bool too_late = agent.wait_for(0s) == std::future_status::ready;
    agent.get();
    if (too_late) throw std::runtime_error("all turns were taken before the last kill");
    Outcome outcome;
    Finish(house_, outcome);
    return outcome;
  }

 private:
  void KillAfter(std::chrono::milliseconds least, std::chrono::milliseconds most) {
    std::uniform_int_distribution<std::int64_t> when(least.count(), most.count());
    std::this_thread::sleep_for(std::chrono::milliseconds(when(random_)));
    house_.KillDaemon();
    house_.StartDaemon();
  }

  House house_;
  std::mt19937 random_;
};

// What should come of it.
struct Truth {
  FeedDay day;
  std::shared_ptr<const RuleSet> rules;
  Brand brand{{"Brontij"},
              {{"*", "brontij@social.example"},
               {"forum", "Brontij Team"},
               {"blog-comments", "Redactie Brontij"}},
              {"brontij.example"}};

  Truth() : day(*LoadFeedDay(kDay)) {
    Diagnostics diagnostics;
    rules = LoadRules(WEBCARE_SOURCE_DIR "/rules/packs", diagnostics);
    if (!rules) throw std::runtime_error(diagnostics.ToText());
  }
  DayStory Tell() const { return DayStory(day, brand, *rules); }
};

void LookAndRecheck(DayStory& story, const LookAt& look) {
  story.Look(TimeOf(look));
  if (look.recheck) story.Recheck(TimeOf(look));
}

// The four days, lived through once for all tests.
class WholeDay : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    kafka_ = RealKafka::Get(&why_);
    if (kafka_ == nullptr) return;
    try {
      Live();
    } catch (const std::exception& error) {
      broken_ = error.what();
    }
  }
  static void TearDownTestSuite() { days_.reset(); }

  static void Live() {
    days_ = std::make_unique<Days>();
    DayStory& story = days_->story;
    for (const LookAt& look : kLooks) LookAndRecheck(story, look);
    while (story.Release()) {
    }
    const TempDir data;
    const auto plan = [&](const char* name, const std::string& day, int window) {
      return HousePlan{name, kafka_->bootstrap(), day, window};
    };
    const char* const wanted = std::getenv("WEBCARE_TEST_SEED");
    const unsigned seed =
        wanted == nullptr ? std::random_device{}() : static_cast<unsigned>(std::stoul(wanted));
    std::printf("WEBCARE_TEST_SEED=%u\n", seed);
    std::fflush(stdout);
    const auto go = [](auto work) { return std::async(std::launch::async, work); };
    auto unknown = go([&] { return QuietDay(plan("unknown", DayWith(data, 0), 64)); });
    auto famous = go([&] { return QuietDay(plan("famous", DayWith(data, 9'000'000), 32)); });
    auto busy = go([&] { return BusyDay(plan("busy", kDay, 8)); });
    days_->crashed = std::make_unique<CrashedDay>(plan("crashed", kDay, 8), seed);
    days_->crashed->TakeIn();
    days_->unknown = unknown.get();
    days_->famous = famous.get();
    days_->busy = busy.get();
  }

  void SetUp() override {
    if (kafka_ == nullptr) GTEST_SKIP() << "SKIPPED: real Kafka not available: " << why_;
    ASSERT_EQ(broken_, "");
  }

  struct Days {
    Truth truth;
    DayStory story = truth.Tell();
    Outcome unknown;
    Outcome famous;
    Outcome busy;
    std::unique_ptr<CrashedDay> crashed;  // Its turns still wait.
  };
  static inline RealKafka* kafka_ = nullptr;
  static inline std::string why_;
  static inline std::string broken_;
  static inline std::unique_ptr<Days> days_;
};

// What one list has and the other has not, then where their order first differs; "" when they are equal.
std::string Difference(const std::vector<ToldTurn>& is, const std::vector<ToldTurn>& should) {
  const std::multiset<ToldTurn> is_set(is.begin(), is.end());
  const std::multiset<ToldTurn> should_set(should.begin(), should.end());
  std::string text;
  for (const ToldTurn& turn : is)
    if (is_set.count(turn) > should_set.count(turn)) text += "too much: " + ToString(turn) + "\n";
  for (const ToldTurn& turn : should)
    if (should_set.count(turn) > is_set.count(turn)) text += "missing: " + ToString(turn) + "\n";
  const std::size_t both = std::min(is.size(), should.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (is[i] == should[i]) continue;
    return text + "number " + std::to_string(i + 1) + " is " + ToString(is[i]) + ", should be " +
           ToString(should[i]);
  }
  return text;
}

std::vector<ToldTurn> Sorted(std::vector<ToldTurn> turns) {
  std::sort(turns.begin(), turns.end());
  return turns;
}

std::vector<SeenRecord> VoicesOf(const Outcome& day, const std::string& case_id) {
  std::vector<SeenRecord> voices;
  for (const SeenRecord& record : day.voices)
    if (record.key == case_id) voices.push_back(record);
  return voices;
}

TEST_F(WholeDay, EveryComplaintAndQuestionLeavesExactlyOnce) {
  for (const Outcome* day : {&days_->unknown, &days_->famous}) {
    ExpectExactlyOnce(day->log);
    EXPECT_EQ(Difference(Sorted(ToldOf(day->log)), Sorted(days_->story.released())), "");
    EXPECT_EQ(day->exit_code, 0);
  }
}

TEST_F(WholeDay, TheOrderIsThatOfAnIndependentSlowScheduler) {
  EXPECT_EQ(Difference(ToldOf(days_->unknown.log), days_->story.released()), "");
  EXPECT_EQ(Difference(ToldOf(days_->famous.log), days_->story.released()), "");
}

TEST_F(WholeDay, NineMillionFollowersMoveNobody) {
  std::vector<std::string> unknown;
  std::vector<std::string> famous;
  for (const QueuedTurn& turn : days_->unknown.log) unknown.push_back(turn.event_id);
  for (const QueuedTurn& turn : days_->famous.log) famous.push_back(turn.event_id);
  EXPECT_EQ(unknown, famous);
  ASSERT_NE(TurnOf(days_->famous.log, kCelebrity), nullptr);
  std::printf("the celebrity is number %lld of %zu\n",
              static_cast<long long>(TurnOf(days_->famous.log, kCelebrity)->release),
              famous.size());
}

TEST_F(WholeDay, NoQueueRecordTellsOfReach) {
  for (const Outcome* day : {&days_->unknown, &days_->famous, &days_->busy}) {
    for (const SeenRecord& record : day->queue) {
      for (const char* word : {"\"followers\"", "\"reach\"", "\"verified\"", "\"loud", "9000000"})
        EXPECT_EQ(record.value.find(word), std::string::npos) << word;
    }
  }
}

TEST_F(WholeDay, ALoudVoiceIsToldOfAfterItsTurn) {
  const QueuedTurn* const turn = TurnOf(days_->famous.log, kCelebrity);
  ASSERT_NE(turn, nullptr);
  const auto voices = VoicesOf(days_->famous, turn->case_id);
  ASSERT_EQ(voices.size(), 1u);
  EXPECT_GT(std::stoll(voices[0].Header("seq")), turn->seq);
  EXPECT_NE(voices[0].value.find("9000000"), std::string::npos);
  EXPECT_TRUE(VoicesOf(days_->unknown, turn->case_id).empty());
}

TEST_F(WholeDay, TheFlooderPassesNobodyTwice) {
  for (const Outcome* day : {&days_->unknown, &days_->famous, &days_->busy}) {
    const auto turns = std::count_if(day->log.begin(), day->log.end(),
                                     [](const auto& turn) { return turn.told.author == kFlooder; });
    EXPECT_GE(turns, 50);
    EXPECT_EQ(MostTimesPassed(day->log, kFlooder), 1);
  }
}

TEST_F(WholeDay, AgentsWhoTakeWhilePostsComeInGetTheFairOrder) {
  const std::vector<QueuedTurn>& log = days_->busy.log;
  ExpectExactlyOnce(log);
  DayStory story = days_->truth.Tell();
  std::size_t next = 0;
  for (std::size_t i = 0; i <= std::size(kLooks); ++i) {
    const std::size_t end = i < std::size(kLooks) ? days_->busy.taken[i] : log.size();
    if (i < std::size(kLooks)) LookAndRecheck(story, kLooks[i]);
    for (; next < std::min(end, log.size()); ++next)
      EXPECT_TRUE(story.ReleaseThat(log[next].told.source, log[next].told.posts.front()));
  }
  EXPECT_FALSE(story.Release()) << "a turn was never released";
  EXPECT_EQ(Difference(ToldOf(log), story.released()), "");
  std::vector<std::int64_t> order;
  for (const QueuedTurn& turn : log) order.push_back(turn.arrived);
  EXPECT_EQ(order, ReplayTicks(log, story.withdrawn()));
}

TEST_F(WholeDay, OfHimWhoIsForgottenAgentsGetATombstoneForEachCase) {
  for (const QueuedTurn& turn : days_->busy.log) {
    const bool forgotten = turn.told.author == kFlooder;
    const auto& cases = days_->busy.cases;
    const auto newest = std::find_if(cases.rbegin(), cases.rend(), [&](const SeenRecord& record) {
      return record.key == turn.case_id;
    });
    EXPECT_EQ(newest != cases.rend() && newest->tombstone, forgotten) << ToString(turn.told);
  }
}

TEST_F(WholeDay, TwentyKillsAndABrokerCrashChangeNothing) {
  const Outcome crashed = days_->crashed->Release(*kafka_);
  ExpectExactlyOnce(crashed.log);
  EXPECT_EQ(Difference(ToldOf(crashed.log), ToldOf(days_->famous.log)), "");
  EXPECT_EQ(crashed.exit_code, 0);
}

// Not a test of the chain: how much of what a careful person would hand to agents the rules found.
TEST_F(WholeDay, ShowsWhatTheRulesMissed) {
  std::set<std::pair<std::string, std::string>> queued;
  for (const QueuedTurn& turn : days_->famous.log)
    for (const std::string& post : turn.told.posts) queued.emplace(turn.told.source, post);
  int wanted = 0;
  int found = 0;
  for (const DayPost& post : LoadDayPosts()) {
    if (!post.turn) continue;
    ++wanted;
    found += queued.contains({post.source, post.post.native_id}) ? 1 : 0;
  }
  ASSERT_GT(wanted, 0);
  std::printf("turns: %zu; %d of %d posts that deserve one (%.1f %%) reached the agents\n",
              days_->famous.log.size(), found, wanted, 100.0 * found / wanted);
}

}  // namespace
}  // namespace webcare

// The engine against the obvious judge, on generated rules and posts: an index that loses matches is the
// bug that users of every fast matcher report.
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "tests/rules/reference_judge.h"
#include "tests/rules/rule_testing.h"

namespace webcare {
namespace {

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string Rules() {
    std::string rules;
    const int count = 3 + Below(25);
    for (int i = 0; i < count; ++i) {
      std::string rule = "  - {id: r" + std::to_string(i) + ", label: " + Pick({"a", "b", "c"}) +
                         ", weight: " + Pick({"1", "0.5", "2", "-1"}) + ", when: " + Condition(0);
      if (Chance(4)) rule += ", scope: clause";
      if (Chance(4))
        rule += ", negated: drop";
      else if (Chance(4))
        rule += ", negated: {label: " + Pick({"a", "b"}) + ", weight: 1}";
      if (Chance(5)) rule += ", language: " + Pick({"nl", "en", "[nl, en]"});
      if (Chance(12)) rule += ", status: off";
      rules += rule + "}\n";
    }
    // Labels may be looked at by rules of d only: no circles.
    rules += "  - {id: d1, label: d, weight: 1, when: {label: " + Pick({"a", "b", "c"}) +
             ", none: [" + Condition(2) + "]}}\n";
    rules += "  - {id: d2, label: d, weight: 1, when: {use: named}}\n";
    rules += "  - {id: d3, label: d, weight: 1, when: {phrase: al $days}}\n";
    return "version: 1\nlabels:\n  d: {threshold: 1, queue: false, team: last}\n"
           "  a: {threshold: 1, queue: true, team: first}\n  b: {threshold: 1.5, queue: false}\n"
           "  c: {threshold: 1, queue: true}\nlists:\n  days: [dag, dagen, wek*]\n"
           "conditions:\n  named: " +
           Condition(1) + "\nrules:\n" +
           "  - {id: qa, label: a, weight: 1, when: {word: qqa}}\n"
           "  - {id: qb, label: b, weight: 2, when: {word: qqb}}\n"
           "  - {id: qc, label: c, weight: 1, when: {word: qqc}}\n" +
           rules + "...\n";
  }

  std::string Text() {
    std::string text;
    const int words = Below(30);
    for (int i = 0; i < words; ++i) {
      text += Disguised(
          Chance(6) ? Pick({"@anna", "https://a.example/dag", "#SlechteDag", "👎🏽", "👏👏", "3x",
                            "twee", "kheb", "ff", "neeee", "dag's", "m'n", "a@b.nl", "#", "ﬁets"})
                    : Word());
      text +=
          Chance(5) ? Pick({". ", ", ", "! ", "? ", "\n", "… ", "; ", ".", "-"}) : std::string(" ");
    }
    return text;
  }

  Post Any() {
    Post post = PostOf(Text(), Pick({"", "nl", "en", "de"}));
    if (Chance(2)) post.rating = Rating{static_cast<double>(1 + Below(5)), 5};
    post.kind = Chance(2) ? PostKind::kReview : PostKind::kPost;
    return post;
  }

  bool Chance(int one_in) { return Below(one_in) == 0; }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  std::string Pick(const std::vector<std::string>& from) {
    return from[static_cast<std::size_t>(Below(static_cast<int>(from.size())))];
  }
  std::string Word() {
    return Pick({"dag",    "dagen",   "weken", "niet",  "geen",
                 "goed",   "te",      "laat",  "maar",  "het",
                 "ik",     "heb",     "al",    "kapot", "internetstoring",
                 "slecht", "service", "even",  "the",   "not",
                 "nee",    "alleen",  "één"});
  }
  std::string Disguised(std::string word) {
    if (Chance(8))
      for (char& c : word)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (Chance(10) && word[0] >= 'a' && word[0] <= 'z') word.insert(1, 3, word[0]);
    if (Chance(10) && word[0] == 'e') word.insert(1, "\u0301");
    return word;
  }
  std::string Term() {
    if (Chance(6))
      return Pick({"dag*", "\"*storing\"", "\"*stor*\"", "sle*", "\"*cht\"", "👎", "\"#slechtedag\"",
                   "<number>", "<mention>", "<link>"});
    return Word();
  }
  static std::string Bare(std::string term) {
    std::erase(term, '"');
    return term;
  }
  std::string Phrase() {
    std::string phrase = Bare(Term());
    const int more = 1 + Below(3);
    for (int i = 0; i < more; ++i) {
      if (Chance(4)) phrase += " *";
      if (Chance(4)) phrase += " " + Word() + "?";
      phrase += " " + Bare(Term());
      if (Chance(3)) phrase += "|" + Bare(Term());
    }
    return "\"" + phrase + "\"";
  }
  std::string List(bool phrases) {
    std::string list = "[";
    const int count = 1 + Below(4);
    for (int i = 0; i < count; ++i)
      list += (i ? ", " : "") + (phrases && Chance(2) ? Phrase() : Term());
    return list + "]";
  }
  std::string Condition(int depth) {
    const int kind = Below(depth > 2 ? 7 : 11);
    switch (kind) {
      case 0:
      case 1:
        return "{word: " + List(false) + "}";
      case 2:
      case 3:
        return "{phrase: " + List(true) + "}";
      case 4:
        return "{begins: " + List(true) + "}";
      case 5:
        return "{near: {left: " + List(true) + ", right: " + List(true) +
               ", within: " + std::to_string(Below(4)) + ", ordered: " + Pick({"true", "false"}) +
               ", scope: " + Pick({"clause", "post"}) + "}}";
      case 6:
        return Pick({"{regex: 'dag(en)?'}", "{regex: '\\bte +laat'}", "{regex: '[0-9]+'}",
                     "{regex: 'l.{2}t'}", "{regex: '[!?]'}"});
      case 7:
        return "{word: " + List(false) + ", " +
               Pick({"rating: {at_most: 2}", "thread: {reply: true}",
                     "feature: {words: {at_least: 5}}", "feature: {elongated: true}",
                     "source: [s, t]", "kind: [review]"}) +
               "}";
      case 8:
        if (Chance(2))  // Can hold although no word of it stands in the text.
          return "{any: [" + Condition(depth + 1) + ", " +
                 Pick({"{thread: {reply: true}}", "{rating: {at_most: 2}}", "{kind: [review]}"}) +
                 "]}";
        return "{any: [" + Condition(depth + 1) + ", " + Condition(depth + 1) + "]}";
      case 9:
        return "{all: [" + Condition(depth + 1) + ", " + Condition(depth + 1) + "]}";
      default:
        return "{all: [" + Condition(depth + 1) + "], none: [" + Condition(depth + 1) + "]}";
    }
  }

  std::mt19937 random_;
};

std::string Show(const Verdict& verdict) {
  std::ostringstream out;
  out << verdict.language << " team " << verdict.team << " queue " << verdict.enters_queue << "\n";
  for (const LabelScore& label : verdict.labels) out << label.label << " " << label.score << "\n";
  for (const RuleHit& hit : verdict.hits) {
    out << hit.rule << " " << hit.label << " " << hit.weight;
    for (const Span& span : hit.spans) out << " [" << span.begin << "," << span.end << ")";
    out << "\n";
  }
  return out.str();
}

TEST(Engine, AgreesWithTheObviousJudge) {
  std::size_t hits = 0;
  std::size_t labels = 0;
  for (unsigned seed = 1; seed <= 100; ++seed) {
    Generator generator(seed);
    const std::string text = generator.Rules();
    const auto rules = Load(text);
    ASSERT_TRUE(rules);
    ReferenceJudge reference(text);
    for (int i = 0; i < 15; ++i) {
      const Post post = generator.Any();
      const PostContext context{.source = "s", .source_type = "x", .is_reply = generator.Chance(2)};
      const Verdict verdict = rules->Decide(post, context);
      ASSERT_EQ(Show(verdict), Show(reference.Decide(post, context))) << "seed " << seed << "\n"
                                                                      << text << "\n"
                                                                      << post.text;
      hits += verdict.hits.size();
      labels += verdict.labels.size();
    }
  }
  // The generator makes posts that rules speak about.
  EXPECT_GT(hits, 3'000u);
  EXPECT_GT(labels, 1'000u);
}

TEST(Engine, RemembersNothingOfTheLastPost) {
  Generator generator(7);
  const auto rules = Load(generator.Rules());
  std::vector<Post> posts;
  std::vector<std::string> first;
  for (int i = 0; i < 50; ++i) {
    posts.push_back(generator.Any());
    first.push_back(Show(rules->Decide(posts.back(), {})));
  }
  for (std::size_t i = posts.size(); i-- > 0;)
    EXPECT_EQ(Show(rules->Decide(posts[i], {})), first[i]);
}

}  // namespace
}  // namespace webcare

// How many posts a second the rules judge, beside a loop of RE2 and RE2::Set over the same rules and
// posts in the same run. Quote the ratios, not the figures: those belong to the machine.
//
//   rules_bench [posts]      default 20000
//
// Words come from a generator with a constant seed; ranks follow Zipf's law. Rules are words, phrases of
// two, alternations, two words near each other and stems over less frequent words, so that a post meets
// about two rules. Every engine sees every post once, cold: a lazy DFA that has seen the posts is faster.
#include <re2/re2.h>
#include <re2/set.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "rules/rule_set.h"
#include "rules/text/analysis.h"

namespace webcare {
namespace {

constexpr std::size_t kWords = 60'000;
// The most frequent words of any text are function words; they also tell its language.
constexpr const char* kFrequent[] = {"de",  "het", "een", "en",   "van",  "ik",   "niet",
                                     "dat", "is",  "op",  "te",   "je",   "maar", "voor",
                                     "dit", "ook", "nog", "naar", "mijn", "er"};
constexpr std::size_t kPostBytes = 268;  // Mean of Mastodon's, performance.md.

struct Rule {
  std::string when;   // Ours.
  std::string regex;  // The same for RE2.
};

class Corpus {
 public:
  Corpus() {
    for (std::size_t rank = 1; rank <= kWords; ++rank) {
      words_.push_back(rank <= std::size(kFrequent) ? kFrequent[rank - 1] : NewWord(rank));
      weights_.push_back(1 / static_cast<double>(rank));
    }
  }

  std::vector<std::string> Posts(std::size_t count) {
    std::discrete_distribution<std::size_t> zipf(weights_.begin(), weights_.end());
    std::vector<std::string> posts(count);
    for (std::string& post : posts) {
      while (post.size() < kPostBytes) {
        std::string word = words_[zipf(random_)];
        if (random_() % 12 == 0) word[0] = static_cast<char>(word[0] - 32);
        if (random_() % 80 == 0) word += "é";
        post += word;
        post += random_() % 9 == 0 ? ". " : " ";
      }
    }
    return posts;
  }

  std::vector<Rule> Rules(std::size_t count) {
    std::vector<Rule> rules;
    while (rules.size() < count) rules.push_back(NewRule());
    return rules;
  }

 private:
  // Pronounceable, unique: the rank in syllables, after one random syllable.
  std::string NewWord(std::size_t rank) {
    constexpr char kConsonants[] = "bdfghjklmnprstvwz";
    constexpr char kVowels[] = "aeiou";
    std::string word;
    for (std::size_t rest = rank * 7 + 3; rest > 0; rest /= 85) {
      word += kConsonants[rest % 17];
      word += kVowels[rest / 17 % 5];
    }
    return word + kConsonants[random_() % 17];
  }

  std::string Selective() { return words_[500 + random_() % (kWords - 500)]; }

  Rule NewRule() {
    const std::string a = Selective();
    const std::string b = Selective();
    const std::string c = Selective();
    switch (random_() % 20) {
      case 0:
      case 1:
      case 2:
        return {"{phrase: " + a + " " + b + "}", "\\b" + a + "\\s+" + b + "\\b"};
      case 3:
      case 4:
      case 5:
      case 6:
        return {"{word: [" + a + ", " + b + ", " + c + "]}",
                "\\b(?:" + a + "|" + b + "|" + c + ")\\b"};
      case 7:
      case 8:
      case 9:
        return {"{near: {left: " + a + ", right: " + b + ", within: 5, scope: post}}",
                "\\b" + a + "\\b.{0,30}\\b" + b + "\\b"};
      case 10:
        return {"{word: " + a + "*}", "\\b" + a + "\\w*"};
      default:
        return {"{word: " + a + "}", "\\b" + a + "\\b"};
    }
  }

  std::mt19937 random_{20261122};
  std::vector<std::string> words_;
  std::vector<double> weights_;
};

// Processor time: the machine may be shared.
double Seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::shared_ptr<const RuleSet> LoadOurs(const std::vector<Rule>& rules) {
  // One file holds at most 1 MiB.
  std::vector<RuleText> files = {
      {"labels", "version: 1\nlabels:\n  a: {threshold: 1, queue: true}\n...\n"}};
  for (std::size_t i = 0; i < rules.size();) {
    std::string text = "version: 1\nrules:\n";
    for (const std::size_t end = std::min(rules.size(), i + 5000); i < end; ++i)
      text += "  - {id: r" + std::to_string(i) + ", label: a, weight: 1, when: " + rules[i].when +
              "}\n";
    files.push_back({"rules", text + "...\n"});
  }
  Diagnostics diagnostics;
  auto loaded = LoadRules(files, diagnostics);
  if (!loaded) std::fputs(diagnostics.ToText().c_str(), stderr);
  return loaded;
}

struct Rate {
  double posts_per_second = 0;
  double hits_per_post = 0;
};

template <typename Fn>
Rate Measure(const std::vector<std::string>& posts, Fn hits_of) {
  std::size_t hits = 0;
  const double start = Seconds();
  for (const std::string& post : posts) hits += hits_of(post);
  const double elapsed = Seconds() - start;
  const auto count = static_cast<double>(posts.size());
  return {count / elapsed, static_cast<double>(hits) / count};
}

std::vector<std::string> Lower(std::vector<std::string> posts) {
  for (std::string& post : posts)
    for (char& c : post)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return posts;
}

Rate MeasureLoop(const std::vector<Rule>& rules, const std::vector<std::string>& posts) {
  std::vector<std::unique_ptr<re2::RE2>> regexes;
  for (const Rule& rule : rules) regexes.push_back(std::make_unique<re2::RE2>(rule.regex));
  return Measure(posts, [&](const std::string& post) {
    std::size_t hits = 0;
    for (const auto& regex : regexes) hits += re2::RE2::PartialMatch(post, *regex);
    return hits;
  });
}

Rate MeasureSet(const std::vector<Rule>& rules, const std::vector<std::string>& posts) {
  re2::RE2::Options options;
  options.set_max_mem(256 << 20);
  re2::RE2::Set set(options, re2::RE2::UNANCHORED);
  for (const Rule& rule : rules) set.Add(rule.regex, nullptr);
  if (!set.Compile()) return {};
  std::vector<int> found;
  return Measure(posts, [&](const std::string& post) {
    re2::RE2::Set::ErrorInfo error{};
    found.clear();
    set.Match(post, &found, &error);
    return found.size();
  });
}

void Compare(Corpus& corpus, std::size_t count, const std::vector<std::string>& posts) {
  const std::vector<Rule> rules = corpus.Rules(count);
  const double start = Seconds();
  const auto ours = LoadOurs(rules);
  const double load = Seconds() - start;
  if (!ours) std::exit(1);
  Post post;
  post.language = "nl";
  const auto judge = [&](const std::string& text) {
    post.text = text;
    return ours->Decide(post, {}).hits.size();
  };
  judge(posts[0]);  // Tables of Unicode and words are made at first use.
  const Rate rate = Measure(posts, judge);
  std::printf("%6zu rules: %9.0f posts/s (%.2f us), %.2f hits a post, loaded in %.2f s\n", count,
              rate.posts_per_second, 1e6 / rate.posts_per_second, rate.hits_per_post, load);
  const std::vector<std::string> lower = Lower(posts);
  const std::size_t sample = std::min(lower.size(), 2'000'000 / count + 20);
  const std::vector<std::string> few(lower.end() - static_cast<std::ptrdiff_t>(sample),
                                     lower.end());
  const Rate loop = MeasureLoop(rules, few);
  const Rate set = MeasureSet(
      rules, std::vector<std::string>(
                 lower.begin(), lower.begin() + static_cast<std::ptrdiff_t>(
                                                    std::min<std::size_t>(lower.size(), 5'000))));
  std::printf(
      "        RE2 loop %9.0f posts/s (%.2f hits): ours is %.0fx; RE2::Set %9.0f posts/s (%.2f "
      "hits): ours is %.1fx\n",
      loop.posts_per_second, loop.hits_per_post, rate.posts_per_second / loop.posts_per_second,
      set.posts_per_second, set.hits_per_post, rate.posts_per_second / set.posts_per_second);
}

void MeasureText(const std::vector<std::string>& posts) {
  Folded folded;
  Analysis analysis;
  Analyze(posts[0], analysis);
  const Rate fold = Measure(posts, [&](const std::string& post) {
    Fold(post, folded);
    return folded.text().size();
  });
  const Rate words = Measure(posts, [&](const std::string& post) {
    Analyze(post, analysis);
    return analysis.tokens.size();
  });
  std::printf("fold %.3f us, fold and words %.3f us a post of %zu bytes\n",
              1e6 / fold.posts_per_second, 1e6 / words.posts_per_second, kPostBytes);
}

}  // namespace
}  // namespace webcare

int main(int argc, char** argv) {
  const long asked = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 20'000;
  webcare::Corpus corpus;
  const auto posts = corpus.Posts(static_cast<std::size_t>(std::max(asked, 100L)));
  webcare::MeasureText(posts);
  for (const std::size_t count : {100u, 1'000u, 10'000u}) webcare::Compare(corpus, count, posts);
  return 0;
}

// Makes a day for the end-to-end benchmark: posts for webcare-feeds and rules for webcared.
//
//   bench_day FOLDER POSTS SOURCES RULES mastodon|jsonfeed
//
// jsonfeed: pages of 500 items, the most a feed may have; older ones are reached through next_url.
//
// Words are drawn by Zipf's law from a made-up vocabulary of a thousand words, with twenty real Dutch
// function words at the top; a quarter of the posts hold one word of complaint. Half of the rules are such
// words, half are pairs of ordinary words. Everything follows from a constant seed.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr const char* kFunctionWords[] = {"de",   "het", "een",  "en",  "van", "ik",  "is",
                                          "niet", "op",  "te",   "dat", "in",  "met", "voor",
                                          "zijn", "er",  "maar", "om",  "ook", "nog"};

class Writer {
 public:
  Writer(std::string folder, int rules) : folder_(std::move(folder)), rules_(rules) {
    for (const char* word : kFunctionWords) words_.push_back(word);
    while (words_.size() < 1000) words_.push_back(MadeUpWord());
    for (int i = 0; i < std::max(1, rules_ / 2); ++i)
      complaints_.push_back(MadeUpWord() + "klacht");
    double total = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      total += 1.0 / static_cast<double>(i + 1);
      cumulative_.push_back(total);
    }
  }

  void WriteSources(int sources, bool mastodon) {
    std::ofstream list(folder_ + "/sources.json");
    list << "[";
    for (int s = 0; s < sources; ++s) {
      list << (s ? "," : "") << R"({"id":"s)" << s << R"(","path":")";
      if (mastodon)
        list << "/m/i" << s << R"(.example","site":"mastodon"})";
      else
        list << "/i" << s << R"(.json","site":"jsonfeed","window":500,"archive":true})";
    }
    list << "]";
  }

  void WritePosts(int posts, int sources) {
    std::ofstream out(folder_ + "/posts.jsonl");
    for (int i = 0; i < posts; ++i) {
      const int source = i % sources;
      const int second = i / sources;
      char at[32];
      // The first of each source is there at the start: a connector takes a timeline it first met empty
      // for a new one and reads its newest page only.
      const int day = i < sources ? 1 : 3;
      std::snprintf(at, sizeof at, "2026-06-%02dT%02d:%02d:%02d.%03dZ", day, second / 36000 % 24,
                    second / 600 % 60, second / 10 % 60, second % 10 * 100);
      out << R"({"source":"s)" << source << R"(","id":"p)" << i << R"(","at":")" << at
          << R"(","author":{"id":"a)" << i / 2 << R"(","handle":"u)" << i / 2
          << R"(@bench.example","name":"U )" << i / 2 << R"(","followers":)" << i % 5000
          << R"(},"lang":"nl","text":")" << Text(i % 4 == 0) << R"("})"
          << "\n";
    }
  }

  void WriteRules() {
    std::ofstream out(folder_ + "/rules.d/bench.yaml");
    out << "version: 1\nlabels:\n  complaint: {threshold: 3, queue: true}\n"
           "  topic: {threshold: 3, queue: false}\nrules:\n";
    for (int i = 0; i < rules_; ++i) {
      const auto n = static_cast<std::size_t>(i / 2);
      if (i % 2 == 0)
        out << "  - {id: c" << n
            << ", label: complaint, weight: 3, when: {word: " << complaints_[n % complaints_.size()]
            << "}}\n";
      else
        out << "  - {id: t" << n << ", label: topic, weight: 3, when: {phrase: " << Frequent(n)
            << " " << Frequent(n + 7) << "}}\n";
    }
    out << "...\n";
  }

 private:
  std::string MadeUpWord() {
    constexpr const char* kStart[] = {"b", "d", "g", "k", "l", "m", "n",
                                      "p", "r", "s", "t", "v", "w", "z"};
    constexpr const char* kMiddle[] = {"a", "e", "i", "o", "u", "aa", "ee", "ij", "oe", "ë"};
    std::string word;
    for (unsigned i = 0, n = 2 + random_() % 3; i < n; ++i) {
      word += kStart[random_() % std::size(kStart)];
      word += kMiddle[random_() % std::size(kMiddle)];
    }
    return word + "n";
  }
  const std::string& Frequent(std::size_t n) const { return words_[20 + n % (words_.size() - 20)]; }
  const std::string& Word() {
    std::uniform_real_distribution<double> at(0, cumulative_.back());
    const auto found = std::lower_bound(cumulative_.begin(), cumulative_.end(), at(random_));
    return words_[static_cast<std::size_t>(found - cumulative_.begin())];
  }
  std::string Text(bool complains) {
    std::string text;
    while (text.size() < 150 + random_() % 230) text += Word() + (random_() % 12 == 0 ? ". " : " ");
    if (complains) text += complaints_[random_() % complaints_.size()];
    return text;
  }

  const std::string folder_;
  const int rules_;
  std::mt19937 random_{20260603};
  std::vector<std::string> words_;
  std::vector<std::string> complaints_;
  std::vector<double> cumulative_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::string site = argc == 6 ? argv[5] : "";
  if (site != "mastodon" && site != "jsonfeed") {
    std::fprintf(stderr, "usage: bench_day FOLDER POSTS SOURCES RULES mastodon|jsonfeed\n");
    return 64;
  }
  Writer writer(argv[1], std::atoi(argv[4]));
  writer.WriteSources(std::atoi(argv[3]), site == "mastodon");
  writer.WritePosts(std::atoi(argv[2]), std::atoi(argv[3]));
  writer.WriteRules();
  return 0;
}

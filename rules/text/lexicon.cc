#include "rules/text/lexicon.h"

#include <array>
#include <cassert>
#include <map>
#include <vector>

#include "rules/text/token_hash.h"

namespace webcare {
namespace {

// Words both languages have (is, was, we, over, had, in, van as a car, die, of, met, hier, want,
// best) tell nothing and are left out, except where one language uses them far more.
constexpr std::string_view kDutch =
    "de het een en van ik je dat niet op te zijn er maar aan voor dit bij nog naar al wel geen "
    "mijn mij jullie "
    "jij hij zij wij ons onze u uw om dan ook als wat wie waar waarom wanneer hoe deze door heeft "
    "heb hebben "
    "hebt wordt worden word werd kan kunnen moet moeten wil willen zou zouden zal ga gaat gaan "
    "doen doet "
    "met uit tot toch nu weer heel erg veel meer niks iets iemand alles omdat zonder mag ben bent "
    "waren "
    "krijg krijgt kreeg komt dus sinds tegen tijdens steeds nooit altijd eens even graag gewoon zo "
    "hun haar zich hoor zeer echt bij alleen onder tussen welke wij zit staat vandaag morgen "
    "gisteren dag "
    "bedankt dank goed slecht weg terug ze daar hier mee toen gij amai nee ja jouw jou hem men "
    "hoeveel "
    "weet lekker mooi fijn leuk leuke goede snel allemaal maak zet laat geef stuur speel";
constexpr std::string_view kEnglish =
    "the a an and of to it that this you i for on with my your be are have has not but they their "
    "what who "
    "where why when how all would will can could should there from by at as or if me he she him "
    "her his "
    "its our us do does did don't doesn't didn't can't won't i'm it's i've you're been being about "
    "out just "
    "get got no so some any than then them these those which were very please thanks thank because "
    "after before into more most only other new now never always still again really good bad great "
    "too "
    "much many every never i'll i'd isn't wasn't that's there's let's we're they're am had said "
    "says "
    "need want time make set show play remind find today tomorrow tonight next like love";
constexpr std::string_view kNumbers =
    "twee drie vier vijf zes zeven acht negen tien elf twaalf "
    "two three four five six seven eight nine ten eleven twelve";

struct Reading {
  std::string_view raw;
  std::string_view normal;
};

// After MultiLexNorm-nl's frequent pairs. Never: is, u, ge, gn, which are words or ambiguous.
constexpr Reading kReadings[] = {
    {"ni", "niet"},
    {"nie", "niet"},
    {"nt", "niet"},
    {"da", "dat"},
    {"mn", "mijn"},
    {"m'n", "mijn"},
    {"ff", "even"},
    {"effe", "even"},
    {"effen", "even"},
    {"mss", "misschien"},
    {"msch", "misschien"},
    {"gwn", "gewoon"},
    {"wss", "waarschijnlijk"},
    {"wrs", "waarschijnlijk"},
    {"idd", "inderdaad"},
    {"iig", "in ieder geval"},
    {"aub", "alstublieft"},
    {"svp", "alstublieft"},
    {"ajb", "alsjeblieft"},
    {"wrm", "waarom"},
    {"vr", "voor"},
    {"nr", "naar"},
    {"ng", "nog"},
    {"kheb", "ik heb"},
    {"kben", "ik ben"},
    {"kga", "ik ga"},
    {"kzal", "ik zal"},
    {"kzou", "ik zou"},
    {"kwil", "ik wil"},
    {"kweet", "ik weet"},
    {"tis", "het is"},
    {"ist", "is het"},
    {"aant", "aan het"},
    {"niemeer", "niet meer"},
    {"nimeer", "niet meer"},
    {"dn", "dan"},
    {"ma", "maar"},
    {"mr", "maar"},
    {"goe", "goed"},
    {"trg", "terug"},
    {"hebbe", "hebben"},
    {"wete", "weten"},
    {"worde", "worden"},
    {"kunne", "kunnen"},
    {"moete", "moeten"},
    {"wille", "willen"},
    {"gaa", "gaan"},
    {"n", "een"},
    {"ne", "een"},
    {"nen", "een"},
    {"sws", "sowieso"},
    {"zowiezo", "sowieso"},
    {"iid", "inderdaad"},
    {"ivm", "in verband met"},
    {"ipv", "in plaats van"},
    {"tov", "ten opzichte van"},
    {"mbt", "met betrekking tot"},
    {"dmv", "door middel van"},
    {"ns", "eens"},
    {"k", "ik"},
    {"t", "het"},
    {"zn", "zijn"},
    {"z'n", "zijn"},
    {"d'r", "haar"},
    {"zon", "zo'n"},
    {"thx", "thanks"},
    {"thnx", "thanks"},
    {"pls", "please"},
    {"plz", "please"},
    {"dnt", "don't"},
    {"dont", "don't"},
    {"doesnt", "doesn't"},
    {"didnt", "didn't"},
    {"cant", "can't"},
    {"wont", "won't"},
    {"isnt", "isn't"},
    {"wasnt", "wasn't"},
    {"werkn", "werken"},
    {"vd", "van de"},
    {"vh", "van het"},
    {"vdaag", "vandaag"},
    {"igg", "in ieder geval"},
};

class Lexicon {
 public:
  Lexicon() {
    std::map<std::string_view, LexiconEntry> entries;
    ForEachWord(kDutch, [&](std::string_view word) { entries[word].dutch = true; });
    ForEachWord(kEnglish, [&](std::string_view word) { entries[word].english = true; });
    ForEachWord(kNumbers, [&](std::string_view word) { entries[word].number = true; });
    for (const Reading& reading : kReadings) entries[reading.raw].reads_as = reading.normal;
    entries["maar"].opens_clause = entries["but"].opens_clause = true;
    assert(entries.size() * 2 < slots_.size());
    for (auto& [word, entry] : entries) {
      entry.word = word;
      std::size_t at = HashWord(word) & kMask;
      while (!slots_[at].word.empty()) at = (at + 1) & kMask;
      slots_[at] = entry;
      marks_[at] = MarkOf(HashWord(word));
    }
  }

  const LexiconEntry* Find(std::string_view word, std::uint64_t hash) const {
    const std::uint16_t mark = MarkOf(hash);
    for (std::size_t at = hash & kMask; marks_[at] != 0; at = (at + 1) & kMask)
      if (marks_[at] == mark && slots_[at].word == word) return &slots_[at];
    return nullptr;
  }

 private:
  static constexpr std::size_t kMask = 2047;

  // Bits of the hash that do not choose the slot; never 0.
  static std::uint16_t MarkOf(std::uint64_t hash) {
    return static_cast<std::uint16_t>(hash >> 48 | 1);
  }

  template <typename Fn>
  static void ForEachWord(std::string_view words, Fn fn) {
    while (!words.empty()) {
      const std::size_t space = words.find(' ');
      if (const auto word = words.substr(0, space); !word.empty()) fn(word);
      words.remove_prefix(space == std::string_view::npos ? words.size() : space + 1);
    }
  }

  std::array<LexiconEntry, kMask + 1> slots_;
  // Of the slots, 0: free. Most words of posts are settled here, in a twentieth of the memory.
  std::array<std::uint16_t, kMask + 1> marks_{};
};

}  // namespace

const LexiconEntry* FindInLexicon(std::string_view word, std::uint64_t hash) {
  static const Lexicon kLexicon;
  return kLexicon.Find(word, hash);
}

}  // namespace webcare

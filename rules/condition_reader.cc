#include "rules/condition_reader.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <utility>

#include "daemon/base/judge.h"
#include "daemon/base/post.h"

namespace webcare {
namespace {

constexpr int kMaxNesting = 8;
constexpr double kUnbounded = 1e12;

// Facts by section and key. Most is 1 and whole for yes-or-no facts.
struct FactKey {
  std::string_view section;
  std::string_view key;
  Fact fact;
  bool yes_or_no;
  double most;
};
constexpr FactKey kFactKeys[] = {
    {"thread", "reply", Fact::kReply, true, 1},
    {"thread", "addressed", Fact::kAddressed, true, 1},
    {"thread", "joins_case", Fact::kJoinsCase, true, 1},
    {"author", "earlier_cases", Fact::kEarlierCases, false, kMaxEarlierCases},
    {"author", "bot", Fact::kBot, true, 1},
    {"feature", "caps_share", Fact::kCapsShare, false, 1},
    {"feature", "exclamations", Fact::kExclamations, false, kUnbounded},
    {"feature", "question_marks", Fact::kQuestionMarks, false, kUnbounded},
    {"feature", "words", Fact::kWords, false, kUnbounded},
    {"feature", "mentions", Fact::kMentions, false, kUnbounded},
    {"feature", "links", Fact::kLinks, false, kUnbounded},
    {"feature", "tags", Fact::kTags, false, kUnbounded},
    {"feature", "emoji", Fact::kEmoji, false, kUnbounded},
    {"feature", "elongated", Fact::kElongated, true, 1},
    {"reach", "followers", Fact::kFollowers, false, kUnbounded},
    {"reach", "following", Fact::kFollowing, false, kUnbounded},
    {"reach", "likes", Fact::kLikes, false, kUnbounded},
    {"reach", "shares", Fact::kShares, false, kUnbounded},
    {"reach", "replies", Fact::kReplies, false, kUnbounded},
    {"reach", "views", Fact::kViews, false, kUnbounded},
    {"reach", "verified", Fact::kVerified, true, 1},
};

bool NamesReach(std::string_view key) {
  return std::any_of(std::begin(kFactKeys), std::end(kFactKeys), [&](const FactKey& entry) {
    return entry.section == "reach" && entry.key == key;
  });
}

class Reader {
 public:
  explicit Reader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  Condition Mapping(const YamlNode& node, int nesting) {
    Condition all;
    all.pos = node.pos();
    const auto entries = node.Entries();
    if (node.IsMap() && entries.empty()) node.Error("an empty condition");
    for (const auto& [key, value] : entries) {
      const SourcePos pos = node.KeyPos(key);
      if (!value.IsScalar() && !value.IsList() && !value.IsMap()) {
        diagnostics_.Add(pos, "'" + key + "' has no value");
        continue;
      }
      Entry(key, value, pos, nesting, all.children);
    }
    if (all.children.size() != 1) return all;
    Condition only = std::move(all.children[0]);
    return only;
  }

 private:
  using Kind = Condition::Kind;
  using Read = void (Reader::*)(const YamlNode& value, int nesting, Condition& out);
  struct Key {
    std::string_view name;
    Kind kind;
    Read read;
  };
  static const std::array<Key, 13> kKeys;

  void Entry(const std::string& key, const YamlNode& value, const SourcePos& pos, int nesting,
             std::vector<Condition>& out) {
    for (const Key& known : kKeys) {
      if (known.name != key) continue;
      Condition& condition = out.emplace_back();
      condition.kind = known.kind;
      condition.pos = pos;
      return (this->*known.read)(value, nesting, condition);
    }
    if (key == "thread" || key == "author" || key == "feature" || key == "reach")
      return Facts(key, value, out);
    Unknown(key, pos);
  }

  void Unknown(const std::string& key, const SourcePos& pos) {
    std::vector<std::string_view> names = {"thread", "author", "feature", "reach"};
    for (const Key& known : kKeys) names.push_back(known.name);
    std::string what = "unknown condition '" + key + "'";
    if (NamesReach(key)) {
      what += ": reach is read under 'reach', by rules of phase 2 only";
    } else if (key == "note") {
      what += ": notes come from reach, so nothing may depend on them";
    } else {
      what += DidYouMean(key, names);
    }
    diagnostics_.Add(pos, std::move(what));
  }

  void Group(const YamlNode& value, int nesting, Condition& out) {
    if (nesting >= kMaxNesting) return value.Error("conditions are nested more than 8 deep");
    if (!value.IsList()) return value.Error("a list of conditions expected");
    for (const YamlNode& item : value.Items()) out.children.push_back(Mapping(item, nesting + 1));
    if (out.children.empty()) value.Error("an empty list of conditions");
  }

  void Texts(const YamlNode& value, int, Condition& out) { out.texts = ReadTexts(value); }

  void Name(const YamlNode& value, int, Condition& out) {
    if (!value.IsScalar()) return value.Error("one name expected");
    out.texts = {{value.Text(), value.pos()}};
  }

  void Near(const YamlNode& value, int, Condition& out) {
    out.texts = ReadTexts(value.Require("left"));
    out.right = ReadTexts(value.Require("right"));
    out.within = static_cast<int>(value.Require("within").Int(0, 0, 50));
    out.ordered = value.Get("ordered").Bool(true);
    out.across = value.Get("scope").Choice("clause", {"clause", "post"}) == "post";
    value.Done();
  }

  void Rating(const YamlNode& value, int, Condition& out) {
    out.fact = Fact::kRating;
    Bounds(value, 5, out);
  }

  void PostKinds(const YamlNode& value, int, Condition& out) {
    constexpr PostKind kKinds[] = {PostKind::kPost, PostKind::kComment, PostKind::kReview,
                                   PostKind::kReply, PostKind::kMention};
    std::vector<std::string_view> names;
    for (const PostKind kind : kKinds) names.push_back(ToString(kind));
    for (const YamlNode& item : value.Items()) {
      const std::string name = item.Choice("", names);
      for (const PostKind kind : kKinds)
        if (ToString(kind) == name) out.post_kinds |= 1u << static_cast<unsigned>(kind);
    }
  }

  static void Bounds(const YamlNode& value, double most, Condition& out) {
    if (!value.IsMap()) return value.Error("bounds expected: {at_least: .., at_most: ..}");
    const YamlNode least = value.Get("at_least");
    const YamlNode highest = value.Get("at_most");
    value.Done();
    if (least.present()) out.at_least = least.Number(0, 0, most);
    if (highest.present()) out.at_most = highest.Number(0, 0, most);
    if (!out.at_least && !out.at_most) value.Error("bounds expected: at_least, at_most or both");
    if (out.at_least && out.at_most && *out.at_least > *out.at_most)
      value.Error("at_least is greater than at_most: this is never true");
  }

  // A mapping of facts: each becomes a condition of its own.
  static void Facts(std::string_view section, const YamlNode& value, std::vector<Condition>& out) {
    if (!value.IsMap()) return value.Error("a mapping (key: value) expected");
    const std::size_t before = out.size();
    for (const FactKey& key : kFactKeys) {
      if (key.section != section) continue;
      const YamlNode fact = value.Get(key.key);
      if (!fact.present()) continue;
      Condition& condition = out.emplace_back();
      condition.kind = Kind::kFact;
      condition.pos = value.KeyPos(key.key);
      condition.fact = key.fact;
      if (!key.yes_or_no) {
        Bounds(fact, key.most, condition);
      } else if (fact.Bool(true)) {
        condition.at_least = 1;
      } else {
        condition.at_most = 0;
      }
    }
    value.Done();
    if (out.size() == before && value.Entries().empty()) value.Error("an empty condition");
  }

  Diagnostics& diagnostics_;
};

const std::array<Reader::Key, 13> Reader::kKeys = {{
    {"all", Kind::kAll, &Reader::Group},
    {"any", Kind::kAny, &Reader::Group},
    {"none", Kind::kNone, &Reader::Group},
    {"use", Kind::kUse, &Reader::Name},
    {"word", Kind::kWord, &Reader::Texts},
    {"phrase", Kind::kPhrase, &Reader::Texts},
    {"begins", Kind::kBegins, &Reader::Texts},
    {"near", Kind::kNear, &Reader::Near},
    {"regex", Kind::kRegex, &Reader::Texts},
    {"rating", Kind::kFact, &Reader::Rating},
    {"source", Kind::kSource, &Reader::Texts},
    {"kind", Kind::kPostKind, &Reader::PostKinds},
    {"label", Kind::kLabel, &Reader::Name},
}};

}  // namespace

Condition ReadCondition(const YamlNode& node, Diagnostics& diagnostics) {
  if (!node.present()) return {};
  return Reader(diagnostics).Mapping(node, 0);
}

std::vector<Written> ReadTexts(const YamlNode& node) {
  std::vector<Written> texts;
  if (node.IsMap()) {
    node.Error("a text or a list of texts expected");
    return texts;
  }
  for (const YamlNode& item : node.Items()) {
    if (const std::string text = item.Text(); !text.empty()) texts.push_back({text, item.pos()});
  }
  if (node.IsList() && node.Items().empty()) node.Error("an empty list");
  return texts;
}

}  // namespace webcare

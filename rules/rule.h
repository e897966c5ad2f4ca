// Rules as written: what a rule file says, with the position of everything a person may have to mend.
// rule_file.cc makes these from YAML, rule_compiler.cc makes a RuleSet from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/diagnostics.h"

namespace webcare {

// A text of the file and where it stands.
struct Written {
  std::string text;
  SourcePos pos;
};

// What a condition without text can look at. Yes-or-no facts count as 1 and 0.
enum class Fact : std::uint8_t {
  kRating,  // 0 to 5 stars; absent without one.
  kReply,
  kAddressed,
  kJoinsCase,
  kEarlierCases,
  kBot,
  kCapsShare,
  kExclamations,
  kQuestionMarks,
  kWords,
  kMentions,
  kLinks,
  kTags,
  kEmoji,
  kElongated,
  // Reach, phase 2 only. All from here on; see IsReach.
  kFollowers,
  kFollowing,
  kLikes,
  kShares,
  kReplies,
  kViews,
  kVerified,
};
inline bool IsReach(Fact fact) { return fact >= Fact::kFollowers; }

struct Condition {
  enum class Kind : std::uint8_t {
    kAll,
    kAny,
    kNone,
    kUse,
    kWord,
    kPhrase,
    kBegins,
    kNear,
    kRegex,
    kFact,
    kSource,
    kPostKind,
    kLabel,
  };
  Kind kind = Kind::kAll;
  SourcePos pos;                    // Of its key.
  std::vector<Condition> children;  // kAll, kAny, kNone.
  std::vector<Written>
      texts;  // Patterns; the left side of kNear; source ids; the name of kUse, kLabel.
  std::vector<Written> right;  // kNear.
  int within = 0;              // kNear.
  bool ordered = true;         // kNear.
  bool across = false;         // kNear: clauses do not matter.
  Fact fact = Fact::kRating;   // kFact, with its bounds:
  std::optional<double> at_least;
  std::optional<double> at_most;
  std::uint32_t post_kinds = 0;  // kPostKind: a bit for each PostKind.
};

// Bits of WrittenRule::languages.
inline constexpr std::uint8_t kRulesForDutch = 1;
inline constexpr std::uint8_t kRulesForEnglish = 2;
inline constexpr std::uint8_t kRulesForAny = 7;

enum class Negated : std::uint8_t { kIgnore, kDrop, kFlip };

struct WrittenRule {
  Written id;
  Written label;  // Phase 1.
  double weight = 0;
  std::uint8_t languages = kRulesForAny;
  bool one_clause = false;
  Negated negated = Negated::kIgnore;
  Written flip_label;
  double flip_weight = 0;
  bool on = true;
  int phase = 1;
  Condition when;
};

struct WrittenLabel {
  Written name;
  double threshold = 0;
  bool queue = false;
  std::string team;
};

struct WrittenList {
  Written name;
  std::vector<Written> entries;
};

struct NamedCondition {
  Written name;
  Condition condition;
};

// All files of a folder together, in order.
struct RuleBook {
  std::vector<WrittenLabel> labels;
  std::vector<WrittenList> lists;
  std::vector<NamedCondition> conditions;
  std::vector<WrittenRule> rules;
};

}  // namespace webcare

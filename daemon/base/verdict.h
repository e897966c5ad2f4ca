// What the rules say of a post, and why. A value: it outlives the rule set that made it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace webcare {

// The bytes of Post::text that made a rule speak: [begin, end), on character boundaries.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const Span&) const = default;
};

// One rule that spoke, in the order of the rule files.
struct RuleHit {
  std::string rule;         // Its id, "nl.complaint.broken".
  std::string label;        // What it argues for.
  double weight = 0;        // May be negative.
  std::vector<Span> spans;  // Empty for conditions that see no text (rating, source, thread).
};

// A label whose weights reached its threshold.
struct LabelScore {
  std::string label;
  double score = 0;
  double threshold = 0;
};

// Phase 1: decided without any sight of reach.
struct Verdict {
  std::string language;  // "nl", "en" or "und", as identified.
  std::vector<LabelScore>
      labels;  // The one shown first comes first (label order of the rule files).
  std::vector<RuleHit> hits;
  std::string team;           // Where the labels send the case; empty: the default desk.
  bool enters_queue = false;  // At least one label asks for a turn.
  std::string rules_digest;   // Of the rule set that judged, hex.
};

// Phase 2: may have read reach, can change nothing above.
struct ReachNote {
  bool loud = false;
  std::vector<RuleHit> hits;
};

}  // namespace webcare

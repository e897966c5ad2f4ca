#include "rules/negation.h"

#include <algorithm>
#include <array>

namespace webcare {
namespace {

constexpr std::array<std::string_view, 21> kNegators = {
    "allesbehalve", "amper",   "barely",  "geen",    "hardly", "nauwelijks", "nergens",
    "never",        "niemand", "niet",    "niets",   "niks",   "no",         "nobody",
    "nooit",        "not",     "nothing", "nowhere", "weinig", "without",    "zonder"};

}  // namespace

bool IsNegator(std::string_view word) {
  return std::binary_search(kNegators.begin(), kNegators.end(), word) || word.ends_with("n't");
}

bool IsNegatorBehind(std::string_view word) {
  return word == "niet" || word == "nooit" || word == "not" || word == "never";
}

bool CancelsNegation(std::string_view word) {
  return word == "alleen" || word == "normaal" || word == "only" || word == "slechts";
}

}  // namespace webcare

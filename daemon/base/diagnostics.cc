#include "daemon/base/diagnostics.h"

#include <algorithm>
#include <utility>

#include "daemon/base/json.h"

namespace webcare {
namespace {

// Damerau-Levenshtein (optimal string alignment): a swapped pair of letters is one edit.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

}  // namespace

void Diagnostics::Add(SourcePos pos, std::string message) {
  errors_.push_back({std::move(pos), std::move(message)});
}

std::vector<Diagnostic> Diagnostics::Sorted() const {
  std::vector<Diagnostic> sorted = errors_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.pos < b.pos; });
  return sorted;
}

std::string Diagnostics::ToText() const {
  std::string out;
  for (const Diagnostic& error : Sorted()) {
    out += error.pos.file;
    if (error.pos.line > 0)
      out += ":" + std::to_string(error.pos.line) + ":" + std::to_string(error.pos.column);
    out += ": " + error.message + "\n";
  }
  return out;
}

std::string Diagnostics::ToJson() const {
  JsonWriter json;
  json.StartArray();
  for (const Diagnostic& error : Sorted())
    json.StartObject()
        .Field("file", error.pos.file)
        .Field("line", error.pos.line)
        .Field("column", error.pos.column)
        .Field("message", error.message)
        .EndObject();
  json.EndArray();
  return json.Take();
}

std::string DidYouMean(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t best_distance = 3;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = EditDistance(word.substr(0, 64), candidate.substr(0, 64));
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best.empty() ? "" : " (did you mean '" + std::string(best) + "'?)";
}

}  // namespace webcare

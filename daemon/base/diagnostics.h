// Every mistake of a load, collected in one pass and shown to a person as
// "rules.d/b.yaml:14:5: unknown key 'patern' (did you mean 'pattern'?)".
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace webcare {

// Lines and columns count from 1; 0 means the file as a whole.
struct SourcePos {
  std::string file;
  int line = 0;
  int column = 0;
  auto operator<=>(const SourcePos&) const = default;
};

struct Diagnostic {
  SourcePos pos;
  std::string message;
};

// Threads: none of its own; one per load.
class Diagnostics {
 public:
  void Add(SourcePos pos, std::string message);
  bool ok() const { return errors_.empty(); }
  // Sorted by file, line, column.
  std::vector<Diagnostic> Sorted() const;
  // One "file:line:column: message" a line.
  std::string ToText() const;
  // [{"file":..,"line":..,"column":..,"message":..}, ...]
  std::string ToJson() const;

 private:
  std::vector<Diagnostic> errors_;
};

// " (did you mean 'x'?)" for the candidate within two edits of `word`, or "".
std::string DidYouMean(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace webcare

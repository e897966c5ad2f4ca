// Words with letters held on to ("neeeee", "superrrr"), brought back to a length they may be written in.
#pragma once

#include <string_view>
#include <vector>

namespace webcare {

// Runs of three or more equal ASCII letters. `word` is folded.
int LongRuns(std::string_view word);

// The word with its long runs cut, appended to `memory`, into which the result points: valid until that
// grows. Bit `k` of `form` set: run k becomes one letter, else two; bit 1 counts for all later runs.
std::string_view Squeeze(std::string_view word, unsigned form, std::vector<char>& memory);

}  // namespace webcare

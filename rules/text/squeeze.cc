#include "rules/text/squeeze.h"

#include <algorithm>

namespace webcare {
namespace {

std::size_t RunLength(std::string_view word, std::size_t i) {
  const std::size_t end = std::min(word.find_first_not_of(word[i], i), word.size());
  return end - i;
}

bool IsLongRun(std::string_view word, std::size_t i) {
  return word[i] >= 'a' && word[i] <= 'z' && RunLength(word, i) >= 3;
}

}  // namespace

int LongRuns(std::string_view word) {
  int runs = 0;
  for (std::size_t i = 0; i < word.size(); i += RunLength(word, i)) runs += IsLongRun(word, i);
  return runs;
}

std::string_view Squeeze(std::string_view word, unsigned form, std::vector<char>& memory) {
  const std::size_t start = memory.size();
  unsigned run = 0;
  for (std::size_t i = 0; i < word.size();) {
    std::size_t keep = RunLength(word, i);
    const std::size_t next = i + keep;
    if (IsLongRun(word, i)) keep = (form >> std::min(run++, 1u)) & 1 ? 1 : 2;
    memory.insert(memory.end(), keep, word[i]);
    i = next;
  }
  return {memory.data() + start, memory.size() - start};
}

}  // namespace webcare

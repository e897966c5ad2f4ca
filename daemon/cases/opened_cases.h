// Cases as they were opened, each with its one post, while nothing else happened to them: a release that
// follows soon need not read them back from the tables. Whoever changes a case drops it here.
//
// Memory: at most 4 MiB; cases beyond are not remembered.
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "daemon/cases/stored_case.h"

namespace webcare {

class OpenedCases {
 public:
  struct Opened {
    StoredCase facts;
    StoredPost first;
  };

  void Put(const StoredCase& facts, StoredPost first);
  // Takes it out. Empty: not here.
  std::optional<Opened> Take(std::int64_t case_no);
  void Drop(std::int64_t case_no) { Take(case_no); }
  void Clear();

 private:
  std::unordered_map<std::int64_t, Opened> cases_;
  std::size_t bytes_ = 0;
};

}  // namespace webcare

// The publisher's way into the books: turns in fair order, as far as there is credit.
#pragma once

#include <string>
#include <vector>

#include "daemon/app/ledger.h"
#include "daemon/base/clock.h"
#include "daemon/publish/dispatcher.h"

namespace webcare {

// Borrows both. Threads: the publisher's.
class TurnKeeper final : public TurnSource {
 public:
  TurnKeeper(Ledger& ledger, const Clock& clock) : ledger_(ledger), clock_(clock) {}

  Result<std::int64_t> Release(std::int64_t credit) override;
  Status ReleaseAgain(const std::vector<std::string>& case_ids) override;

 private:
  Ledger& ledger_;
  const Clock& clock_;
};

}  // namespace webcare

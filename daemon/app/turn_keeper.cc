#include "daemon/app/turn_keeper.h"

#include "daemon/cases/releaser.h"

namespace webcare {
namespace {

// Turns in one commit: long enough to be cheap, short enough that the poller need not wait.
constexpr int kMaxTurnsInOneCommit = 500;

}  // namespace

Result<std::int64_t> TurnKeeper::Release(std::int64_t credit) {
  return ledger_.With([&](Books& books) -> Result<std::int64_t> {
    const Result<int> released =
        ReleaseTurns(books, credit, kMaxTurnsInOneCommit, clock_.WallNow());
    if (!released.ok()) return released.error();
    return *released;
  });
}

Status TurnKeeper::ReleaseAgain(const std::vector<std::string>& case_ids) {
  return ledger_.With(
      [&](Books& books) { return ReleaseTurnsAgain(books, case_ids, clock_.WallNow()); });
}

}  // namespace webcare

// The poller's way into the books: judged by the snapshot in force, stored in one commit.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "connectors/poller/page_sink.h"
#include "daemon/app/ledger.h"
#include "daemon/app/reload.h"

namespace webcare {

// Borrows both. Threads: the poller's.
class PageKeeper final : public PageSink {
 public:
  PageKeeper(Ledger& ledger, const CurrentSnapshot& current) : ledger_(ledger), current_(current) {}

  Result<SourceState> LoadState(const std::string& source_id) override;
  Result<std::vector<PageCounts>> Accept(std::span<const PageOffer> offers, WallTime now) override;
  Status SaveState(const std::string& source_id, const SourceState& state) override;

 private:
  Ledger& ledger_;
  const CurrentSnapshot& current_;
};

}  // namespace webcare

#include "daemon/app/page_keeper.h"

namespace webcare {

Result<SourceState> PageKeeper::LoadState(const std::string& source_id) {
  return ledger_.With([&](Books& books) -> Result<SourceState> {
    SourceState state = books.intake.LoadState(source_id);
    if (!books.db->status().ok()) return books.db->status().error();
    return state;
  });
}

Result<PageCounts> PageKeeper::Accept(const Source& source, const Page& page,
                                      const SourceState& state, WallTime now) {
  const std::shared_ptr<const Snapshot> snapshot = current_.Get();
  return ledger_.With([&](Books& books) -> Result<PageCounts> {
    const Result<PageOutcome> outcome =
        books.intake.AcceptPage(source.id, source.type, page, state,
                                snapshot->config.settings.brand, *snapshot->rules, now);
    if (!outcome.ok()) return outcome.error();
    return PageCounts{outcome->fresh, outcome->edited, outcome->deleted, outcome->duplicates,
                      outcome->rejected};
  });
}

Status PageKeeper::SaveState(const std::string& source_id, const SourceState& state) {
  return ledger_.With([&](Books& books) { return books.intake.SaveState(source_id, state); });
}

}  // namespace webcare

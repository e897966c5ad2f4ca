#include "daemon/app/page_keeper.h"

#include "daemon/cases/intake.h"

namespace webcare {

Result<SourceState> PageKeeper::LoadState(const std::string& source_id) {
  return ledger_.With([&](Books& books) -> Result<SourceState> {
    SourceState state = LoadSourceState(books, source_id);
    if (!books.db->status().ok()) return books.db->status().error();
    return state;
  });
}

Result<std::vector<PageCounts>> PageKeeper::Accept(std::span<const PageOffer> offers,
                                                   WallTime now) {
  const std::shared_ptr<const Snapshot> snapshot = current_.Get();
  std::vector<SourcePage> pages;
  pages.reserve(offers.size());
  for (const PageOffer& offer : offers) {
    pages.push_back({offer.source->id, offer.source->type, offer.page, offer.state});
  }
  const auto outcomes = ledger_.With([&](Books& books) {
    return AcceptPages(books, pages, snapshot->config.settings.brand, *snapshot->rules, now);
  });
  if (!outcomes.ok()) return outcomes.error();
  std::vector<PageCounts> counts;
  counts.reserve(outcomes->size());
  for (const PageOutcome& one : *outcomes) {
    counts.push_back({one.fresh, one.edited, one.deleted, one.duplicates, one.rejected});
  }
  return counts;
}

Status PageKeeper::SaveState(const std::string& source_id, const SourceState& state) {
  return ledger_.With([&](Books& books) { return SaveSourceState(books, source_id, state); });
}

}  // namespace webcare

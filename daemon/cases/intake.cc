#include "daemon/cases/intake.h"

#include "daemon/cases/page_intake.h"
#include "daemon/cases/source_book.h"

namespace webcare {

Intake::Intake(Database& db, TurnQueue& queue) : db_(db), queue_(queue) {}

Result<std::vector<PageOutcome>> Intake::AcceptPages(std::span<const SourcePage> pages,
                                                     const Brand& brand, const Judge& judge,
                                                     WallTime now) {
  std::vector<PageOutcome> outcomes;
  const Status stored = db_.Atomically([&]() -> Status {
    for (const SourcePage& one : pages) {
      const SourceName source{SourceNumber(db_, one.source_id, one.source_type), one.source_id,
                              one.source_type};
      outcomes.push_back(PageIntake(db_, queue_, source, brand, judge, now).Take(*one.page));
      WriteSourceState(db_, one.source_id, *one.state);
    }
    return {};
  });
  if (stored.ok()) return outcomes;
  queue_.Reload();
  return stored.error();
}

Status Intake::SaveState(std::string_view source_id, const SourceState& state) {
  return db_.Atomically([&]() -> Status {
    WriteSourceState(db_, source_id, state);
    return {};
  });
}

SourceState Intake::LoadState(std::string_view source_id) {
  return ReadSourceState(db_, source_id);
}

}  // namespace webcare

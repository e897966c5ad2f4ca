#include "daemon/cases/intake.h"

#include "daemon/cases/page_intake.h"
#include "daemon/cases/source_book.h"

namespace webcare {

Intake::Intake(Database& db, TurnQueue& queue) : db_(db), queue_(queue) {}

Result<PageOutcome> Intake::AcceptPage(std::string_view source_id, std::string_view source_type,
                                       const Page& page, const SourceState& state,
                                       const Brand& brand, const Judge& judge, WallTime now) {
  PageOutcome outcome;
  const Status stored = db_.Atomically([&]() -> Status {
    const SourceName source{SourceNumber(db_, source_id, source_type), source_id, source_type};
    outcome = PageIntake(db_, queue_, source, brand, judge, now).Take(page);
    WriteSourceState(db_, source_id, state);
    return {};
  });
  if (stored.ok()) return outcome;
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

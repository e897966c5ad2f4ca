#include "daemon/cases/intake.h"

#include "daemon/cases/page_intake.h"
#include "daemon/cases/source_book.h"

namespace webcare {

Result<std::vector<PageOutcome>> AcceptPages(Books& books, std::span<const SourcePage> pages,
                                             const Brand& brand, const Judge& judge, WallTime now) {
  std::vector<PageOutcome> outcomes;
  const Status stored = books.db->Atomically([&]() -> Status {
    for (const SourcePage& one : pages) {
      const SourceName source{books.cases.SourceNo(one.source_id, one.source_type), one.source_id,
                              one.source_type};
      outcomes.push_back(PageIntake(books, source, brand, judge, now).Take(*one.page));
      WriteSourceState(*books.db, one.source_id, *one.state);
    }
    return {};
  });
  if (!stored.ok()) return stored.error();
  return outcomes;
}

Status SaveSourceState(Books& books, std::string_view source_id, const SourceState& state) {
  return books.db->Atomically([&]() -> Status {
    WriteSourceState(*books.db, source_id, state);
    return {};
  });
}

SourceState LoadSourceState(Books& books, std::string_view source_id) {
  return ReadSourceState(*books.db, source_id);
}

}  // namespace webcare

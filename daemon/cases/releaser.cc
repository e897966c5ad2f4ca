#include "daemon/cases/releaser.h"

#include <algorithm>
#include <utility>

#include "daemon/cases/case_events.h"
#include "daemon/store/outbox.h"

namespace webcare {
namespace {

// What all releases of a commit share.
struct Batch {
  explicit Batch(Books& all) : books(all), voices(all.cases.AnyLoudNotes()) {
    if (auto row = books.db->Query("SELECT count FROM releases"); row.Step()) count = row.Int(0);
  }

  Books& books;
  bool voices = false;
  std::int64_t count = 0;  // Of all releases.
  std::vector<OutboxRow> records;
};

Status ReleaseOne(Batch& batch, const TurnQueue::Released& next, WallTime now) {
  Database& db = *batch.books.db;
  CaseBook& book = batch.books.cases;
  auto file = book.FileOf(next.turn.case_no);
  if (!file) {
    if (!db.status().ok()) return db.status();
    return Error{ErrorCode::kCorrupt, "state database: a waiting turn without its case"};
  }
  StoredCase& one = file->facts;
  one.waiting = false;
  one.touched_at = ToMillis(now);
  one.release = {++batch.count, next.turn.turn, next.released, 1};
  book.UpdateReleased(one);
  batch.records.push_back(QueueRecord(*file, now));
  if (!batch.voices) return {};
  const std::string voice = book.TakeLoudNote(one.no);
  if (!voice.empty()) {
    batch.records.push_back(VoiceRecord(one.key, one.turn, file->source_id, voice, now));
  }
  return {};
}

}  // namespace

Result<int> ReleaseTurns(Books& books, std::int64_t credit, int max, WallTime now) {
  const std::int64_t limit = std::min<std::int64_t>(credit, max);
  int released = 0;
  if (limit <= 0 || books.queue.idle()) return released;
  const Status done = books.db->Atomically([&]() -> Status {
    Batch batch(books);
    while (released < limit) {
      const auto next = books.queue.TakeNext();
      if (!next) break;
      if (Status one = ReleaseOne(batch, *next, now); !one.ok()) return one;
      ++released;
    }
    Outbox::Append(*books.db, batch.records);
    books.db->Query("UPDATE releases SET count = ?1").Bind(1, batch.count).Run();
    return {};
  });
  if (!done.ok()) return done.error();
  return released;
}

Status ReleaseTurnsAgain(Books& books, const std::vector<std::string>& case_ids, WallTime now) {
  CaseBook& book = books.cases;
  return books.db->Atomically([&]() -> Status {
    std::vector<OutboxRow> records;
    for (const std::string& case_id : case_ids) {
      const std::optional<Id128> key = Id128::FromHex(case_id);
      std::optional<StoredCase> one = key ? book.FindCase(*key) : std::nullopt;
      if (!one || one->release.number == 0) continue;
      ++one->release.attempt;
      one->touched_at = ToMillis(now);
      book.UpdateCase(*one);
      records.push_back(QueueRecord(book.LoadFile(*one), now));
    }
    Outbox::Append(*books.db, records);
    return {};
  });
}

std::vector<WaitingView> WaitingList(Books& books, std::size_t limit) {
  CaseBook& book = books.cases;
  std::vector<WaitingView> views;
  for (const WaitingTurn& turn : books.queue.Preview(limit)) {
    const auto one = book.LoadCase(turn.case_no);
    if (!one) continue;
    const CaseFile file = book.LoadFile(*one);
    WaitingView view;
    view.position = static_cast<std::int64_t>(views.size()) + 1;
    view.case_id = one->key.Hex();
    view.turn = one->turn;
    view.source = file.source_id;
    view.asked_at = FromMillis(one->asked_at);
    view.waiting_since = FromMillis(one->waiting_since);
    view.labels = LabelsOf(file);
    views.push_back(std::move(view));
  }
  return views;
}

Backlog WhoWaits(Books& books) {
  Backlog backlog{books.queue.size(), books.queue.WaitingSources(), {}};
  if (const auto oldest = books.queue.OldestCase()) {
    if (const auto one = books.cases.LoadCase(*oldest))
      backlog.oldest = FromMillis(one->waiting_since);
  }
  return backlog;
}

Status SetSourceWeight(Books& books, std::string_view source_id, std::string_view source_type,
                       int weight) {
  return books.db->Atomically([&]() -> Status {
    books.queue.SetWeight(books.cases.SourceNo(source_id, source_type), weight);
    return {};
  });
}

}  // namespace webcare

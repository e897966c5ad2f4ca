#include "daemon/cases/releaser.h"

#include <algorithm>
#include <utility>

#include "daemon/cases/case_book.h"
#include "daemon/cases/case_events.h"
#include "daemon/cases/source_book.h"
#include "daemon/store/outbox.h"

namespace webcare {
namespace {

// What all releases of a commit share.
struct Batch {
  explicit Batch(Database& db) : book(db), voices(book.AnyLoudNotes()) {
    if (auto row = db.Query("SELECT count FROM releases"); row.Step()) count = row.Int(0);
  }

  CaseBook book;
  bool voices = false;
  std::int64_t count = 0;  // Of all releases.
};

Status ReleaseOne(Database& db, Batch& batch, const TurnQueue::Released& next, WallTime now) {
  CaseBook& book = batch.book;
  auto one = book.LoadCase(next.turn.case_no);
  if (!one) {
    if (!db.status().ok()) return db.status();
    return Error{ErrorCode::kCorrupt, "state database: a waiting turn without its case"};
  }
  one->waiting = false;
  one->touched_at = ToMillis(now);
  one->release = {++batch.count, next.turn.turn, next.released, 1};
  book.UpdateReleased(*one);
  const CaseFile file = book.LoadFile(std::move(*one));
  Outbox::Append(db, QueueRecord(file, now));
  if (!batch.voices) return {};
  const std::string voice = book.TakeLoudNote(file.facts.no);
  if (!voice.empty()) {
    Outbox::Append(db, VoiceRecord(file.facts.key, file.facts.turn, file.source_id, voice, now));
  }
  return {};
}

}  // namespace

Result<int> ReleaseTurns(Database& db, TurnQueue& queue, std::int64_t credit, int max,
                         WallTime now) {
  const std::int64_t limit = std::min<std::int64_t>(credit, max);
  int released = 0;
  if (limit <= 0 || queue.idle()) return released;
  const Status done = db.Atomically([&]() -> Status {
    Batch batch(db);
    while (released < limit) {
      const auto next = queue.TakeNext();
      if (!next) break;
      if (Status one = ReleaseOne(db, batch, *next, now); !one.ok()) return one;
      ++released;
    }
    db.Query("UPDATE releases SET count = ?1").Bind(1, batch.count).Run();
    return {};
  });
  if (done.ok()) return released;
  queue.Reload();
  return done.error();
}

Status ReleaseTurnsAgain(Database& db, const std::vector<std::string>& case_ids, WallTime now) {
  CaseBook book(db);
  return db.Atomically([&]() -> Status {
    for (const std::string& case_id : case_ids) {
      const std::optional<Id128> key = Id128::FromHex(case_id);
      std::optional<StoredCase> one = key ? book.FindCase(*key) : std::nullopt;
      if (!one || one->release.number == 0) continue;
      ++one->release.attempt;
      one->touched_at = ToMillis(now);
      book.UpdateCase(*one);
      Outbox::Append(db, QueueRecord(book.LoadFile(*one), now));
    }
    return {};
  });
}

std::vector<WaitingView> WaitingList(Database& db, const TurnQueue& queue, std::size_t limit) {
  CaseBook book(db);
  std::vector<WaitingView> views;
  for (const WaitingTurn& turn : queue.Preview(limit)) {
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

Backlog WhoWaits(Database& db, const TurnQueue& queue) {
  Backlog backlog{queue.size(), queue.WaitingSources(), {}};
  if (const auto oldest = queue.OldestCase()) {
    if (const auto one = CaseBook(db).LoadCase(*oldest))
      backlog.oldest = FromMillis(one->waiting_since);
  }
  return backlog;
}

Status SetSourceWeight(Database& db, TurnQueue& queue, std::string_view source_id,
                       std::string_view source_type, int weight) {
  Status done = db.Atomically([&]() -> Status {
    queue.SetWeight(SourceNumber(db, source_id, source_type), weight);
    return {};
  });
  if (!done.ok()) queue.Reload();
  return done;
}

}  // namespace webcare

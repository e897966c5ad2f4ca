// Posts become cases and turns: one page of one source in one transaction.
//
// Case        (source, conversation root, author): one person's matter (delivery.md 1.2). A reply by the
//             same author joins; by another author it is that author's own case, linked for context.
// Dedupe      On (source, native_id); the same content again is dropped before the rules see it, changed
//             content is an edit. A global id seen at another source is the same post: dropped, counted.
// Edits       Keep the place; an edit that turns a post into a complaint gets its place now (MR7).
// Deletions   Withdraw the turn when no asking post of the case is left (MR8); text is erased at once.
// Reposts     By the same author join; boosts are counted only.
// Own posts   Of the brand never open a case; an own reply in a case's thread marks it answered by us.
// Already released cases: what happens to them goes to the outbox as webcare.cases events.
// All or nothing: on any error nothing of the page is stored and the cursor stays.
// Threads     One at a time, together with its Database.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/connector.h"
#include "connectors/source_state.h"
#include "daemon/base/brand.h"
#include "daemon/base/judge.h"
#include "daemon/queue/turn_queue.h"
#include "daemon/store/database.h"

namespace webcare {

struct PageOutcome {
  int fresh = 0;       // Posts never seen before.
  int edited = 0;
  int deleted = 0;
  int duplicates = 0;  // Seen before, unchanged.
  int rejected = 0;
  int turns = 0;       // New turns in the queue.
};

class Intake {
 public:
  Intake(Database& db, TurnQueue& queue);

  // Stores the page and the source's new state in one commit. `brand` and `judge` are the snapshot in
  // force. Errors: those of Database::Atomically.
  Result<PageOutcome> AcceptPage(std::string_view source_id, std::string_view source_type,
                                 const Page& page, const SourceState& state, const Brand& brand,
                                 const Judge& judge, WallTime now);
  // For answers without a page (304, errors): the state alone.
  Status SaveState(std::string_view source_id, const SourceState& state);
  SourceState LoadState(std::string_view source_id);

 private:
  Database& db_;
  TurnQueue& queue_;
};

}  // namespace webcare

// Posts become cases and turns: a page is in one transaction, pages that came together share it.
//
// Case        (source, conversation root, author): one person's matter (delivery.md 1.2). A reply by the
//             same author joins; by another author it is that author's own case, linked for context.
// Dedupe      On (source, native_id); the same content again is dropped before the rules see it, changed
//             content is an edit. A global id seen under another id is the same post: dropped, counted.
// Joining     A post of the author in the conversation joins the case; while the turn waits it adds none, and
//             the same words posted elsewhere by the same author join too (MR5). A post that asks after the
//             release gives the case its next turn, at its end of the queue (MR10).
// Edits       Keep the place; an edit that turns a post into a complaint gets its place now, one that takes
//             the last asking post away withdraws the turn (MR7).
// Deletions   Withdraw the turn when no post asks for it any more (MR8); text is erased at once.
// Not kept    Posts that ask nothing and join nothing: hashes of their ids only. Boosts: nothing at all.
//             Private posts: hashes only, never judged or forwarded (feeds.md 2).
// Own posts   Of the brand never open a case; an own reply to a case marks it answered by us.
// Released    What happens to a released case goes to the outbox as webcare.cases events.
// Loud voices Wait with their case for its turn; without a complaint they go to webcare.voices at once.
// Known limit A reply whose parents were never read stands in a conversation of its own until then.
// All or nothing: on any error nothing of the pages is stored and the cursors stay.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "connectors/connector.h"
#include "connectors/source_state.h"
#include "daemon/base/brand.h"
#include "daemon/base/judge.h"
#include "daemon/cases/books.h"

namespace webcare {

struct PageOutcome {
  int fresh = 0;  // Posts never seen before.
  int edited = 0;
  int deleted = 0;
  int duplicates = 0;  // Seen before, unchanged.
  int rejected = 0;    // Could not be read and was not told before.
  int skipped = 0;     // Boosts, private posts and our own.
  int turns = 0;       // New turns in the queue.
};

// What one answer of a source brought; borrowed for the call.
struct SourcePage {
  std::string_view source_id;
  std::string_view source_type;
  const Page* page = nullptr;
  const SourceState* state = nullptr;  // The source's new one.
};

// Stores the pages, in this order, and the sources' new states in one commit: its cost is nearly the same for
// one page and for ten. `brand` and `judge` are the snapshot in force. As many outcomes as pages.
// Errors: those of Database::Atomically.
Result<std::vector<PageOutcome>> AcceptPages(Books& books, std::span<const SourcePage> pages,
                                             const Brand& brand, const Judge& judge, WallTime now);
// For answers without a page (304, errors): the state alone.
Status SaveSourceState(Books& books, std::string_view source_id, const SourceState& state);
// As last stored; the default where there is none. Errors: check books.db->status().
SourceState LoadSourceState(Books& books, std::string_view source_id);

}  // namespace webcare

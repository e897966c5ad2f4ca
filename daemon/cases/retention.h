// Nothing is kept longer than needed, and nothing that a person asked us to forget.
#pragma once

#include <chrono>

#include "daemon/base/digest.h"
#include "daemon/base/result.h"
#include "daemon/base/time.h"
#include "daemon/cases/books.h"

namespace webcare {

struct Retention {
  std::chrono::milliseconds seen;   // Of ids already seen, since they were last met.
  std::chrono::milliseconds cases;  // Of cases without a waiting turn, since they last changed.
};

// Deletes what is past its time and gives free pages back to the disk, with what may still stand in them
// (records that Kafka has, long texts of posts that a site deleted). Waiting cases stay. Reads the whole
// table of seen ids (about 0.1 s for a million): once an hour is enough. Returns the rows deleted.
// Errors: those of Database::Atomically.
Result<std::int64_t> Prune(Books& books, const Retention& retention, WallTime now);

// Erasure on request: cases, texts and turns of the author of `case_key` go at once, released cases get a
// tombstone, and no copy stays in free pages or in the WAL. The hashes of seen ids stay, so that nothing is
// read in again. Records that wait in the outbox still go out; Kafka's retention ends them. Returns the
// cases erased; 0: no such case is kept. Linear in what the author has, and in the file that is cut.
Result<int> EraseAuthorOf(Books& books, const Id128& case_key, WallTime now);
// The same for one post: as if the site had reported its deletion. Returns the posts erased, 0 or 1.
Result<int> ErasePost(Books& books, const Id128& post, WallTime now);

}  // namespace webcare

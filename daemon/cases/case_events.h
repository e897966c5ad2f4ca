// What the house says to Kafka about cases: the only place that knows the records' JSON (deploy/schemas)
// and their CloudEvents headers (CloudEvents 1.0, Kafka binding, binary mode).
//
// Bounds       No value is longer than kMaxRecord: texts are shortened (marked `truncated`), then posts are
//              left out from the middle (counted in `posts_left_out`).
// Private      Keys and headers hold ids, source ids and times only; what a person wrote is in values.
// Reach        Is in voice records and nowhere else.
// Stable       The same event always gets the same ce_id, so that readers can drop a repeated one.
#pragma once

#include <string>
#include <string_view>

#include "connectors/connector.h"
#include "daemon/base/reach.h"
#include "daemon/base/verdict.h"
#include "daemon/cases/case_book.h"
#include "daemon/store/outbox.h"

namespace webcare {

inline constexpr Bytes kMaxRecord = KiB(256);
inline constexpr std::chrono::hours kPromise{24};  // From the asking post to an answer.

// The parts of a stored post that do not change until the next edit, as JSON objects.
std::string FactsJson(const Post& post);
std::string VerdictJson(const Post& post, const Verdict& verdict);
// A loud post with what phase 2 said of it, as a JSON object; waits with the case for its turn.
std::string VoiceJson(const Post& post, const ReachNote& note, const Reach& reach);

// Of the case's newest release. The event id does not tell the attempt, so a reader knows the repetition.
OutboxRow QueueRecord(const CaseFile& file, WallTime now);

// What happened to a released case. kWithdrawn tells neither author nor text.
enum class CaseChange { kUpdated, kEdited, kWithdrawn, kAnsweredByBrand };
// `file.facts.revision` numbers the events of the case.
OutboxRow CaseRecord(const CaseFile& file, CaseChange change, const Id128& post, WallTime now);
// Takes the case out of the compacted topic.
OutboxRow CaseTombstone(const Id128& case_key, std::string_view source_id, WallTime now);

// `turn` 0: of a post that asks for none; then `id` is the post's, else the case's.
OutboxRow VoiceRecord(const Id128& id, int turn, std::string_view source_id, std::string_view voice,
                      WallTime now);

// `id`: stable name of the item, from PostId() or its bytes.
OutboxRow RejectedRecord(const Id128& id, std::string_view source_id, const RejectedItem& item,
                         WallTime now);

// Labels of the posts that ask, each once, in order of appearance.
std::vector<std::string> LabelsOf(const CaseFile& file);

}  // namespace webcare

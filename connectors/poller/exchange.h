// One request and its answer: the HTTP manners that need neither socket nor clock. Pure.
//
// Conditional requests  The validators of the last good answer go back byte for byte and to its URL
//     only (RFC 9110 8.8: they are those of one resource). They are kept for an answer that was parsed
//     and behind which nothing is lost when it is not given again: it was the whole poll, or what is
//     missing has an address of its own (a request that is not HttpRequest::conditional; its answer
//     leaves the validators alone). A body equal to the last one counts as unchanged.
// Moved  A permanent redirect (301, 308) seen in 3 polls to one target replaces the URL, for as
// long as
//     the connector asks that URL and the target answers. Another origin gets no secrets.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "connectors/connector.h"
#include "connectors/http/transport.h"
#include "connectors/poller/backoff.h"
#include "connectors/source.h"
#include "connectors/source_state.h"

namespace webcare {

inline constexpr int kPollsUntilMoved = 3;
inline constexpr std::size_t kMaxCursor = 64u << 10;

// What must be remembered of a request until its answer is there.
struct Asked {
  std::string url;          // As the connector wrote it.
  bool conditional = true;  // As the connector said.
  bool whole_poll = false;  // First page of a poll, and conditional.
  bool validators = false;  // Went along.
  bool moved = false;       // The moved URL was asked instead.
};

struct Outgoing {
  FetchRequest request;
  Asked asked;
};

Outgoing BuildFetch(const Source& source, const SourceState& state, bool first_page, WallTime now);

struct Reading {
  AnswerKind kind = AnswerKind::kTransient;
  std::optional<Page> page;  // Present exactly for kPage.
  SourceState
      state;  // For kPage and kUnchanged: to be stored. Else as before, but for a failed move.
  std::string error;  // For people; empty for kPage and kUnchanged.
  std::chrono::milliseconds retry_after{0};
  std::optional<RateLimit> rate_limit;
};

// `state` is the one BuildFetch got. The posting rate in the result has faded; new posts are added
// by the caller, who learns from the store how many there were.
Reading ReadAnswer(const Source& source, const SourceState& state, const Asked& asked,
                   Result<HttpAnswer> answer, WallTime now);

}  // namespace webcare

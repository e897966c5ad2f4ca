// What the poller needs of the store. daemon/app implements it on top of Intake.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "connectors/source.h"
#include "connectors/source_state.h"
#include "daemon/base/result.h"

namespace webcare {

struct PageCounts {
  int fresh = 0;  // Posts never seen before.
  int edited = 0;
  int deleted = 0;
  int duplicates = 0;
  int rejected = 0;
};

// What one source's answer brought; borrowed for the call.
struct PageOffer {
  const Source* source = nullptr;
  const Page* page = nullptr;
  const SourceState* state = nullptr;  // Follows from the page.
};

// Called on the poller's thread only. Errors of all three:
//   kUnavailable        Not now: disk full or busy. The poller keeps the page, asks no source for
//                       more and offers the page again until it is taken.
//   kCorrupt, kConflict The store is broken or no longer ours: Poller::Run() ends with that error.
//   others              These pages cannot be stored. Of several, each is offered again alone; of one, the
//                       source fails, its cursor stays.
class PageSink {
 public:
  virtual ~PageSink() = default;

  // A source never seen before has an empty state.
  virtual Result<SourceState> LoadState(const std::string& source_id) = 0;
  // Stores the pages, in this order, with the states that follow from them in one commit: all or nothing.
  // As many counts as pages.
  virtual Result<std::vector<PageCounts>> Accept(std::span<const PageOffer> offers,
                                                 WallTime now) = 0;
  // For answers without a page.
  virtual Status SaveState(const std::string& source_id, const SourceState& state) = 0;
};

}  // namespace webcare

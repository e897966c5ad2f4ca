// What the daemon tells of itself, as JSON: for webcarectl, scripts and systemctl's status line.
// No texts, names or handles.
#pragma once

#include <string>

#include "daemon/app/ledger.h"
#include "daemon/app/pipeline.h"
#include "daemon/app/reload.h"
#include "daemon/base/time.h"

namespace webcare {

struct ReportInput {
  Ledger& ledger;
  const Pipeline& pipeline;
  const Snapshot& snapshot;
  const ReloadReport& last_reload;
  WallTime started;
  WallTime now;
};

// GET /status.
std::string StatusJson(const ReportInput& input);
// GET /queue: the next `limit` turns in fair order.
std::string QueueJson(Ledger& ledger, std::size_t limit, WallTime now);
std::string ReloadJson(const ReloadReport& report);
// "5/6 sources ok, 812 wait (oldest 41 s), rules 3f2a... , publishing".
std::string StatusLine(const ReportInput& input);

}  // namespace webcare

// What a person asks us to forget, over the control socket: POST /erase/author/<case> and
// /erase/post/<post>, with the ids of the events (32 digits). So nobody's handle stands in a shell's history.
#pragma once

#include <string_view>

#include "daemon/app/ledger.h"
#include "daemon/base/log.h"
#include "daemon/base/time.h"
#include "daemon/status/control_server.h"

namespace webcare {

// `target` is the path behind "/erase/". Holds the books until no copy is left in the file.
// 200 {"erased": n}; 404 {"erased": 0}: nothing is kept under that id. Else {"error": "..."}: 400 no such
// thing to erase, or no id; 503 the store refuses, try again.
ControlReply AnswerErasure(Ledger& ledger, const Log& log, std::string_view target, WallTime now);

}  // namespace webcare

#include "daemon/app/erasure.h"

#include "daemon/base/json.h"
#include "daemon/cases/retention.h"

namespace webcare {
namespace {

ControlReply Refused(int status, std::string_view why) {
  JsonWriter json;
  return {status, json.StartObject().Field("error", why).EndObject().Take()};
}

}  // namespace

ControlReply AnswerErasure(Ledger& ledger, const Log& log, std::string_view target, WallTime now) {
  const std::size_t slash = target.find('/');
  const std::string_view kind = target.substr(0, slash);
  const bool of_author = kind == "author";
  if (slash == std::string_view::npos || (!of_author && kind != "post"))
    return Refused(400, "erase what? author/<case> or post/<post>");
  const std::optional<Id128> id = Id128::FromHex(target.substr(slash + 1));
  if (!id) return Refused(400, "an id is 32 digits, 0-9 and a-f, as in the events");
  const Result<int> erased = ledger.With([&](Books& books) {
    return of_author ? EraseAuthorOf(books, *id, now) : ErasePost(books, *id, now);
  });
  if (!erased.ok()) return Refused(503, erased.error().message);
  if (*erased > 0)
    log.Info("erased", {{"what", of_author ? "cases" : "posts"}, {"count", *erased}});
  JsonWriter json;
  return {*erased > 0 ? 200 : 404, json.StartObject().Field("erased", *erased).EndObject().Take()};
}

}  // namespace webcare

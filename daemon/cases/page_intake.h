// One page of one source, item by item, as steps of the transaction that Intake opens.
#pragma once

#include <string_view>
#include <vector>

#include "daemon/base/brand.h"
#include "daemon/base/judge.h"
#include "daemon/cases/case_desk.h"
#include "daemon/cases/intake.h"
#include "daemon/cases/seen.h"

namespace webcare {

struct SourceName {
  std::int64_t no = 0;
  std::string_view id;
  std::string_view type;
};

class PageIntake {
 public:
  PageIntake(Books& books, const SourceName& source, const Brand& brand, const Judge& judge,
             WallTime now);

  // Call it once.
  PageOutcome Take(const Page& page);

 private:
  // The ids of the page's items; what is known of them is then loaded.
  std::vector<Id128> LoadKnown(const Page& page);
  void TakePost(const Item& item, const Id128& id);
  void TakeDeletion(const Deletion& deletion);
  void TakeRejected(const RejectedItem& item);
  Id128 RootOf(const Post& post, const Id128& id);
  void TakeOwn(const Post& post, const Id128& id, const Id128& root);
  void JudgeAndFile(const Item& item, const Id128& id, const Id128& root, bool known);

  Database& db_;
  SourceName source_;
  const Brand& brand_;
  const Judge& judge_;
  WallTime now_;
  Seen seen_;
  CaseDesk desk_;
  PageOutcome outcome_;
};

}  // namespace webcare

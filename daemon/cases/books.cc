#include "daemon/cases/books.h"

#include <utility>

namespace webcare {

Books::Books(std::unique_ptr<Database> database) : db(std::move(database)), queue(*db), cases(*db) {
  db->SetAfterRollback([this] {
    queue.Reload();
    cases.Forget();
  });
}

Books::~Books() { db->SetAfterRollback(nullptr); }

}  // namespace webcare

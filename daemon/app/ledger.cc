#include "daemon/app/ledger.h"

#include <filesystem>

namespace webcare {

Result<std::unique_ptr<Ledger>> Ledger::Open(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::create_directories(directory, error) && !error)
    fs::permissions(directory, fs::perms::owner_all, error);
  if (error)
    return Error{ErrorCode::kUnavailable, "state directory " + directory + ": " + error.message()};
  auto database = Database::Open(directory + "/webcare.db");
  if (!database.ok()) return database.error();
  return std::unique_ptr<Ledger>(new Ledger(std::move(database).value()));
}

}  // namespace webcare

#include "daemon/publish/outbox_access.h"

namespace webcare {

// Reads run in a transaction as well: a failing step must come back as an error, not as no rows.
template <typename T>
Result<T> LockedOutbox::Get(const std::function<T(Database&)>& read) {
  T value{};
  Status status = Do([&](Database& db) { value = read(db); });
  if (!status.ok()) return status.error();
  return value;
}

Status LockedOutbox::Do(const std::function<void(Database&)>& write) {
  Status status;
  with_([&](Database& db) {
    status = db.Atomically([&] {
      write(db);
      return OkStatus();
    });
  });
  return status;
}

Result<OutboxState> LockedOutbox::Load() {
  return Get<OutboxState>([](Database& db) { return Outbox::Load(db); });
}

Result<std::vector<OutboxRow>> LockedOutbox::Read(std::int64_t after, int max_rows,
                                                  Bytes max_bytes) {
  return Get<std::vector<OutboxRow>>(
      [&](Database& db) { return Outbox::Read(db, after, max_rows, max_bytes); });
}

Result<Id128> LockedOutbox::ChainAt(std::int64_t seq) {
  return Get<Id128>([&](Database& db) { return Outbox::ChainAt(db, seq); });
}

Status LockedOutbox::Mark(std::int64_t confirmed, std::int64_t settled,
                          const std::vector<TopicEnd>& ends) {
  return Do([&](Database& db) {
    Outbox::Confirm(db, confirmed);
    Outbox::Settle(db, settled, ends);
  });
}

Result<std::vector<TopicEnd>> LockedOutbox::SettledEnds() {
  return Get<std::vector<TopicEnd>>([](Database& db) { return Outbox::SettledEnds(db); });
}

Status LockedOutbox::SetClusterId(std::string_view cluster_id) {
  return Do([&](Database& db) { Outbox::SetClusterId(db, cluster_id); });
}

Status LockedOutbox::Adopt(std::int64_t seq, const Id128& chain) {
  return Do([&](Database& db) { Outbox::Adopt(db, seq, chain); });
}

}  // namespace webcare

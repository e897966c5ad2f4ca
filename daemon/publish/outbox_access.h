// The publisher's way to the outbox in the shared database: each call takes the lock, does one
// small thing and gives it back, so polling never waits for Kafka.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/digest.h"
#include "daemon/base/result.h"
#include "daemon/store/outbox.h"

namespace webcare {

// Errors: those of Database::Atomically. Threads: one at a time, not always the same.
class OutboxAccess {
 public:
  virtual ~OutboxAccess() = default;
  virtual Result<OutboxState> Load() = 0;
  virtual Result<std::vector<OutboxRow>> Read(std::int64_t after, int max_rows,
                                              Bytes max_bytes) = 0;
  virtual Result<Id128> ChainAt(std::int64_t seq) = 0;
  // Outbox::Confirm and Outbox::Settle in one step.
  virtual Status Mark(std::int64_t confirmed, std::int64_t settled,
                      const std::vector<TopicEnd>& ends) = 0;
  virtual Result<std::vector<TopicEnd>> SettledEnds() = 0;
  virtual Status SetClusterId(std::string_view cluster_id) = 0;
  virtual Status Adopt(std::int64_t seq, const Id128& chain) = 0;
};

// Over a database that others use too. `with` runs its argument under their common lock; what
// stands behind it must outlive this.
class LockedOutbox final : public OutboxAccess {
 public:
  using With = std::function<void(const std::function<void(Database&)>&)>;
  explicit LockedOutbox(With with) : with_(std::move(with)) {}

  Result<OutboxState> Load() override;
  Result<std::vector<OutboxRow>> Read(std::int64_t after, int max_rows, Bytes max_bytes) override;
  Result<Id128> ChainAt(std::int64_t seq) override;
  Status Mark(std::int64_t confirmed, std::int64_t settled,
              const std::vector<TopicEnd>& ends) override;
  Result<std::vector<TopicEnd>> SettledEnds() override;
  Status SetClusterId(std::string_view cluster_id) override;
  Status Adopt(std::int64_t seq, const Id128& chain) override;

 private:
  template <typename T>
  Result<T> Get(const std::function<T(Database&)>& read);
  Status Do(const std::function<void(Database&)>& write);

  With with_;
};

}  // namespace webcare

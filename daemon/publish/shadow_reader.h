// Reads our own queue topic back, as agents see it: committed records, no group (delivery.md 2). What it
// sees is what credit counts, and the alarm for turns that stand there twice or not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "daemon/base/log.h"
#include "daemon/base/time.h"
#include "daemon/publish/credit.h"
#include "daemon/publish/producer.h"

namespace webcare {

// Threads: one.
class ShadowReader {
 public:
  // Looks at the ends and begins some thousand offsets before the newest, or at the oldest. Blocks up to
  // 10 s. Turns of other outboxes are passed over.
  static Result<std::unique_ptr<ShadowReader>> Open(const KafkaSettings& settings,
                                                    const Id128& outbox, const Log& log);
  ~ShadowReader();

  // Hands over what has come, without waiting for more.
  void Poll(const std::function<void(SeenTurn)>& on_turn);
  // Asks for the oldest offset again when a minute has passed; blocks up to 1 s then.
  void RefreshLow(SteadyTime now);

  std::int64_t start() const;
  std::int64_t low() const;
  std::int64_t end() const;  // Behind the newest offset seen.
  bool caught_up() const;    // Has seen everything that was there at Open().

 private:
  struct Impl;
  explicit ShadowReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace webcare

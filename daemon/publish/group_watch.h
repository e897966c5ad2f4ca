// Asks Kafka once a second how far the agents' consumer group is, without being a member and without
// waiting for the answer.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daemon/base/log.h"
#include "daemon/base/result.h"
#include "daemon/base/time.h"
#include "daemon/config/settings.h"
#include "daemon/publish/credit.h"

namespace webcare {

// Threads: one.
class GroupWatch {
 public:
  // kInvalid: the configuration is not accepted.
  static Result<std::unique_ptr<GroupWatch>> Open(const KafkaSettings& settings,
                                                  const std::string& group, const Log& log);
  ~GroupWatch();

  // Sends a question when one is due and takes in answers. Returns the newest answer, once; an unanswered
  // question becomes an answer with ok == false after 2 s.
  std::optional<GroupAnswer> Poll(SteadyTime now);

 private:
  struct Impl;
  explicit GroupWatch(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace webcare

// A strict reading of one JSON object: every mistake is kept (the first is told), unknown keys too.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/json.h"
#include "daemon/base/result.h"
#include "daemon/base/time.h"

namespace webcare {

// A view: its JsonDocument must outlive it.
class FeedFields {
 public:
  enum Need { kOptional, kNeeded };

  explicit FeedFields(JsonValue object) : object_(object) {}

  std::string Text(std::string_view key, Need need = kOptional, std::string_view fallback = "");
  std::int64_t Int(std::string_view key, std::int64_t fallback = 0, std::int64_t least = 0);
  std::optional<double> Number(std::string_view key);
  bool Bool(std::string_view key);
  std::optional<WallTime> Time(std::string_view key);
  FeedFields Object(std::string_view key);
  std::vector<FeedFields> List(std::string_view key);
  void Ignore(std::string_view key) { known_.insert(std::string(key)); }

  void Fail(std::string reason);
  // Takes over the mistakes of a part.
  void Join(FeedFields& part);
  // kInvalid with the first mistake.
  Status Done();

 private:
  // The value, absent where missing or null.
  JsonValue Find(std::string_view key);

  JsonValue object_;
  std::set<std::string> known_;
  std::string mistake_;
};

}  // namespace webcare

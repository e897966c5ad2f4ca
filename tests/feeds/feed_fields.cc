#include "tests/feeds/feed_fields.h"

#include <utility>

#include "tests/feeds/feed_day.h"

namespace webcare {

JsonValue FeedFields::Find(std::string_view key) {
  known_.insert(std::string(key));
  const JsonValue value = object_[key];
  return value.IsNull() ? JsonValue() : value;
}

std::string FeedFields::Text(std::string_view key, Need need, std::string_view fallback) {
  const JsonValue value = Find(key);
  if (value.present() && !value.IsString()) Fail("'" + std::string(key) + "' is not text");
  std::string text(value.Str(fallback));
  if (need == kNeeded && text.empty()) Fail("'" + std::string(key) + "' is missing or empty");
  return text;
}

std::int64_t FeedFields::Int(std::string_view key, std::int64_t fallback, std::int64_t least) {
  const JsonValue value = Find(key);
  if (!value.present()) return fallback;
  const std::optional<std::int64_t> number = value.Int();
  if (number && *number >= least) return *number;
  Fail("'" + std::string(key) + "' is not a whole number in range");
  return fallback;
}

std::optional<double> FeedFields::Number(std::string_view key) {
  const JsonValue value = Find(key);
  if (value.present() && !value.Number()) Fail("'" + std::string(key) + "' is not a number");
  return value.Number();
}

bool FeedFields::Bool(std::string_view key) {
  const JsonValue value = Find(key);
  if (value.present() && !value.Bool()) Fail("'" + std::string(key) + "' is not true or false");
  return value.Bool().value_or(false);
}

std::optional<WallTime> FeedFields::Time(std::string_view key) {
  const JsonValue value = Find(key);
  if (!value.present()) return std::nullopt;
  const std::optional<WallTime> time = ReadFeedTime(value.Str());
  if (!time) Fail("'" + std::string(key) + "' is not a time like 2026-06-03T08:12:00Z");
  return time;
}

FeedFields FeedFields::Object(std::string_view key) {
  const JsonValue value = Find(key);
  if (!value.IsObject()) Fail("'" + std::string(key) + "' is not an object");
  return FeedFields(value);
}

std::vector<FeedFields> FeedFields::List(std::string_view key) {
  const JsonValue value = Find(key);
  if (value.present() && !value.IsArray()) Fail("'" + std::string(key) + "' is not an array");
  std::vector<FeedFields> parts;
  for (std::size_t i = 0; value.IsArray() && i < value.size(); ++i) parts.emplace_back(value.at(i));
  return parts;
}

void FeedFields::Fail(std::string reason) {
  if (mistake_.empty()) mistake_ = std::move(reason);
}

void FeedFields::Join(FeedFields& part) {
  if (const Status status = part.Done(); !status) Fail(status.error().message);
}

Status FeedFields::Done() {
  object_.ForEachMember([this](std::string_view key, JsonValue) {
    if (!known_.contains(std::string(key))) Fail("unknown key '" + std::string(key) + "'");
  });
  if (mistake_.empty()) return OkStatus();
  return Error{ErrorCode::kInvalid, mistake_};
}

}  // namespace webcare

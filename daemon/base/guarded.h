// Data that needs a lock cannot be reached without it.
#pragma once

#include <mutex>
#include <utility>

namespace webcare {

template <typename T>
class Guarded {
 public:
  template <typename... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

  // Runs `fn(value)` under the lock and returns its result by value. `fn` must not block for long
  // and must not keep a reference.
  template <typename Fn>
  auto With(Fn&& fn) {
    const std::scoped_lock lock(mutex_);
    return std::forward<Fn>(fn)(value_);
  }
  template <typename Fn>
  auto With(Fn&& fn) const {
    const std::scoped_lock lock(mutex_);
    return std::forward<Fn>(fn)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace webcare

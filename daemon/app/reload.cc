#include "daemon/app/reload.h"

#include <tuple>

namespace webcare {
namespace {

// What is read once at the start.
std::string NeedsRestart(const Settings& before, const Settings& after) {
  std::string names;
  const auto differs = [&](const char* name, bool different) {
    if (different) names.append(names.empty() ? "" : ", ").append(name);
  };
  differs("state", before.state_directory != after.state_directory);
  differs("control", before.control_socket != after.control_socket);
  differs("http", before.max_connections != after.max_connections);
  differs("log", std::tie(before.log_level, before.log_format) !=
                     std::tie(after.log_level, after.log_format));
  differs("queue", std::tie(before.queue.window, before.queue.agents_group) !=
                       std::tie(after.queue.window, after.queue.agents_group));
  differs("batch", std::tie(before.batch.max_rows, before.batch.max_bytes, before.batch.linger) !=
                       std::tie(after.batch.max_rows, after.batch.max_bytes, after.batch.linger));
  const KafkaSettings& a = before.kafka;
  const KafkaSettings& b = after.kafka;
  differs("kafka", std::tie(a.bootstrap, a.delivery, a.name, a.topic_prefix, a.properties) !=
                       std::tie(b.bootstrap, b.delivery, b.name, b.topic_prefix, b.properties));
  return names.empty() ? "" : "changes of these take effect at the next start: " + names;
}

}  // namespace

ReloadReport ReloadSnapshot(const std::string& config_path, CurrentSnapshot& current,
                            WallTime now) {
  Diagnostics diagnostics;
  std::shared_ptr<const Snapshot> next = LoadSnapshot(config_path, diagnostics);
  if (!next) return {false, now, diagnostics.ToText()};
  const std::string hint = NeedsRestart(current.Get()->config.settings, next->config.settings);
  current.Set(std::move(next));
  return {true, now, hint};
}

std::optional<ReloadReport> ReloadDesk::Ask(const std::function<void()>& wake,
                                            std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  ++asked_;
  // One that has already begun may have read the files before the caller changed them.
  const int mine = begun_ + 1;
  wake();
  if (!done_.wait_for(lock, patience, [&] { return finished_ >= mine; })) return std::nullopt;
  return last_;
}

bool ReloadDesk::Asked() {
  const std::scoped_lock lock(mutex_);
  return asked_ > 0;
}

void ReloadDesk::Begin() {
  const std::scoped_lock lock(mutex_);
  asked_ = 0;
  ++begun_;
}

void ReloadDesk::Done(ReloadReport report) {
  const std::scoped_lock lock(mutex_);
  last_ = std::move(report);
  finished_ = begun_;
  done_.notify_all();
}

ReloadReport ReloadDesk::Last() const {
  const std::scoped_lock lock(mutex_);
  return last_;
}

}  // namespace webcare

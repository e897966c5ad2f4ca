// webcared.yaml as values. Immutable once loaded; sources and rules are loaded beside it
// (config.h).
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "daemon/base/brand.h"
#include "daemon/base/bytes.h"
#include "daemon/base/log.h"

namespace webcare {

enum class DeliveryMode { kExactlyOnce, kAtLeastOnce };

struct KafkaSettings {
  std::string bootstrap;  // "host:9092,host:9092".
  DeliveryMode delivery = DeliveryMode::kExactlyOnce;
  std::string name = "webcare";          // transactional.id is "webcare.<name>"; one per daemon.
  std::string topic_prefix = "webcare";  // "webcare" gives "webcare.queue".
  int replication = 1;                   // For `topics init`.
  // Passed to librdkafka as they are; keys that the guarantees need are refused at load.
  std::map<std::string, std::string> properties;
  // Properties whose values are secrets: the secret's name. daemon/config/secrets.h fills them in for those
  // who connect; whoever only asks the daemon needs no right to read them.
  std::map<std::string, std::string> secret_properties;
};

struct QueueSettings {
  std::int64_t window = 8;                      // Turns that may be released and not yet consumed.
  std::string agents_group = "webcare-agents";  // Whose committed offsets give credit.
};

// Most rows and bytes of one Kafka transaction, and how long rows may wait for company.
struct BatchSettings {
  int max_rows = 5000;
  Bytes max_bytes = MiB(8);
  std::chrono::milliseconds linger{200};
};

// Opening hours of one weekday, minutes after midnight in Settings::time_zone; open == close:
// closed.
struct OfficeHours {
  int open = 0;
  int close = 0;
};

struct Settings {
  Brand brand;
  std::string time_zone = "Europe/Amsterdam";
  std::array<OfficeHours, 7> office_hours{};  // Monday first.
  std::string contact;  // URL or mail address in the User-Agent; sites want to know who polls.
  std::string state_directory = "/var/lib/webcared";
  Bytes max_state = {4ull << 30};  // Near it, polling pauses.
  std::chrono::milliseconds seen_retention{std::chrono::hours(24 * 90)};  // Of ids already seen.
  std::chrono::milliseconds case_retention{std::chrono::hours(24 * 28)};  // Of released cases.
  std::string sources_directory;                                          // Absolute.
  std::string rules_directory;                                            // Absolute.
  std::string secrets_directory;  // $CREDENTIALS_DIRECTORY when set, else `secrets:`; may be empty.
  std::string control_socket = "/run/webcared/control.sock";
  int max_connections = 32;
  KafkaSettings kafka;
  QueueSettings queue;
  BatchSettings batch;
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kAuto;
};

}  // namespace webcare

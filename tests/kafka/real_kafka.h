// A real Kafka for tests: deploy/kafka on free loopback ports, one cluster a test program, in a directory
// of its own that goes with it. WEBCARE_KAFKA_VERSION chooses the version.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace webcare {

class RealKafka {
 public:
  // Starts it at the first call. Null with `why` set when Java or the jars cannot be had: skip loudly.
  static RealKafka* Get(std::string* why, int nodes = 1);
  ~RealKafka();
  RealKafka(const RealKafka&) = delete;
  RealKafka& operator=(const RealKafka&) = delete;

  const std::string& bootstrap() const { return bootstrap_; }
  // Also after Stop(): same ports, data and cluster id.
  void Start();
  void Stop(bool kill);

 private:
  explicit RealKafka(int nodes);

  std::string directory_;
  std::string bootstrap_;
  std::string why_;
  int nodes_;
};

// Skips the test, with the reason, where no real Kafka can be had.
#define WEBCARE_NEEDS_KAFKA(kafka, nodes)                                                  \
  std::string kafka_missing_reason;                                                        \
  webcare::RealKafka* const kafka = webcare::RealKafka::Get(&kafka_missing_reason, nodes); \
  if (kafka == nullptr) GTEST_SKIP() << "real Kafka not available: " << kafka_missing_reason

struct SeenRecord {
  std::int64_t offset = 0;
  int partition = 0;
  std::string key;
  std::string value;
  bool tombstone = false;
  std::vector<std::pair<std::string, std::string>> headers;

  std::string Header(const std::string& name) const;  // Empty when it is not there.
};

// Every committed record of a topic up to its end, by partition, in order. Uses nothing of the code under
// test. Throws std::runtime_error when the end is not reached in a minute.
std::vector<SeenRecord> ReadTopic(const std::string& bootstrap, const std::string& topic);

}  // namespace webcare

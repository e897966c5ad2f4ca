// A wall clock that stands still where a test put it: preloaded into the daemon, it answers instead of
// std::chrono::system_clock. Nothing then happens only because the machine is slow, and an hour passes
// when the test says so. The steady clock, Kafka and libcurl keep real time.
//
// $WEBCARE_TEST_CLOCK names a file of eight bytes: nanoseconds since 1970, written by the test.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>

namespace {

const volatile std::int64_t* MapClock() {
  const char* const path = std::getenv("WEBCARE_TEST_CLOCK");
  const int file = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) std::abort();
  void* const memory = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (memory == MAP_FAILED) std::abort();
  return static_cast<const volatile std::int64_t*>(memory);
}

}  // namespace

namespace std::chrono {

system_clock::time_point system_clock::now() noexcept {
  static const volatile std::int64_t* const clock = MapClock();
  return time_point(nanoseconds(*clock));
}

}  // namespace std::chrono

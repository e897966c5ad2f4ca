// Names to addresses without stopping anybody: a few threads of our own call getaddrinfo.
//
// Why: libcurl 7.88 joins its resolver thread when a transfer times out, inside curl_multi_perform,
// so one black-holed name held every other transfer for seconds (operations.md finding 3). Here a
// stuck lookup holds one thread of the pool; the others go on, and the loop never waits for any.
//
// A name is looked up once however many ask, and good answers are kept for kKeep.
// Threads: Ask, Take and Cancel on the loop's thread. The destructor waits for running lookups: at
// most as long as the system's resolver takes (RES_OPTIONS in the unit bounds that).
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/time.h"

namespace webcare {

using Addresses = std::vector<std::string>;  // IPv4 and IPv6 literals, best first. Never empty.
using ResolveFn = std::function<Result<Addresses>(const std::string& host)>;

// getaddrinfo. kUnavailable for every failure: also a name that does not exist may come back.
Result<Addresses> SystemResolve(const std::string& host);

class ResolverPool {
 public:
  static constexpr std::chrono::seconds kKeep{60};
  static constexpr std::size_t kMaxKept = 4096;  // Hostile redirects may name any number of hosts.

  struct Answer {
    std::string host;
    Result<Addresses> addresses;
  };

  // `on_answer` is called on a pool thread after an answer is ready for Take().
  ResolverPool(int threads, ResolveFn resolve, std::function<void()> on_answer);
  ~ResolverPool();
  ResolverPool(const ResolverPool&) = delete;
  ResolverPool& operator=(const ResolverPool&) = delete;

  // The kept addresses, or nothing: then an Answer for `host` will come.
  Addresses Ask(const std::string& host, SteadyTime now);
  // Nobody waits for `host` any more: forgets the lookup if it has not begun.
  void Cancel(const std::string& host);
  std::vector<Answer> Take(SteadyTime now);

 private:
  struct Kept {
    Addresses addresses;
    SteadyTime until;
  };

  void Work();
  void Keep(const Answer& answer, SteadyTime now);

  const ResolveFn resolve_;
  const std::function<void()> on_answer_;
  std::map<std::string, Kept> kept_;  // Loop's thread only.

  std::mutex mutex_;  // Guards what follows, but for the threads.
  std::condition_variable wanted_;
  std::deque<std::string> queue_;
  std::vector<std::string> running_;
  std::vector<Answer> answers_;
  bool stopping_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace webcare

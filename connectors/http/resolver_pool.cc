#include "connectors/http/resolver_pool.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace webcare {
namespace {

struct AddrInfoFree {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

}  // namespace

Result<Addresses> SystemResolve(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* raw = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &raw);
  const std::unique_ptr<addrinfo, AddrInfoFree> list(raw);
  if (code != 0) return Error{ErrorCode::kUnavailable, std::string("name: ") + gai_strerror(code)};
  Addresses addresses;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, nullptr, 0,
                    NI_NUMERICHOST) == 0)
      addresses.emplace_back(text);
  }
  if (addresses.empty()) return Error{ErrorCode::kUnavailable, "name: no address"};
  return addresses;
}

ResolverPool::ResolverPool(int threads, ResolveFn resolve, std::function<void()> on_answer)
    : resolve_(std::move(resolve)), on_answer_(std::move(on_answer)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

ResolverPool::~ResolverPool() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wanted_.notify_all();
  for (auto& thread : threads_) thread.join();
}

Addresses ResolverPool::Ask(const std::string& host, SteadyTime now) {
  const auto kept = kept_.find(host);
  if (kept != kept_.end() && kept->second.until > now) return kept->second.addresses;
  {
    const std::scoped_lock lock(mutex_);
    const bool asked = std::find(queue_.begin(), queue_.end(), host) != queue_.end() ||
                       std::find(running_.begin(), running_.end(), host) != running_.end();
    if (asked) return {};
    queue_.push_back(host);
  }
  wanted_.notify_one();
  return {};
}

void ResolverPool::Cancel(const std::string& host) {
  const std::scoped_lock lock(mutex_);
  const auto waiting = std::find(queue_.begin(), queue_.end(), host);
  if (waiting != queue_.end()) queue_.erase(waiting);
}

std::vector<ResolverPool::Answer> ResolverPool::Take(SteadyTime now) {
  std::vector<Answer> taken;
  {
    const std::scoped_lock lock(mutex_);
    taken.swap(answers_);
  }
  for (const Answer& answer : taken) Keep(answer, now);
  return taken;
}

void ResolverPool::Keep(const Answer& answer, SteadyTime now) {
  if (!answer.addresses.ok()) return;
  if (kept_.size() >= kMaxKept) kept_.clear();
  kept_[answer.host] = {*answer.addresses, now + kKeep};
}

void ResolverPool::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wanted_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    const std::string host = std::move(queue_.front());
    queue_.pop_front();
    running_.push_back(host);
    lock.unlock();
    Result<Addresses> addresses = resolve_(host);
    lock.lock();
    running_.erase(std::find(running_.begin(), running_.end(), host));
    answers_.push_back({host, std::move(addresses)});
    lock.unlock();
    on_answer_();
    lock.lock();
  }
}

}  // namespace webcare

#include "daemon/cases/opened_cases.h"

#include <utility>

namespace webcare {
namespace {

constexpr std::size_t kMostBytes = 4 << 20;

std::size_t SizeOf(const StoredCase& facts, const StoredPost& first) {
  return sizeof(OpenedCases::Opened) + facts.author_name.size() + facts.author_handle.size() +
         facts.author_url.size() + first.facts.size() + first.verdict.size() + first.text.size();
}

}  // namespace

void OpenedCases::Put(const StoredCase& facts, StoredPost first) {
  const std::size_t size = SizeOf(facts, first);
  if (bytes_ + size > kMostBytes) return;
  bytes_ += size;
  cases_.try_emplace(facts.no, Opened{facts, std::move(first)});
}

std::optional<OpenedCases::Opened> OpenedCases::Take(std::int64_t case_no) {
  const auto found = cases_.find(case_no);
  if (found == cases_.end()) return std::nullopt;
  Opened opened = std::move(found->second);
  cases_.erase(found);
  bytes_ -= SizeOf(opened.facts, opened.first);
  return opened;
}

void OpenedCases::Clear() {
  cases_.clear();
  bytes_ = 0;
}

}  // namespace webcare

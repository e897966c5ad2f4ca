#include "daemon/base/brand.h"

#include <algorithm>
#include <utility>

namespace webcare {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string Lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), Lower);
  return out;
}

std::string_view WithoutAt(std::string_view handle) {
  if (handle.starts_with('@')) handle.remove_prefix(1);
  return handle;
}

bool IsWordByte(char c) {
  const char lower = Lower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The second of each is lower case already.
bool IsSame(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return Lower(a) == b; });
}

// Is `word`, in lower case, what stands at `at`, and no part of a longer word?
bool HasWordAt(std::string_view text, std::size_t at, std::string_view word) {
  const std::size_t end = at + word.size();
  return (at == 0 || !IsWordByte(text[at - 1])) && IsSame(text.substr(at, word.size()), word) &&
         (end == text.size() || !IsWordByte(text[end]));
}

// Jumps from one place of its first letter to the next: the library looks for a byte many at a time.
bool ContainsWord(std::string_view text, std::string_view word) {
  const char lower = word.front();
  const char upper = Upper(lower);
  std::size_t next_lower = text.find(lower);
  std::size_t next_upper = upper == lower ? std::string_view::npos : text.find(upper);
  for (;;) {
    const std::size_t at = std::min(next_lower, next_upper);
    if (at >= text.size() || word.size() > text.size() - at) return false;
    if (HasWordAt(text, at, word)) return true;
    std::size_t& next = at == next_lower ? next_lower : next_upper;
    next = text.find(text[at], at + 1);
  }
}

bool IsWithin(std::string_view host, std::string_view domain) {
  if (host.size() < domain.size()) return false;
  const std::size_t before = host.size() - domain.size();
  return IsSame(host.substr(before), domain) && (before == 0 || host[before - 1] == '.');
}

// "https://user@www.lumio.example:443/x" -> "www.lumio.example".
std::string_view HostOf(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos)
    url.remove_prefix(at + 1);
  return url.substr(0, url.find(':'));
}

}  // namespace

Brand::Brand(std::vector<std::string> names, std::vector<BrandAccount> accounts,
             std::vector<std::string> domains)
    : names_(std::move(names)), accounts_(std::move(accounts)), domains_(std::move(domains)) {
  for (std::string& name : names_) name = Lowered(name);
  for (std::string& domain : domains_) domain = Lowered(domain);
  for (BrandAccount& account : accounts_) account.handle = Lowered(WithoutAt(account.handle));
}

bool Brand::IsOurHandle(std::string_view source, std::string_view handle) const {
  if (handle.empty()) return false;
  return std::any_of(accounts_.begin(), accounts_.end(), [&](const BrandAccount& account) {
    return (account.source == "*" || account.source == source) &&
           IsSame(WithoutAt(handle), account.handle);
  });
}

bool Brand::IsOwn(std::string_view source, const Post& post) const {
  return IsOurHandle(source, post.author.handle) ||
         (post.author.handle.empty() && IsOurHandle(source, post.author.name));
}

bool Brand::IsAddressed(std::string_view source, const Post& post) const {
  for (const std::string& handle : post.mentions)
    if (IsOurHandle(source, handle)) return true;
  if (!post.parent_id.empty()) return false;
  for (const std::string& link : post.links) {
    const std::string_view host = HostOf(link);
    for (const std::string& domain : domains_)
      if (IsWithin(host, domain)) return true;
  }
  return std::any_of(names_.begin(), names_.end(),
                     [&](const std::string& name) { return ContainsWord(post.text, name); });
}

}  // namespace webcare

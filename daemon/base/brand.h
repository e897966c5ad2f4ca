// Who is us. Built from the `brand:` block of webcared.yaml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/post.h"

namespace webcare {

// An account of ours at one source; source "*" means at every source.
struct BrandAccount {
  std::string source;
  std::string
      handle;  // With or without '@' and, at Mastodon, with the domain. Compared without case.
};

class Brand {
 public:
  Brand() = default;
  // `names` are matched as whole words without case; `domains` also match their subdomains.
  Brand(std::vector<std::string> names, std::vector<BrandAccount> accounts,
        std::vector<std::string> domains);

  // Written by one of our own accounts: never a case; an answer to one.
  bool IsOwn(std::string_view source, const Post& post) const;
  // Mentions an account of ours, or answers nobody and links to one of our domains or names us.
  bool IsAddressed(std::string_view source, const Post& post) const;
  const std::vector<std::string>& names() const { return names_; }

 private:
  bool IsOurHandle(std::string_view source, std::string_view handle) const;

  std::vector<std::string> names_;  // Lower case.
  std::vector<BrandAccount> accounts_;
  std::vector<std::string> domains_;  // Lower case.
};

}  // namespace webcare

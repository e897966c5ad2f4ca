// The program webcare-feeds: command line, start, wait for SIGINT or SIGTERM.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "tests/feeds/feed_site.h"

namespace webcare {

struct FeedArguments {
  std::string data;
  FeedSiteOptions site;
  bool at_given = false;
  std::uint16_t port = 0;
  bool help = false;
};

// kInvalid: what is wrong with the command line.
Result<FeedArguments> ReadFeedArguments(const std::vector<std::string>& arguments);

// Exit codes of sysexits.h: 0, EX_USAGE, EX_DATAERR (the data do not read), EX_UNAVAILABLE (port).
int RunFeeds(std::span<char*> arguments);

}  // namespace webcare

// The posts of tests/feeds/day with what a careful person says of them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/base/brand.h"
#include "daemon/base/judge.h"
#include "daemon/base/post.h"
#include "daemon/base/reach.h"

namespace webcare {

struct DayPost {
  std::string source;
  std::string source_type;  // The connector's: "mastodon" or "syndication".
  Post post;                // The last version of the text.
  Reach reach;
  std::set<std::string> labels;  // Of the truth, as are the next two.
  std::string language;
  bool turn = false;
  bool by_flooder = false;
};

// Who the brand of the day is.
Brand DayBrand();

// In order of file and line; without boosts. Empty when the files cannot be read (a test's own
// mistake).
std::vector<DayPost> LoadDayPosts();

// As the pipeline would make it.
PostContext DayContext(const Brand& brand, const DayPost& day_post);

}  // namespace webcare

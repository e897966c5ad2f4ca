#include "tests/feeds/feed_main.h"

int main(int argc, char** argv) {
  return webcare::RunFeeds({argv, static_cast<std::size_t>(argc)});
}

#include "connectors/markup/url.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

struct Case {
  std::string_view reference;
  std::string_view resolved;
};

class ResolveTable : public ::testing::TestWithParam<Case> {};

// RFC 3986 5.4: the whole table of examples.
TEST_P(ResolveTable, ResolvesAsTheRfcDoes) {
  EXPECT_EQ(ResolveUrl("http://a/b/c/d;p?q", GetParam().reference), GetParam().resolved);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc3986, ResolveTable,
    ::testing::Values(
        Case{"g:h", "g:h"}, Case{"g", "http://a/b/c/g"}, Case{"./g", "http://a/b/c/g"},
        Case{"g/", "http://a/b/c/g/"}, Case{"/g", "http://a/g"}, Case{"//g", "http://g"},
        Case{"?y", "http://a/b/c/d;p?y"}, Case{"g?y", "http://a/b/c/g?y"},
        Case{"#s", "http://a/b/c/d;p?q#s"}, Case{"g#s", "http://a/b/c/g#s"},
        Case{"g?y#s", "http://a/b/c/g?y#s"}, Case{";x", "http://a/b/c/;x"},
        Case{"g;x", "http://a/b/c/g;x"}, Case{"g;x?y#s", "http://a/b/c/g;x?y#s"},
        Case{"", "http://a/b/c/d;p?q"}, Case{".", "http://a/b/c/"}, Case{"./", "http://a/b/c/"},
        Case{"..", "http://a/b/"}, Case{"../", "http://a/b/"}, Case{"../g", "http://a/b/g"},
        Case{"../..", "http://a/"}, Case{"../../", "http://a/"}, Case{"../../g", "http://a/g"},
        Case{"../../../g", "http://a/g"}, Case{"../../../../g", "http://a/g"},
        Case{"/./g", "http://a/g"}, Case{"/../g", "http://a/g"}, Case{"g.", "http://a/b/c/g."},
        Case{".g", "http://a/b/c/.g"}, Case{"g..", "http://a/b/c/g.."},
        Case{"..g", "http://a/b/c/..g"}, Case{"./../g", "http://a/b/g"},
        Case{"./g/.", "http://a/b/c/g/"}, Case{"g/./h", "http://a/b/c/g/h"},
        Case{"g/../h", "http://a/b/c/h"}, Case{"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        Case{"g;x=1/../y", "http://a/b/c/y"}, Case{"g?y/./x", "http://a/b/c/g?y/./x"},
        Case{"g#s/../x", "http://a/b/c/g#s/../x"}));

TEST(ResolveUrl, WorksWithPoorBases) {
  EXPECT_EQ(ResolveUrl("https://shop.example", "a"), "https://shop.example/a");
  EXPECT_EQ(ResolveUrl("", "a/b"), "a/b");
  EXPECT_EQ(ResolveUrl("x/y", "https://shop.example/"), "https://shop.example/");
  EXPECT_EQ(ResolveUrl("https://shop.example/x", " \n/a\tb\n "), "https://shop.example/ab");
}

TEST(IsWebUrl, TakesOnlyHttpWithAHost) {
  EXPECT_TRUE(IsWebUrl("https://shop.example/x?y#z"));
  EXPECT_TRUE(IsWebUrl("HTTP://[::1]:8080"));
  for (const auto* bad : {"", "ftp://a/", "https:///x", "https:x", "//a/b", "javascript:alert(1)",
                          "https://a b/", "https://a/\n"}) {
    EXPECT_FALSE(IsWebUrl(bad)) << bad;
  }
  EXPECT_FALSE(IsWebUrl("https://a/" + std::string(3000, 'x')));
}

TEST(UrlHost, LeavesOutUserPortAndCase) {
  EXPECT_EQ(UrlHost("https://Anna:x@Shop.Example:8443/a"), "shop.example");
  EXPECT_EQ(UrlHost("http://[::1]:80/"), "[::1]");
  EXPECT_EQ(UrlHost("mailto:a@b"), "");
}

TEST(IsLoopbackHost, IsNotFooledByNames) {
  EXPECT_TRUE(IsLoopbackHost("127.0.0.1"));
  EXPECT_TRUE(IsLoopbackHost("localhost"));
  EXPECT_TRUE(IsLoopbackHost("[::1]"));
  EXPECT_FALSE(IsLoopbackHost("127.shop.example"));
  EXPECT_FALSE(IsLoopbackHost("localhost.shop.example"));
}

TEST(EncodeQuery, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(EncodeQuery("a-Z_0.~ &=+/é"), "a-Z_0.~%20%26%3D%2B%2F%C3%A9");
}

TEST(AddQuery, GoesBeforeTheFragment) {
  EXPECT_EQ(AddQuery("https://a/b", "x", "1 2"), "https://a/b?x=1%202");
  EXPECT_EQ(AddQuery("https://a/b?y=1#f", "x", "2"), "https://a/b?y=1&x=2#f");
  EXPECT_EQ(AddQuery("https://a/b?", "x", "2"), "https://a/b?x=2");
}

}  // namespace
}  // namespace webcare

#include "daemon/base/brand.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

Brand Lumio() {
  return Brand({"Lumio"}, {{"*", "@care@lumio.example"}, {"forum", "LumioHelpt"}},
               {"lumio.example"});
}

Post By(std::string handle) {
  Post post;
  post.author.handle = std::move(handle);
  return post;
}

TEST(Brand, OwnAccountsAreComparedWithoutCaseAndAtSign) {
  EXPECT_TRUE(Lumio().IsOwn("mastodon", By("Care@Lumio.example")));
  EXPECT_FALSE(Lumio().IsOwn("mastodon", By("care@lumio.example.evil.example")));
}

TEST(Brand, AnAccountOfOneSourceIsNobodyAtAnother) {
  EXPECT_TRUE(Lumio().IsOwn("forum", By("lumiohelpt")));
  EXPECT_FALSE(Lumio().IsOwn("reviews", By("lumiohelpt")));
}

TEST(Brand, ANamelessAuthorIsNeverUs) { EXPECT_FALSE(Lumio().IsOwn("forum", By(""))); }

TEST(Brand, MentionsLinksAndNamesAddressUs) {
  Post mention;
  mention.mentions = {"care@lumio.example"};
  mention.parent_id = "p1";
  EXPECT_TRUE(Lumio().IsAddressed("mastodon", mention));

  Post link;
  link.links = {"https://Mijn.Lumio.Example/factuur"};
  EXPECT_TRUE(Lumio().IsAddressed("mastodon", link));

  Post name;
  name.text = "Waarom is lumio weer onbereikbaar?";
  EXPECT_TRUE(Lumio().IsAddressed("mastodon", name));
}

TEST(Brand, PartsOfWordsAndForeignDomainsDoNotAddressUs) {
  Post post;
  post.text = "Lumiolamp gekocht";
  post.links = {"https://notlumio.example/", "https://lumio.example.evil.example/"};
  EXPECT_FALSE(Lumio().IsAddressed("mastodon", post));
}

TEST(Brand, ANameIsFoundWhereverItStands) {
  const auto addressed = [](const std::string& text) {
    Post post;
    post.text = text;
    return Lumio().IsAddressed("mastodon", post);
  };
  for (const char* const text : {"lumio", "LUMIO!", "bij lUMIO", "Luister lumiolamp, Lumio",
                                 "lLumio Lumiolamp lumio", "LumioLumio (lumio)", "L l L Lumio"})
    EXPECT_TRUE(addressed(text)) << text;
  for (const char* const text :
       {"", "l", "Lumi", "Lumiolumio lumi", "élumio", "Lumioë", "L l L lumi", "alumio Lumio2"})
    EXPECT_FALSE(addressed(text)) << text;
}

TEST(Brand, ANameMayBeginWithSomethingThatHasNoCase) {
  Post post;
  post.text = "Geen bereik bij 4u, al 4U4U";
  EXPECT_TRUE(Brand({"4U"}, {}, {}).IsAddressed("mastodon", post));
  post.text = "Geen bereik bij 44u, al 4U4U";
  EXPECT_FALSE(Brand({"4U"}, {}, {}).IsAddressed("mastodon", post));
}

}  // namespace
}  // namespace webcare

#include "daemon/base/diagnostics.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

TEST(Diagnostics, AreShownInTheOrderOfTheFile) {
  Diagnostics diagnostics;
  diagnostics.Add({"b.yaml", 2, 1}, "second file");
  diagnostics.Add({"a.yaml", 9, 3}, "later");
  diagnostics.Add({"a.yaml", 0, 0}, "whole file");
  EXPECT_EQ(diagnostics.ToText(),
            "a.yaml: whole file\na.yaml:9:3: later\nb.yaml:2:1: second file\n");
}

TEST(DidYouMean, OffersTheNearestWithinTwoEdits) {
  EXPECT_EQ(DidYouMean("patern", {"pattern", "parent"}), " (did you mean 'pattern'?)");
  EXPECT_EQ(DidYouMean("wieght", {"weight"}), " (did you mean 'weight'?)");
  EXPECT_EQ(DidYouMean("colour", {"weight", "label"}), "");
}

TEST(DidYouMean, OffersNothingThatSharesNoLetter) { EXPECT_EQ(DidYouMean("xy", {"id"}), ""); }

}  // namespace
}  // namespace webcare

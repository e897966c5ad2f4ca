#include "connectors/markup/entities.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

struct Case {
  std::string_view in;
  std::string_view text;       // As text.
  std::string_view attribute;  // As attribute value.
};

class EntityTable : public ::testing::TestWithParam<Case> {};

TEST_P(EntityTable, DecodesOnce) {
  EXPECT_EQ(DecodeEntities(GetParam().in, EntityPlace::kText), GetParam().text);
  EXPECT_EQ(DecodeEntities(GetParam().in, EntityPlace::kAttribute), GetParam().attribute);
}

INSTANTIATE_TEST_SUITE_P(
    References, EntityTable,
    ::testing::Values(Case{"&lt;&gt;&quot;&apos;&amp;", "<>\"'&", "<>\"'&"},
                      Case{"&hellip;&rsquo;&ijlig;&Scaron;", "…’ĳŠ", "…’ĳŠ"},
                      Case{"?a=1&copy=2", "?a=1©=2", "?a=1&copy=2"},
                      Case{"&eacutex &notit;", "éx ¬it;", "&eacutex &notit;"},
                      Case{"&copy 2026", "© 2026", "© 2026"},
                      Case{"&hellip x", "&hellip x", "&hellip x"},
                      Case{"&#8364;&#x20ac;&#X20AC &#128;", "€€€ €", "€€€ €"},
                      Case{"&#;&#x;&;& &", "&#;&#x;&;& &", "&#;&#x;&;& &"},
                      Case{"&#99999999999999999999;", "\xEF\xBF\xBD", "\xEF\xBF\xBD"},
                      Case{"&amp;amp;", "&amp;", "&amp;"}, Case{"&lt", "<", "<"}));

}  // namespace
}  // namespace webcare

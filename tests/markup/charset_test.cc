#include "connectors/markup/charset.h"

#include <gtest/gtest.h>

namespace webcare {
namespace {

constexpr std::string_view kLatin1Head = "<?xml version='1.0' encoding='iso-8859-1'?>";

std::string Body(std::string_view head, std::string_view rest) {
  return std::string(head).append(rest);
}

std::string Wide(std::string_view ascii, bool big_endian) {
  std::string out;
  for (const char c : ascii) {
    if (big_endian) out.push_back('\0');
    out.push_back(c);
    if (!big_endian) out.push_back('\0');
  }
  return out;
}

TEST(Charset, ByteOrderMarkBeatsTheHeader) {
  const Utf8Text text = ToUtf8("\xEF\xBB\xBF<a>é</a>", "text/xml; charset=iso-8859-1");
  EXPECT_EQ(text.text, "<a>é</a>");
  EXPECT_EQ(text.charset, "utf-8");
}

TEST(Charset, HeaderBeatsTheDeclaration) {
  const Utf8Text text = ToUtf8(Body(kLatin1Head, "é"), "application/xml; charset=\"UTF-8\"");
  EXPECT_EQ(text.text, Body(kLatin1Head, "é"));
}

TEST(Charset, TextXmlWithoutCharsetUsesTheDeclaration) {
  EXPECT_EQ(ToUtf8(Body(kLatin1Head, "caf\xE9"), "text/xml").text, Body(kLatin1Head, "café"));
}

TEST(Charset, Latin1IsReadAsWindows1252) {
  EXPECT_EQ(ToUtf8(Body(kLatin1Head, "\x93x\x94 \x80"), "").text, Body(kLatin1Head, "“x” €"));
  EXPECT_EQ(ToUtf8("\x80", "text/plain;charset=us-ascii").text, "€");
}

TEST(Charset, ReadsOtherSetsByTheirName) {
  EXPECT_EQ(ToUtf8("\x83\x65\x83\x58\x83\x67", "text/xml; charset=Shift_JIS").text, "テスト");
  EXPECT_EQ(ToUtf8("\xA4", "text/xml; charset=iso-8859-15").text, "€");
}

TEST(Charset, ReadsUtf16WithAndWithoutMark) {
  const std::string xml = "<?xml version='1.0'?><a/>";
  EXPECT_EQ(ToUtf8(Wide(xml, true), "").text, xml);
  EXPECT_EQ(ToUtf8(Wide(xml, false), "").text, xml);
  EXPECT_EQ(ToUtf8("\xFE\xFF" + Wide(xml, true), "").text, xml);
  EXPECT_EQ(ToUtf8("\xFF\xFE" + Wide(xml, false), "").text, xml);
}

TEST(Charset, DoesNotBelieveUtf16OfOneByteText) {
  const std::string xml = "<?xml version='1.0' encoding='utf-16'?><a>é</a>";
  EXPECT_EQ(ToUtf8(xml, "").text, xml);
}

TEST(Charset, BadBytesInUtf8AreReadAsWindows1252) {
  const Utf8Text text = ToUtf8("goed é, fout \xE9 en \x80.", "application/xml; charset=utf-8");
  EXPECT_EQ(text.text, "goed é, fout é en €.");
  EXPECT_TRUE(text.repaired);
  EXPECT_EQ(ToUtf8("\xC3", "").text, "Ã");
}

TEST(Charset, UnknownAndAbsurdNamesAreUtf8) {
  for (const auto* type : {"text/xml; charset=", "text/xml; charset=klingon",
                           "text/xml; charset=../../x", "text/xml; charset=\"\"", ""}) {
    EXPECT_EQ(ToUtf8("<a>é</a>", type).text, "<a>é</a>") << type;
  }
}

TEST(Charset, FindsTheParameter) {
  EXPECT_EQ(CharsetOf("text/xml; foo=bar; CharSet = \"UTF-8\""), "utf-8");
  EXPECT_EQ(CharsetOf("text/xml;charset=utf-8;x=y"), "utf-8");
  EXPECT_EQ(CharsetOf("text/xml"), "");
}

}  // namespace
}  // namespace webcare

#include "connectors/markup/dates.h"

#include <gtest/gtest.h>

#include <ostream>

namespace webcare {
namespace {

using std::chrono::hours;

// "2026-11-22T08:00:00.000Z", or "" for no date.
std::string Shown(std::optional<WallTime> time) { return time ? FormatTime(*time) : ""; }

struct Case {
  std::string_view in;
  std::string_view out;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.in; }

class DateTable : public ::testing::TestWithParam<Case> {};
TEST_P(DateTable, IsRead) { EXPECT_EQ(Shown(ParseDate(GetParam().in)), GetParam().out); }

INSTANTIATE_TEST_SUITE_P(
    Mail, DateTable,
    ::testing::Values(Case{"Sun, 22 Nov 2026 08:00:00 GMT", "2026-11-22T08:00:00.000Z"},
                      Case{"Sun, 22 Nov 2026 08:00:00 +0100", "2026-11-22T07:00:00.000Z"},
                      Case{"Sun, 22 Nov 2026 08:00:00 +01:00", "2026-11-22T07:00:00.000Z"},
                      Case{"Mon, 2 Nov 26 8:05 -0530", "2026-11-02T13:35:00.000Z"},
                      Case{"22 Nov 2026 08:00:00 EST", "2026-11-22T13:00:00.000Z"},
                      Case{"22 Nov 2026 08:00:00 CET", "2026-11-22T07:00:00.000Z"},
                      Case{"22 Jul 2026 08:00:00 CEST", "2026-07-22T06:00:00.000Z"},
                      Case{"22 Nov 2026 08:00:00 Z", "2026-11-22T08:00:00.000Z"},
                      Case{"22 Nov 2026 08:00:00 A", "2026-11-22T08:00:00.000Z"},
                      Case{"22 Nov 2026 08:00:00 XYZ", "2026-11-22T08:00:00.000Z"},
                      Case{"22 Nov 2026 08:00:00 GMT+1", "2026-11-22T07:00:00.000Z"},
                      Case{"22 Nov 2026 08:00:00 +0000 (UTC)", "2026-11-22T08:00:00.000Z"},
                      Case{"22 Nov 99 08:00:00", "1999-11-22T08:00:00.000Z"},
                      Case{"22 Nov 49 08:00:00", "2049-11-22T08:00:00.000Z"},
                      Case{"Sun,22 Nov 2026", "2026-11-22T00:00:00.000Z"},
                      Case{"November 22, 2026 2:05 PM", "2026-11-22T14:05:00.000Z"},
                      Case{"Nov. 22, 2026 12:05 am", "2026-11-22T00:05:00.000Z"},
                      Case{"31 Dec 2026 23:59:60 +0000", "2027-01-01T00:00:00.000Z"}));

INSTANTIATE_TEST_SUITE_P(Dutch, DateTable,
                         ::testing::Values(Case{"zo, 22 mrt 2026 08:00:00 +0100",
                                                "2026-03-22T07:00:00.000Z"},
                                           Case{"2 mei 2026 14:30", "2026-05-02T14:30:00.000Z"},
                                           Case{"zondag 4 okt. 2026", "2026-10-04T00:00:00.000Z"},
                                           Case{"1 maart 2026 om 9:15", "2026-03-01T09:15:00.000Z"},
                                           Case{"1 augustus 2026", "2026-08-01T00:00:00.000Z"},
                                           Case{"1 sept. 2026", "2026-09-01T00:00:00.000Z"}));

INSTANTIATE_TEST_SUITE_P(
    Iso, DateTable,
    ::testing::Values(Case{"2026-11-22T08:00:00Z", "2026-11-22T08:00:00.000Z"},
                      Case{"2026-11-22t08:00:00.123456789+01:00", "2026-11-22T07:00:00.123Z"},
                      Case{"2026-11-22T08:00:00.5-0030", "2026-11-22T08:30:00.500Z"},
                      Case{"2026-11-22 08:00:00", "2026-11-22T08:00:00.000Z"},
                      Case{"2026-11-22 08:00:00 +0100", "2026-11-22T07:00:00.000Z"},
                      Case{"2026-11-22 08:00:00 UTC", "2026-11-22T08:00:00.000Z"},
                      Case{"2026-11-22T08:00", "2026-11-22T08:00:00.000Z"},
                      Case{"2026-11-22", "2026-11-22T00:00:00.000Z"},
                      Case{"2026-11", "2026-11-01T00:00:00.000Z"},
                      Case{"2026", "2026-01-01T00:00:00.000Z"}, Case{"20261122T080000Z", ""},
                      Case{"2026-11-22T24:00:00Z", "2026-11-23T00:00:00.000Z"},
                      Case{" 2026-11-22T08:00:00Z\n", "2026-11-22T08:00:00.000Z"}));

INSTANTIATE_TEST_SUITE_P(
    None, DateTable,
    ::testing::Values(Case{"", ""}, Case{"gisteren", ""}, Case{"31 feb 2026", ""},
                      Case{"2026-13-01T00:00:00Z", ""}, Case{"12/05/2026", ""},
                      Case{"22 Nov 2026 25:00", ""}, Case{"22 Nov 2026 08:61", ""},
                      Case{"99999999999999999999", ""}, Case{"22 11 2026 8", ""}));

class HttpDateTable : public ::testing::TestWithParam<Case> {};
TEST_P(HttpDateTable, IsRead) { EXPECT_EQ(Shown(ParseHttpDate(GetParam().in)), GetParam().out); }

INSTANTIATE_TEST_SUITE_P(
    Rfc9110, HttpDateTable,
    ::testing::Values(Case{"Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"},
                      Case{"Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"},
                      Case{"Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37.000Z"},
                      Case{"Fri, 07 Oct 2022 22:43:19 UTC", "2022-10-07T22:43:19.000Z"},
                      Case{"120", ""}, Case{"-1", ""}, Case{"", ""}));

TEST(PlausibleDate, TakesTheFetchTimeForDatesInTheFuture) {
  const WallTime now = *ParseIsoDate("2026-11-22T08:00:00Z");
  EXPECT_EQ(PlausibleDate(now + hours(24), now), now + hours(24));
  EXPECT_EQ(PlausibleDate(now + hours(25), now), now);
  EXPECT_EQ(PlausibleDate(std::nullopt, now), now);
  EXPECT_EQ(PlausibleDate(now - hours(9999), now), now - hours(9999));
}

}  // namespace
}  // namespace webcare

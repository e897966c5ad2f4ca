#include "daemon/store/record_headers.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace webcare {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

std::vector<RecordHeaders::Header> All(const RecordHeaders& headers) {
  std::vector<RecordHeaders::Header> all;
  for (const auto& header : headers) all.push_back(header);
  return all;
}

TEST(RecordHeaders, ComeBackInOrder) {
  RecordHeaders headers = {{"ce_id", "1"}, {"empty", ""}};
  headers.Add("ce_id", std::string(300, 'x') + "\0y"s);
  const auto again = RecordHeaders::FromBytes(headers.bytes());
  EXPECT_EQ(again, headers);
  EXPECT_THAT(All(again), ElementsAre(Pair("ce_id", "1"), Pair("empty", ""),
                                      Pair("ce_id", std::string(300, 'x') + "\0y"s)));
  EXPECT_EQ(again.Get("ce_id"), "1");
  EXPECT_EQ(again.Get("absent"), "");
  EXPECT_THAT(All({}), IsEmpty());
}

// As schema.md says: the state file of an older version must be read.
TEST(RecordHeaders, AreStoredWithTheirLengths) {
  EXPECT_EQ((RecordHeaders{{"a", "bc"}}).bytes(), "\0\0\0\1a\0\0\0\2bc"s);
}

TEST(RecordHeaders, DamagedBytesEndThem) {
  const std::string whole = RecordHeaders{{"a", "b"}, {"c", "def"}}.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    auto cut = RecordHeaders::FromBytes(whole.substr(0, size));
    EXPECT_EQ(All(cut).size(), size < 10 ? 0 : 1) << size;
    cut.Add("seq", "7");
    EXPECT_EQ(cut.Get("seq"), "7") << size;
  }
  EXPECT_THAT(All(RecordHeaders::FromBytes("\xff\xff\xff\xff name"s)), IsEmpty());
}

}  // namespace
}  // namespace webcare

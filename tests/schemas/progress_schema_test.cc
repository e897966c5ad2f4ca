// The schemas of the other topics are held by every test of tests/cases that makes a record.
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>

#include <fstream>
#include <iterator>

#include "daemon/publish/progress.h"

namespace webcare {
namespace {

bool FitsSchema(const std::string& record) {
  std::ifstream in(WEBCARE_SOURCE_DIR "/deploy/schemas/progress.schema.json");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  rapidjson::Document schema_text;
  EXPECT_FALSE(schema_text.Parse(text.c_str()).HasParseError());
  const rapidjson::SchemaDocument schema(schema_text);
  rapidjson::Document document;
  if (document.Parse(record.c_str()).HasParseError()) return false;
  rapidjson::SchemaValidator validator(schema);
  return document.Accept(validator);
}

TEST(ProgressSchema, HoldsForEveryRecordWeWrite) {
  Progress progress;
  progress.outbox = RandomId();
  progress.boot = RandomId();
  progress.name = "webcare";
  progress.cluster = "q1Sh-9_ISia_zwGINzRvyQ";
  EXPECT_TRUE(FitsSchema(EncodeProgress(progress))) << EncodeProgress(progress);
  progress.last_seq = 1'000'000;
  progress.turns = 999;
  progress.consumed_offset = 1234;
  progress.chain = RandomId();
  EXPECT_TRUE(FitsSchema(EncodeProgress(progress))) << EncodeProgress(progress);
}

TEST(ProgressSchema, RefusesWhatWeWouldNotWrite) {
  std::string record = EncodeProgress(Progress{});
  EXPECT_TRUE(FitsSchema(record));
  EXPECT_FALSE(FitsSchema(record.insert(1, "\"extra\":1,")));
  EXPECT_FALSE(FitsSchema("{}"));
}

}  // namespace
}  // namespace webcare

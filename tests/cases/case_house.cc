#include "tests/cases/case_house.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <fstream>
#include <map>
#include <sstream>

namespace webcare {
namespace {

void Spot(const Post& post, std::string_view word, const std::string& label, Verdict& verdict) {
  const std::size_t at = post.text.find(word);
  if (at == std::string::npos) return;
  const Span span{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + word.size())};
  verdict.labels.push_back({label, 3, 2});
  verdict.hits.push_back({"nl." + label, label, 3, {span}});
  verdict.enters_queue = true;
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

// Compiled once: every record of every test goes through it.
const rapidjson::SchemaDocument& SchemaOf(Topic topic) {
  static std::map<Topic, std::unique_ptr<rapidjson::SchemaDocument>> compiled;
  auto& schema = compiled[topic];
  if (!schema) {
    const std::string name(ToString(topic));
    rapidjson::Document text;
    text.Parse(ReadAll(WEBCARE_SOURCE_DIR "/deploy/schemas/" + name + ".schema.json").c_str());
    EXPECT_FALSE(text.HasParseError()) << name;
    schema = std::make_unique<rapidjson::SchemaDocument>(text);
  }
  return *schema;
}

}  // namespace

Verdict FakeJudge::Decide(const Post& post, const PostContext& context) const {
  asked.push_back(context);
  Verdict verdict;
  verdict.language = "nl";
  verdict.team = "service";
  verdict.rules_digest = "d1";
  Spot(post, "stuk", "complaint", verdict);
  Spot(post, "hoe", "question", verdict);
  return verdict;
}

ReachNote FakeJudge::Annotate(const Post& post, const Verdict& verdict, const Reach& reach) const {
  (void)post;
  (void)verdict;
  ReachNote note;
  note.loud = reach.followers.value_or(0) >= 10'000;
  if (note.loud) note.hits.push_back({"reach.big", "loud", 1, {}});
  return note;
}

Item Say(const std::string& id, const std::string& author, const std::string& text) {
  Item item;
  item.post.native_id = id;
  item.post.author.id = author;
  item.post.author.handle = author;
  item.post.author.name = "Name of " + author;
  item.post.text = text;
  item.post.permalink = "https://forum.example/" + id;
  item.post.created_at = kMorning - std::chrono::minutes(1);
  return item;
}

Item Answer(const std::string& id, const std::string& author, const std::string& text,
            const std::string& parent, const std::string& root) {
  Item item = Say(id, author, text);
  item.post.kind = PostKind::kReply;
  item.post.parent_id = parent;
  item.post.root_id = root;
  return item;
}

std::string Record::Header(std::string_view name) const {
  return std::string(row.headers.Get(name));
}

CaseHouse::CaseHouse() { Reopen(); }

CaseHouse::~CaseHouse() {
  for (const Record& record : Records()) {
    EXPECT_LE(record.row.value.size(), 256u << 10);
    if (!record.row.tombstone) {
      EXPECT_EQ(SchemaError(record.row.topic, record.row.value), "") << record.row.value;
    }
  }
}

void CaseHouse::Reopen(const std::string& name) {
  books.reset();
  auto opened = Database::Open(dir.File(name));
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  books = std::make_unique<Books>(std::move(opened).value());
  db = books->db.get();
  queue = &books->queue;
}

PageOutcome CaseHouse::Take(const Page& page, const std::string& source) {
  SourceState state;
  state.cursor = page.next_cursor;
  const SourcePage one{source, "discourse", &page, &state};
  const auto outcomes = AcceptPages(*books, {&one, 1}, brand, judge, now);
  EXPECT_TRUE(outcomes.ok()) << outcomes.error().message;
  return outcomes.ok() ? outcomes->front() : PageOutcome{};
}

PageOutcome CaseHouse::Take(std::vector<Item> items, const std::string& source) {
  Page page;
  page.items = std::move(items);
  return Take(page, source);
}

PageOutcome CaseHouse::Delete(const std::string& id, const std::string& source) {
  Page page;
  page.deletions.push_back({id});
  return Take(page, source);
}

int CaseHouse::Release(int credit) {
  auto released = ReleaseTurns(*books, credit, 1000, now);
  EXPECT_TRUE(released.ok()) << released.error().message;
  return released.ok() ? *released : -1;
}

std::vector<std::string> CaseHouse::Waiting() {
  std::vector<std::string> texts;
  for (const WaitingTurn& turn : queue->Preview(1000)) {
    auto row = db->Query("SELECT text FROM posts WHERE id >> 32 = ?1 ORDER BY id LIMIT 1");
    texts.emplace_back(row.Bind(1, turn.case_no).Step() ? row.Text(0) : "?");
  }
  return texts;
}

std::vector<Record> CaseHouse::Records() {
  std::vector<Record> records;
  for (OutboxRow& row : Outbox::Read(*db, 0, 100'000, MiB(512))) {
    auto json = JsonDocument::Parse(row.tombstone ? "null" : row.value);
    EXPECT_TRUE(json.ok()) << row.value;
    records.push_back({std::move(row), std::move(json).value()});
  }
  return records;
}

std::vector<Record> CaseHouse::Records(Topic topic) {
  std::vector<Record> some;
  for (Record& record : Records()) {
    if (record.row.topic == topic) some.push_back(std::move(record));
  }
  return some;
}

std::int64_t CaseHouse::Count(const std::string& sql) {
  auto row = db->Query(sql);
  return row.Step() ? row.Int(0) : -1;
}

std::string CaseHouse::FileBytes() {
  return ReadAll(dir.File("state.db")) + ReadAll(dir.File("state.db-wal"));
}

std::string SchemaError(Topic topic, const std::string& json) {
  const rapidjson::SchemaDocument& schema = SchemaOf(topic);
  rapidjson::SchemaValidator validator(schema);
  rapidjson::Document value;
  if (value.Parse(json.c_str(), json.size()).HasParseError()) return "not JSON";
  if (value.Accept(validator)) return "";
  rapidjson::StringBuffer where;
  validator.GetInvalidDocumentPointer().StringifyUriFragment(where);
  return std::string(where.GetString()) + ": " + validator.GetInvalidSchemaKeyword();
}

}  // namespace webcare

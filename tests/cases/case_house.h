// The cases stage with everything around it faked: a judge that knows a few words, pages made by hand, the
// outbox read back. Every record that appears is checked against its schema in deploy/schemas.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/json.h"
#include "daemon/cases/intake.h"
#include "daemon/cases/releaser.h"
#include "daemon/store/outbox.h"
#include "tests/store/temp_dir.h"

namespace webcare {

// "stuk" is a complaint, "hoe" a question: both ask for a turn. From 10,000 followers a voice is loud.
class FakeJudge : public Judge {
 public:
  Verdict Decide(const Post& post, const PostContext& context) const override;
  ReachNote Annotate(const Post& post, const Verdict& verdict, const Reach& reach) const override;

  mutable std::vector<PostContext> asked;  // One per decision; views are only good for their page.
};

inline constexpr WallTime kMorning{std::chrono::milliseconds(1'790'000'000'000)};

// A post by `author`, written a minute before kMorning.
Item Say(const std::string& id, const std::string& author, const std::string& text);
// The same as an answer to `parent` in the conversation of `root`.
Item Answer(const std::string& id, const std::string& author, const std::string& text,
            const std::string& parent, const std::string& root);

struct Record {
  OutboxRow row;
  JsonDocument json;  // Null of a tombstone.
  JsonValue operator[](std::string_view key) const { return json.root()[key]; }
  std::string Header(std::string_view name) const;
};

class CaseHouse {
 public:
  CaseHouse();
  ~CaseHouse();  // Checks all records.

  void Reopen(const std::string& name = "state.db");
  PageOutcome Take(const Page& page, const std::string& source = "forum");
  PageOutcome Take(std::vector<Item> items, const std::string& source = "forum");
  PageOutcome Delete(const std::string& id, const std::string& source = "forum");
  int Release(int credit = 1);
  // Texts of the first posts of the next turns, in fair order.
  std::vector<std::string> Waiting();
  // Everything in the outbox so far.
  std::vector<Record> Records();
  std::vector<Record> Records(Topic topic);
  std::int64_t Count(const std::string& sql);
  std::string FileBytes();  // Of database and WAL.

  WallTime now = kMorning;
  FakeJudge judge;
  Brand brand{{"lumio"}, {{"*", "lumio"}}, {"lumio.example"}};
  TempDir dir;
  std::unique_ptr<Books> books;
  Database* db = nullptr;  // Of the books.
  TurnQueue* queue = nullptr;
};

// "" when `json` is valid under deploy/schemas/<topic>.schema.json, else where and why not.
std::string SchemaError(Topic topic, const std::string& json);

}  // namespace webcare

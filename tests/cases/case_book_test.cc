// What the book remembers of cases is what the tables say, whatever happened to them.
#include "daemon/cases/case_book.h"

#include <gmock/gmock.h>

#include <functional>

#include "daemon/cases/case_events.h"
#include "tests/cases/case_house.h"

namespace webcare {
namespace {

StoredPost PostOf(const std::string& id, const std::string& text) {
  const Post post = Say(id, "anna", text).post;
  StoredPost stored;
  stored.key = HashParts({id});
  stored.turn = 1;
  stored.facts = FactsJson(post);
  stored.verdict = VerdictJson(post, FakeJudge().Decide(post, {}));
  stored.text = text;
  return stored;
}

StoredCase CaseOf(const std::string& id) {
  StoredCase one;
  one.key = HashParts({"case", id});
  one.author = 7;
  one.turn = 1;
  one.waiting = true;
  one.posts = 1;
  one.likeness = 99;
  one.author_name = "Anna";
  one.release.number = 1;
  return one;
}

class BookOfCases : public testing::Test {
 protected:
  void Do(const std::function<void()>& work) {
    const Status done = house_.db->Atomically([&]() -> Status {
      work();
      return {};
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  StoredCase Open(const std::string& id, const std::string& text) {
    StoredCase one = CaseOf(id);
    Do([&] { book_.OpenCase(one, PostOf(id, text)); });
    return one;
  }

  // The record that a release would write: everything that is kept of the case.
  static std::string RecordOf(const std::optional<CaseFile>& file) {
    return file ? QueueRecord(*file, kMorning).value : "gone";
  }

  void ExpectAsInTables(std::int64_t no) {
    CaseBook reader(*house_.db);
    EXPECT_EQ(RecordOf(book_.FileOf(no)), RecordOf(reader.FileOf(no)));
  }

  CaseHouse house_;
  CaseBook& book_ = house_.books->cases;
};

TEST_F(BookOfCases, OpenedCaseNeedNotBeRead) {
  StoredCase one = Open("1", "Lamp stuk.");
  Do([&] { house_.db->Query("UPDATE posts SET text = 'from the table'").Run(); });
  EXPECT_THAT(RecordOf(book_.FileOf(one.no)), testing::HasSubstr("Lamp stuk."));
  EXPECT_THAT(RecordOf(book_.FileOf(one.no)), testing::HasSubstr("from the table"));  // Once.
}

TEST_F(BookOfCases, OpenedCaseIsAsInTheTables) { ExpectAsInTables(Open("1", "Lamp stuk.").no); }

TEST_F(BookOfCases, AnyChangeIsSeen) {
  using Change = std::function<void(StoredCase&)>;
  const auto post = [&] { return *book_.FindPost(HashParts({"1"})); };
  const std::vector<Change> changes = {
      [&](StoredCase& one) {
        one.author_name = "Anna B.";
        book_.UpdateCase(one);
      },
      [&](StoredCase& one) {
        one.release.attempt = 5;
        book_.UpdateReleased(one);
      },
      [&](StoredCase& one) { book_.DeleteCase(one); },
      [&](StoredCase& one) { book_.AddPost(PostOf("2", "Kap ook stuk."), one); },
      [&](StoredCase& one) {
        StoredPost edited = post();
        edited.text = "Kap stuk.";
        book_.UpdatePost(edited, one);
      },
      [&](StoredCase&) { book_.DeletePost(post()); },
  };
  for (const Change& change : changes) {
    StoredCase one = Open("1", "Lamp stuk.");
    Do([&] { change(one); });
    ExpectAsInTables(one.no);
    if (book_.LoadCase(one.no)) Do([&] { book_.DeleteCase(one); });
  }
}

TEST_F(BookOfCases, ForgottenLikenessIsSeen) {
  StoredCase one = Open("1", "Lamp stuk.");
  Do([&] { book_.ForgetLikeness(one); });
  EXPECT_EQ(book_.FileOf(one.no)->facts.likeness, 0);
}

TEST_F(BookOfCases, CaseOfARolledBackTransactionIsGone) {
  StoredCase one = CaseOf("1");
  const Status failed = house_.db->Atomically([&]() -> Status {
    book_.OpenCase(one, PostOf("1", "Lamp stuk."));
    return Error{ErrorCode::kUnavailable, "disk full"};
  });
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(RecordOf(book_.FileOf(one.no)), "gone");
  const StoredCase next = Open("2", "Kabel stuk.");
  EXPECT_EQ(next.no, one.no);
  ExpectAsInTables(next.no);
}

TEST_F(BookOfCases, TypeOfASourceMayChange) {
  StoredCase one = CaseOf("1");
  Do([&] {
    one.source = book_.SourceNo("forum", "discourse");
    book_.OpenCase(one, PostOf("1", "Lamp stuk."));
  });
  EXPECT_EQ(book_.LoadFile(one).source_type, "discourse");
  Do([&] { EXPECT_EQ(book_.SourceNo("forum", "syndication"), one.source); });
  EXPECT_EQ(book_.LoadFile(one).source_type, "syndication");
  const Status failed = house_.db->Atomically([&]() -> Status {
    book_.SourceNo("forum", "mastodon");
    EXPECT_EQ(book_.LoadFile(one).source_type, "mastodon");
    return Error{ErrorCode::kUnavailable, "disk full"};
  });
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(book_.LoadFile(one).source_type, "syndication");
}

TEST_F(BookOfCases, ManyLargeCasesAreReadInstead) {
  std::vector<std::int64_t> numbers;
  Do([&] {
    for (int i = 0; i < 100; ++i) {
      StoredCase one = CaseOf(std::to_string(i));
      book_.OpenCase(one, PostOf(std::to_string(i), "stuk " + std::string(60'000, 'x')));
      numbers.push_back(one.no);
    }
    house_.db->Query("UPDATE posts SET text = 'from the table'").Run();
  });
  int remembered = 0;
  for (const std::int64_t no : numbers) {
    const bool read = RecordOf(book_.FileOf(no)).find("from the table") != std::string::npos;
    remembered += read ? 0 : 1;
  }
  EXPECT_EQ(remembered, (4 << 20) / 60'500);
  Open("again",
       "Lamp stuk." + std::string(60'000, 'x'));  // There is room once they were taken out.
  Do([&] { house_.db->Query("UPDATE posts SET text = 'from the table'").Run(); });
  EXPECT_THAT(RecordOf(book_.FileOf(101)), testing::HasSubstr("Lamp stuk."));
}

}  // namespace
}  // namespace webcare

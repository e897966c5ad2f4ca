// Every recorded feed of ../shared is parsed or refused with a reason, and what its file expects of a
// parser (feedparser's "Expect:", gofeed's *.json, feedvalidator's "!Error") is held against our posts.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "connectors/markup/dates.h"
#include "connectors/markup/html_text.h"
#include "connectors/markup/text.h"
#include "daemon/base/json.h"
#include "tests/syndication/syndication_helpers.h"

namespace webcare {
namespace {

namespace fs = std::filesystem;

// What we truly reach; raise it when more is met.
constexpr int kLeastMet = 122;

struct Tally {
  int files = 0, parsed = 0, refused = 0, met = 0, expected = 0;
  void Expect(const fs::path& file, std::string_view what, bool met_now) {
    ++expected;
    met += met_now ? 1 : 0;
    if (!met_now) std::cout << "not met: " << file.filename().string() << ": " << what << "\n";
  }
};

std::string Read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string Title(const Post& post) { return post.text.substr(0, post.title_size); }

std::string Body(const Post& post) {
  return std::string(TrimSpace(std::string_view(post.text).substr(post.title_size)));
}

bool ListsLinks(const Post& post, const std::vector<std::string>& links) {
  return std::all_of(links.begin(), links.end(), [&](const std::string& link) {
    return std::find(post.links.begin(), post.links.end(), link) != post.links.end();
  });
}

// One value that feedparser names, against the post. Absent: nothing of ours answers to it.
std::optional<bool> Compare(const Post& post, const std::string& path, const std::string& value) {
  const HtmlText html = HtmlToText(value);
  if (path == "title" || path == "title_detail/value") return Title(post) == html.text;
  if (path == "summary" || path == "description" || path == "content/0/value") {
    return Body(post) == html.text && ListsLinks(post, html.links);
  }
  if (path == "link" || (path == "links/0/href" && value == post.permalink)) {
    return post.permalink == value;
  }
  if (path == "id" || path == "guid") return post.native_id == value;
  if (path == "author" || path == "author_detail/name") return post.author.name == value;
  if (path == "author_detail/email") return post.author.id == value;
  if (path == "created" || path == "published") return post.created_at == ParseDate(value);
  if (path == "title_detail/language") return post.language == value;
  return std::nullopt;
}

bool HasXmlError(const Page& page) {
  const auto is_xml = [](const std::string& text) { return text.substr(0, 4) == "XML:"; };
  return std::any_of(page.warnings.begin(), page.warnings.end(), is_xml) ||
         std::any_of(page.rejected.begin(), page.rejected.end(),
                     [&](const RejectedItem& item) { return is_xml(item.reason); });
}

std::string Line(const std::string& body, const std::string& name) {
  std::smatch found;
  const std::regex line(name + R"(:[ \t]*([^\n]*))");
  return std::regex_search(body, found, line) ? found[1].str() : "";
}

// "entries[0]['title'] == 'x' and not bozo".
void CheckFeedparser(const fs::path& file, const std::string& body, const Result<Page>& page,
                     Tally& tally) {
  const std::string expression = Line(body.substr(0, 1500), "Expect");
  if (expression.find("not bozo") != std::string::npos) {
    tally.Expect(file, "not bozo", page.ok() && !HasXmlError(*page));
  }
  static const std::regex clause(R"(entries\[(\d+)\]((?:\[[^\]]+\])+) == '([^']*)')");
  for (std::sregex_iterator it(expression.begin(), expression.end(), clause), end; it != end;
       ++it) {
    std::string path = std::regex_replace((*it)[2].str(), std::regex(R"(\]\[)"), "/");
    path = std::regex_replace(path, std::regex(R"([\[\]'])"), "");
    const auto index = static_cast<std::size_t>(std::stoi((*it)[1].str()));
    const bool there = page.ok() && index < page->items.size();
    const Post post = there ? page->items[page->items.size() - 1 - index].post : Post();
    const auto result = Compare(post, path, (*it)[3].str());
    if (result) tally.Expect(file, (*it)[0].str(), there && *result);
  }
}

// An item as gofeed or the JSON Feed itself writes it.
void CheckJsonItem(const fs::path& file, JsonValue wanted, const Post& post, Tally& tally) {
  const auto check = [&](std::string_view key, auto matches) {
    const std::string_view value = wanted[key].Str();
    if (!value.empty()) tally.Expect(file, key, matches(value));
  };
  check("title", [&](std::string_view v) { return Title(post) == HtmlToText(v).text; });
  check("content_text", [&](std::string_view v) { return Body(post) == v; });
  check("description", [&](std::string_view v) { return Body(post) == HtmlToText(v).text; });
  check("link", [&](std::string_view v) { return post.permalink == v; });
  check("url", [&](std::string_view v) { return post.permalink == v; });
  check("id", [&](std::string_view v) { return post.native_id == v; });
  check("guid", [&](std::string_view v) { return post.native_id == v; });
  check("published", [&](std::string_view v) { return post.created_at == ParseDate(v); });
  check("date_published", [&](std::string_view v) { return post.created_at == ParseDate(v); });
  const std::string_view author = wanted["author"]["name"].Str();
  if (!author.empty()) tally.Expect(file, "author", post.author.name == author);
  for (const std::string_view key : {"categories", "tags"}) {
    for (std::size_t i = 0; i < wanted[key].size(); ++i) {
      const std::string tag(wanted[key].at(i).Str());
      tally.Expect(file, key, std::count(post.tags.begin(), post.tags.end(), tag) == 1);
    }
  }
}

void CheckExpectedFile(const fs::path& file, const Result<Page>& page, Tally& tally) {
  fs::path expected = file;
  expected.replace_extension(".json");
  if (file.extension() == ".json") {
    expected.replace_filename(file.stem().string() + "_expected.json");
  }
  if (!fs::exists(expected)) return;
  const auto document = JsonDocument::Parse(Read(expected));
  ASSERT_TRUE(document.ok());
  const JsonValue items = document->root()["items"];
  tally.Expect(file, "items", page.ok() && page->items.size() == items.size());
  if (!page.ok() || page->items.size() != items.size()) return;
  for (std::size_t i = 0; i < items.size(); ++i) {
    CheckJsonItem(file, items.at(i), page->items[items.size() - 1 - i].post, tally);
  }
}

HttpHeaders HeadersOf(const std::string& body) {
  const std::string header = Line(body.substr(0, 1500), "Header");
  const std::size_t colon = header.find(':');
  if (colon == std::string::npos) return {};
  return {{LowerAscii(header.substr(0, colon)), std::string(TrimSpace(header.substr(colon + 1)))}};
}

void CheckFile(const fs::path& file, Tally& tally) {
  const std::string body = Read(file);
  const auto page = MakeFeedConnector()->ParsePage(
      Answer(body, HeadersOf(body), "http://127.0.0.1:8097/tests/feed.xml"), "", TestNow());
  ++tally.files;
  ++(page.ok() ? tally.parsed : tally.refused);
  if (!page.ok()) {
    EXPECT_FALSE(page.error().message.empty()) << file;
    std::cout << "refused: " << file.filename().string() << ": " << page.error().message << "\n";
  }
  const std::string where = file.string();
  if (where.find("/feedparser/") != std::string::npos) CheckFeedparser(file, body, page, tally);
  if (where.find("/feedvalidator/") != std::string::npos) {
    tally.Expect(file, "readable", page.ok() && !HasXmlError(*page));
  }
  if (where.find("/gofeed/") != std::string::npos) CheckExpectedFile(file, page, tally);
}

TEST(SyndicationRecordings, ParseOrAreRefusedAndMeetWhatTheyExpect) {
  const fs::path recordings = fs::path(WEBCARE_SOURCE_DIR) / "../shared/recordings";
  if (!fs::exists(recordings)) GTEST_SKIP() << "../shared/recordings is not there";
  Tally tally;
  for (const std::string_view folder : {"rss-atom", "jsonfeed"}) {
    for (const auto& entry : fs::recursive_directory_iterator(recordings / folder)) {
      const std::string name = entry.path().filename().string();
      const bool expectation = name.find("_expected.json") != std::string::npos ||
                               (folder == "rss-atom" && entry.path().extension() == ".json");
      if (entry.is_regular_file() && !expectation) CheckFile(entry.path(), tally);
    }
  }
  std::cout << "syndication recordings: " << tally.files << " files, " << tally.parsed
            << " parsed, " << tally.refused << " refused, " << tally.met << " of " << tally.expected
            << " expectations met\n";
  EXPECT_GE(tally.met, kLeastMet);
}

}  // namespace
}  // namespace webcare

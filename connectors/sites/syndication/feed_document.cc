#include "connectors/sites/syndication/feed_document.h"

#include <expat.h>

#include <algorithm>
#include <memory>

#include "connectors/markup/text.h"
#include "connectors/sites/syndication/feed_tree.h"
#include "connectors/sites/syndication/syndication_connector.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

constexpr int kMostRestarts = 50;
constexpr std::size_t kLargestOpening = std::size_t{16} << 10;
constexpr std::size_t kRawSize = std::size_t{4} << 10;

struct Closer {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<XML_ParserStruct, Closer>;

// One document, read in one or, where items are broken, several runs of the parser.
class Reader {
 public:
  Reader(FeedDocument& document, std::string_view xml, std::string_view base_url)
      : document_(document), xml_(xml), tree_(document, base_url) {}

  void Run() {
    from_ = 0;
    for (int restarts = 0; !ParseRun(); ++restarts) {
      if (restarts >= kMostRestarts || !GoOnBehindItem()) break;
    }
    if (tree_.in_item()) tree_.AbandonItem();  // Half an item is none.
  }

 private:
  // True: nothing is left to read.
  bool ParseRun();
  // True: the broken item is rejected, opening_ and from_ are set for the next run.
  bool GoOnBehindItem();
  std::string Opening() const;
  std::size_t Position() const;  // In xml_, of the event or error at hand.
  std::string Describe(std::string_view what, std::size_t at) const;

  static Reader& Self(void* self) { return *static_cast<Reader*>(self); }
  void StopIfNeeded() {
    if (tree_.stopped()) XML_StopParser(parser_.get(), XML_FALSE);
  }
  static void OnStart(void* self, const char* name, const char** attributes);
  static void OnEnd(void* self, const char* name);
  static void OnText(void* self, const char* text, int size);
  static void OnDoctype(void* self, const char*, const char*, const char*, int has_subset);
  static void OnEntity(void* self, const char*, int, const char*, int, const char*, const char*,
                       const char*, const char*);

  FeedDocument& document_;
  std::string_view xml_;
  FeedTree tree_;
  Parser parser_;
  std::string opening_;   // Start tags of the elements around items, for runs after the first.
  std::size_t from_ = 0;  // Where the run goes on in xml_.
  std::size_t error_at_ = 0;
};

void Reader::OnStart(void* self, const char* name, const char** attributes) {
  Reader& reader = Self(self);
  const int size = XML_GetCurrentByteCount(reader.parser_.get());
  reader.tree_.Start(name, attributes, reader.Position(), static_cast<std::size_t>(size));
  reader.StopIfNeeded();
}

void Reader::OnEnd(void* self, const char* /*name*/) {
  Reader& reader = Self(self);
  const std::size_t rejected = reader.document_.rejected.size();
  reader.tree_.End();
  if (reader.document_.rejected.size() == rejected) return;
  const std::string_view raw = reader.xml_.substr(reader.tree_.item_at());
  reader.document_.rejected.back().raw = CutUtf8(raw, kRawSize);
}

void Reader::OnText(void* self, const char* text, int size) {
  Self(self).tree_.Text({text, static_cast<std::size_t>(size)});
}

void Reader::OnDoctype(void* self, const char* /*name*/, const char* /*system*/,
                       const char* /*public_id*/, int has_subset) {
  if (has_subset == 0) return;
  Self(self).tree_.Stop("a document type with declarations of its own");
  Self(self).StopIfNeeded();
}

void Reader::OnEntity(void* self, const char* /*name*/, int /*is_parameter*/, const char* /*value*/,
                      int /*size*/, const char* /*base*/, const char* /*system*/,
                      const char* /*public_id*/, const char* /*notation*/) {
  Self(self).tree_.Stop("an entity declaration");
  Self(self).StopIfNeeded();
}

std::size_t Reader::Position() const {
  const auto index =
      static_cast<std::size_t>(std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_.get())));
  return std::min(from_ + index - std::min(index, opening_.size()), xml_.size());
}

std::string Reader::Describe(std::string_view what, std::size_t at) const {
  const auto line = 1 + std::count(xml_.begin(), xml_.begin() + static_cast<long>(at), '\n');
  return std::string(what) + " near line " + std::to_string(line);
}

bool Reader::ParseRun() {
  parser_.reset(XML_ParserCreate("UTF-8"));
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(parser_.get(), &OnStart, &OnEnd);
  XML_SetCharacterDataHandler(parser_.get(), &OnText);
  XML_SetStartDoctypeDeclHandler(parser_.get(), &OnDoctype);
  XML_SetEntityDeclHandler(parser_.get(), &OnEntity);
  XML_Status status = XML_STATUS_OK;
  if (!opening_.empty()) {
    tree_.Replay();
    status =
        XML_Parse(parser_.get(), opening_.data(), static_cast<int>(opening_.size()), XML_FALSE);
  }
  const std::string_view rest = xml_.substr(from_);
  if (status == XML_STATUS_OK) {
    status = XML_Parse(parser_.get(), rest.data(), static_cast<int>(rest.size()), XML_TRUE);
  }
  if (status == XML_STATUS_OK || tree_.root_closed()) return true;
  error_at_ = Position();
  if (tree_.stopped()) {
    if (!tree_.stop_reason().empty()) document_.error = Describe(tree_.stop_reason(), error_at_);
    return true;
  }
  document_.error = Describe(XML_ErrorString(XML_GetErrorCode(parser_.get())), error_at_);
  return false;
}

std::string Reader::Opening() const {
  std::string opening;
  for (const FeedTree::Tag& tag : tree_.outer_tags()) opening += xml_.substr(tag.at, tag.size);
  return opening;
}

bool Reader::GoOnBehindItem() {
  if (!tree_.in_item()) return false;
  XmlNode item = tree_.AbandonItem();
  const std::string end_tag = "</" + tree_.item_tag();
  const std::size_t end = xml_.find(end_tag, error_at_);
  if (end == std::string_view::npos) return false;  // Cut off: the next poll brings all of it.
  const std::size_t behind = std::min(xml_.find('>', end), xml_.size() - 1) + 1;
  opening_ = Opening();
  if (opening_.empty() || opening_.size() > kLargestOpening) return false;
  RejectedItem rejected;
  const Vocabulary core = item.vocabulary;
  rejected.native_id = CleanLine(item.ChildText(core, core == Vocabulary::kAtom ? "id" : "guid"));
  rejected.reason = "XML: " + document_.error;
  const std::string_view raw = xml_.substr(tree_.item_at(), behind - tree_.item_at());
  rejected.raw = CutUtf8(raw, kRawSize);
  document_.rejected.push_back(std::move(rejected));
  document_.error.clear();
  from_ = behind;
  return true;
}

}  // namespace

FeedDocument ParseFeedDocument(std::string_view xml, std::string_view base_url) {
  FeedDocument document;
  Reader(document, xml, base_url).Run();
  return document;
}

LibraryVersion XmlLibrary() {
  const std::string built = std::to_string(XML_MAJOR_VERSION) + "." +
                            std::to_string(XML_MINOR_VERSION) + "." +
                            std::to_string(XML_MICRO_VERSION);
  return {"expat", built, std::string(XML_ExpatVersion()).substr(sizeof "expat_" - 1)};
}

}  // namespace webcare

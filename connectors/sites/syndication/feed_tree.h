// Builds the tree of a FeedDocument from the events of an XML parser; keeps its limits.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/sites/syndication/feed_document.h"

namespace webcare {

// Names come as written ("dc:creator"), namespaces are resolved here. After a limit is broken
// stop_reason() says which, and further events are ignored.
class FeedTree {
 public:
  FeedTree(FeedDocument& document, std::string_view base_url);

  // `attributes`: names and values in turn, closed by a null pointer (as expat gives them). `at` and
  // `size`: where the tag stands in the text.
  void Start(const char* name, const char** attributes, std::size_t at, std::size_t size);
  void End();
  void Text(std::string_view text);
  // Ends the parse from outside.
  void Stop(std::string reason);

  const std::string& stop_reason() const { return stop_reason_; }
  bool stopped() const { return stopped_; }
  bool root_closed() const { return root_closed_; }
  bool in_item() const { return item_ != nullptr; }
  std::size_t item_at() const { return item_at_; }

  // Recovery from broken XML inside an item. Takes the half-read item out of the document and opens the
  // elements around it anew; the next Start belongs into them.
  XmlNode AbandonItem();
  // The tag name of items as the document writes it, "item" or "atom:entry".
  const std::string& item_tag() const { return item_tag_; }
  // Where the start tags of the elements around the items stand in the text.
  struct Tag {
    std::size_t at = 0;
    std::size_t size = 0;
  };
  const std::vector<Tag>& outer_tags() const { return outer_tags_; }
  // The number of coming Start events that only repeat the outer tags.
  void Replay() { replay_ = outer_tags_.size(); }

 private:
  struct Namespace {
    std::string prefix;
    Vocabulary vocabulary;
    std::size_t depth;
  };
  struct QualifiedName {
    Vocabulary vocabulary;
    std::string local;
    bool prefixed;
  };

  void DeclareNamespaces(const char** attributes);
  QualifiedName Resolve(std::string_view name) const;
  bool StartsItem(const XmlNode& node) const;
  XmlNode MakeNode(const char* name, const char** attributes) const;
  void Open(XmlNode node);
  void OpenItem(XmlNode node, std::string_view tag, std::size_t at);
  void CloseItem();
  void StartMarkup();
  void WriteMarkupTag(const char* name, const char** attributes);
  bool Spend(std::size_t bytes);

  FeedDocument& document_;
  std::shared_ptr<const std::string> base_;
  std::vector<XmlNode*> open_;  // Path to the current element. Ancestors do not grow meanwhile.
  std::vector<Namespace> namespaces_;
  std::vector<Tag> tags_;  // Of the open elements outside items.
  std::vector<Tag> outer_tags_;
  std::vector<XmlNode*> outer_;
  std::vector<std::string> markup_tags_;  // Open elements inside a text, innermost last.
  std::string item_tag_;
  XmlNode* item_ = nullptr;
  std::size_t item_at_ = 0;
  std::size_t item_depth_ = 0;
  std::size_t depth_ = 0;
  std::size_t skip_depth_ = 0;  // Depth of the element whose content is left out; 0: none.
  std::size_t elements_ = 0;
  std::size_t spent_ = 0;  // Bytes of the current item, or of all outside items.
  std::size_t spent_outside_ = 0;
  std::size_t replay_ = 0;
  bool too_large_ = false;
  bool stopped_ = false;
  bool root_closed_ = false;
  std::string stop_reason_;
};

}  // namespace webcare

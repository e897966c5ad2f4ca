#include "connectors/sites/syndication/feed_tree.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "connectors/markup/text.h"
#include "connectors/markup/url.h"

namespace webcare {
namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostAttributes = 256;
constexpr std::size_t kMostItems = 500;
constexpr std::size_t kMostElements = 100'000;
constexpr std::size_t kLargestItem = std::size_t{1} << 20;
constexpr std::size_t kElementCost = 16;  // So that empty elements cost something, too.

constexpr std::size_t kLargestBase = 2048;

// Elements whose content is text; elements inside are its markup, not structure.
bool HoldsText(const XmlNode& node) {
  constexpr std::string_view kTexts[] = {"content",  "description", "encoded", "info", "rights",
                                         "subtitle", "summary",     "tagline", "title"};
  if (node.vocabulary == Vocabulary::kXhtml) return true;
  return std::find(std::begin(kTexts), std::end(kTexts), node.name) != std::end(kTexts) &&
         !(node.vocabulary == Vocabulary::kMedia && node.name == "content");
}

bool IsFeedRoot(const XmlNode& node) {
  return node.name == "rss" || node.name == "rdf" || node.name == "feed";
}

void AppendEscaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out.push_back(c);
    }
  }
}

std::string LocalName(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return LowerAscii(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

}  // namespace

FeedTree::FeedTree(FeedDocument& document, std::string_view base_url)
    : document_(document), base_(std::make_shared<const std::string>(base_url)) {}

void FeedTree::Stop(std::string reason) {
  if (stopped_) return;
  stopped_ = true;
  stop_reason_ = std::move(reason);
}

void FeedTree::DeclareNamespaces(const char** attributes) {
  for (; *attributes != nullptr; attributes += 2) {
    const std::string_view name = attributes[0];
    if (name.substr(0, 5) != "xmlns" || (name.size() > 5 && name[5] != ':')) continue;
    const std::string_view prefix = name.size() > 5 ? name.substr(6) : std::string_view();
    namespaces_.push_back({std::string(prefix), VocabularyOfUri(attributes[1]), depth_});
  }
}

FeedTree::QualifiedName FeedTree::Resolve(std::string_view name) const {
  const std::size_t colon = name.find(':');
  const bool prefixed = colon != std::string_view::npos;
  const std::string_view prefix = prefixed ? name.substr(0, colon) : std::string_view();
  std::string local = LowerAscii(prefixed ? name.substr(colon + 1) : name);
  const auto found = std::find_if(namespaces_.rbegin(), namespaces_.rend(),
                                  [&](const Namespace& n) { return n.prefix == prefix; });
  if (found != namespaces_.rend() && found->vocabulary != Vocabulary::kOther) {
    return {found->vocabulary, std::move(local), prefixed};
  }
  if (prefixed) return {VocabularyOfPrefix(prefix), std::move(local), true};
  // No or an unknown default namespace: what the document is at heart.
  const bool is_atom = document_.root.name == "feed" || local == "feed";
  return {is_atom ? Vocabulary::kAtom : Vocabulary::kRss, std::move(local), false};
}

XmlNode FeedTree::MakeNode(const char* name, const char** attributes) const {
  XmlNode node;
  QualifiedName qualified = Resolve(name);
  node.vocabulary = qualified.vocabulary;
  node.name = std::move(qualified.local);
  node.base = open_.empty() ? base_ : open_.back()->base;
  if (!open_.empty()) node.language = open_.back()->language;
  for (; *attributes != nullptr; attributes += 2) {
    const std::string_view attribute = attributes[0];
    if (attribute.substr(0, 5) == "xmlns") continue;
    if (attribute == "xml:lang") node.language = TrimSpace(attributes[1]);
    if (attribute == "xml:base" && std::strlen(attributes[1]) <= kLargestBase) {
      node.base = std::make_shared<const std::string>(ResolveUrl(*node.base, attributes[1]));
    }
    const bool prefixed = attribute.find(':') != std::string_view::npos;
    node.attributes.push_back({prefixed ? Resolve(attribute).vocabulary : Vocabulary::kRss,
                               LocalName(attribute), attributes[1]});
  }
  return node;
}

bool FeedTree::Spend(std::size_t bytes) {
  std::size_t& spent = item_ != nullptr ? spent_ : spent_outside_;
  spent += bytes;
  if (spent <= kLargestItem) return true;
  if (item_ != nullptr) too_large_ = true;
  return false;
}

bool FeedTree::StartsItem(const XmlNode& node) const {
  if (item_ != nullptr || open_.empty()) return false;
  const std::string& parent = open_.back()->name;
  if (node.Is(Vocabulary::kAtom, "entry")) return parent == "feed";
  return node.Is(Vocabulary::kRss, "item") &&
         (parent == "channel" || parent == "rss" || parent == "rdf" || parent == "items");
}

void FeedTree::Start(const char* name, const char** attributes, std::size_t at, std::size_t size) {
  if (stopped_) return;
  ++depth_;
  if (depth_ > kDeepest) return Stop("more than 64 elements inside each other");
  if (++elements_ > kMostElements) return Stop("more than 100000 elements");
  std::size_t count = 0;
  while (attributes[count] != nullptr) ++count;
  if (count / 2 > kMostAttributes) return Stop("an element with more than 256 attributes");
  if (skip_depth_ > 0) return;
  DeclareNamespaces(attributes);
  if (replay_ > 0) {
    const std::size_t index = outer_.size() - replay_--;
    open_.push_back(outer_[index]);
    tags_.push_back(outer_tags_[index]);
    return;
  }
  if (!markup_tags_.empty() || (!open_.empty() && HoldsText(*open_.back()))) {
    return WriteMarkupTag(name, attributes);
  }
  XmlNode node = MakeNode(name, attributes);
  if (item_ == nullptr) tags_.push_back({at, size});
  if (StartsItem(node)) return OpenItem(std::move(node), name, at);
  const bool foreign = node.vocabulary == Vocabulary::kOther && !open_.empty();
  std::size_t cost = kElementCost + node.name.size();
  for (const XmlAttribute& a : node.attributes) cost += kElementCost + a.value.size();
  if (foreign || !Spend(cost)) {
    if (item_ == nullptr) tags_.pop_back();
    skip_depth_ = depth_;
    return;
  }
  Open(std::move(node));
}

void FeedTree::Open(XmlNode node) {
  if (open_.empty()) {
    document_.root = std::move(node);
    open_.push_back(&document_.root);
    if (!IsFeedRoot(document_.root)) Stop("");
    return;
  }
  open_.back()->children.push_back(std::move(node));
  open_.push_back(&open_.back()->children.back());
}

void FeedTree::OpenItem(XmlNode node, std::string_view tag, std::size_t at) {
  tags_.pop_back();
  if (document_.items.size() >= kMostItems) {
    document_.more_items = true;
    return Stop("");
  }
  // Of this item, not of the first: elements that are closed may have moved.
  outer_ = open_;
  outer_tags_ = tags_;
  item_tag_ = tag;
  document_.items.push_back(std::move(node));
  item_ = &document_.items.back();
  item_at_ = at;
  item_depth_ = depth_;
  spent_ = 0;
  too_large_ = false;
  open_.push_back(item_);
}

void FeedTree::CloseItem() {
  item_ = nullptr;
  if (!too_large_) return;
  RejectedItem rejected;
  const XmlNode& item = document_.items.back();
  const Vocabulary core = item.vocabulary;
  rejected.native_id = CleanLine(item.ChildText(core, core == Vocabulary::kAtom ? "id" : "guid"));
  rejected.reason = "more than 1 MiB of text";
  document_.rejected.push_back(std::move(rejected));
  document_.items.pop_back();
}

void FeedTree::End() {
  if (stopped_) return;
  while (!namespaces_.empty() && namespaces_.back().depth >= depth_) namespaces_.pop_back();
  const std::size_t depth = depth_--;
  if (skip_depth_ > 0) {
    if (depth == skip_depth_) skip_depth_ = 0;
    return;
  }
  if (!markup_tags_.empty()) {
    if (Spend(markup_tags_.back().size())) {
      open_.back()->text.append("</").append(markup_tags_.back()).append(">");
    }
    markup_tags_.pop_back();
    return;
  }
  open_.pop_back();
  if (item_ != nullptr && depth == item_depth_) {
    CloseItem();
  } else if (item_ == nullptr && !tags_.empty()) {
    tags_.pop_back();
  }
  root_closed_ = depth_ == 0;
}

void FeedTree::Text(std::string_view text) {
  if (stopped_ || skip_depth_ > 0 || open_.empty() || !Spend(text.size())) return;
  if (open_.back()->has_markup) {
    AppendEscaped(open_.back()->text, text);
  } else {
    open_.back()->text.append(text);
  }
}

void FeedTree::StartMarkup() {
  XmlNode& node = *open_.back();
  if (std::exchange(node.has_markup, true)) return;
  AppendEscaped(node.text, std::exchange(node.text, ""));
}

void FeedTree::WriteMarkupTag(const char* name, const char** attributes) {
  StartMarkup();
  markup_tags_.push_back(LocalName(name));
  std::string tag = "<" + markup_tags_.back();
  for (; *attributes != nullptr; attributes += 2) {
    const std::string local = LocalName(attributes[0]);
    if (local != "href" && local != "class" && local != "alt" && local != "rel") continue;
    tag.append(" ").append(local).append("=\"");
    AppendEscaped(tag, attributes[1]);
    tag.push_back('"');
  }
  tag.push_back('>');
  if (Spend(tag.size())) open_.back()->text.append(tag);
}

XmlNode FeedTree::AbandonItem() {
  XmlNode item = std::move(document_.items.back());
  document_.items.pop_back();
  item_ = nullptr;
  open_.clear();
  namespaces_.clear();
  tags_.clear();
  markup_tags_.clear();
  depth_ = 0;
  skip_depth_ = 0;
  return item;
}

}  // namespace webcare

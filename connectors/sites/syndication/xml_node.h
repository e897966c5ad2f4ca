// One element of a feed with what it holds: the small tree that the field readers look into.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/sites/syndication/vocabulary.h"

namespace webcare {

struct XmlAttribute {
  Vocabulary vocabulary = Vocabulary::kRss;  // kRss: no prefix.
  std::string name;                          // Local name, lower case.
  std::string value;
};

struct XmlNode {
  Vocabulary vocabulary = Vocabulary::kRss;
  std::string name;  // Local name, lower case.
  std::vector<XmlAttribute> attributes;
  // The characters right inside. Where `has_markup`, the whole content as HTML instead.
  std::string text;
  bool has_markup = false;
  std::shared_ptr<const std::string> base;  // xml:base in force; never null.
  std::string language;                     // xml:lang in force.
  std::vector<XmlNode> children;

  bool Is(Vocabulary of, std::string_view local) const { return vocabulary == of && name == local; }
  // The first child of that name, or null.
  const XmlNode* Child(Vocabulary of, std::string_view local) const;
  // Its text without space around it, or "".
  std::string_view ChildText(Vocabulary of, std::string_view local) const;
  // The value of the attribute without space around it, or "".
  std::string_view Attribute(std::string_view local, Vocabulary of = Vocabulary::kRss) const;
  std::string_view TrimmedText() const;
  // A URL seen from the element's base; "" stays "".
  std::string Resolve(std::string_view url) const;
};

}  // namespace webcare

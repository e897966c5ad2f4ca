#include "connectors/sites/syndication/xml_node.h"

#include <algorithm>

#include "connectors/markup/text.h"
#include "connectors/markup/url.h"

namespace webcare {

const XmlNode* XmlNode::Child(Vocabulary of, std::string_view local) const {
  const auto found = std::find_if(children.begin(), children.end(),
                                  [&](const XmlNode& child) { return child.Is(of, local); });
  return found == children.end() ? nullptr : &*found;
}

std::string_view XmlNode::ChildText(Vocabulary of, std::string_view local) const {
  const XmlNode* child = Child(of, local);
  return child == nullptr ? std::string_view() : child->TrimmedText();
}

std::string_view XmlNode::Attribute(std::string_view local, Vocabulary of) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const XmlAttribute& a) {
    return a.vocabulary == of && a.name == local;
  });
  return found == attributes.end() ? std::string_view() : TrimSpace(found->value);
}

std::string_view XmlNode::TrimmedText() const { return TrimSpace(text); }

std::string XmlNode::Resolve(std::string_view url) const {
  return TrimSpace(url).empty() ? "" : ResolveUrl(*base, url);
}

}  // namespace webcare

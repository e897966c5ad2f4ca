// YamlNode's readings of a scalar.
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "daemon/base/yaml_node.h"
#include "daemon/base/yaml_tree.h"

namespace webcare {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::array<Unit, 6> kDurationUnits = {{{"ms", 1},
                                                 {"s", 1000},
                                                 {"min", 60'000},
                                                 {"h", 3'600'000},
                                                 {"d", 86'400'000},
                                                 {"w", 604'800'000}}};
constexpr std::array<Unit, 4> kSizeUnits = {
    {{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};

// Whole decimal numbers only: no sign but '-', no leading zeros, no fraction ("012" is 10 to some).
std::optional<std::int64_t> ParseInt(std::string_view text) {
  std::int64_t value = 0;
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "90s" by a table of units; nothing when number or unit is wrong or the product overflows.
template <std::size_t N>
std::optional<std::int64_t> ParseUnits(std::string_view text, const std::array<Unit, N>& units) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
  const std::optional<std::int64_t> number = ParseInt(text.substr(0, digits));
  for (const Unit& unit : units) {
    std::int64_t product = 0;
    if (text.substr(digits) == unit.name && number &&
        !__builtin_mul_overflow(*number, unit.factor, &product))
      return product;
  }
  return std::nullopt;
}

// The largest unit that divides the value: 90000 -> "90s".
template <std::size_t N>
std::string WithUnit(std::int64_t value, const std::array<Unit, N>& units) {
  const Unit* best = &units[0];
  for (const Unit& unit : units)
    if (value != 0 && value % unit.factor == 0) best = &unit;
  return std::to_string(value / best->factor) + std::string(best->name);
}

std::string ShortNumber(double value) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc() ? std::string(buffer, end) : std::string("?");
}

}  // namespace

std::optional<std::string_view> YamlNode::Scalar(std::string_view meant) const {
  if (!tree_) return std::nullopt;
  const YamlTree::Node& node = tree_->nodes[static_cast<std::size_t>(index_)];
  if (node.kind == YamlTree::Kind::kScalar && (!node.text.empty())) return node.text;
  const bool empty = node.kind == YamlTree::Kind::kNull || node.kind == YamlTree::Kind::kScalar;
  Error((empty ? "empty value; " : "") + std::string(meant) + " expected");
  return std::nullopt;
}

std::string YamlNode::Text(std::string_view fallback) const {
  return std::string(Scalar("a text").value_or(fallback));
}

bool YamlNode::Bool(bool fallback) const {
  const auto text = Scalar("true or false");
  if (!text) return fallback;
  if (*text == "true") return true;
  if (*text != "false") Error("'" + std::string(*text) + "' is not true or false");
  return false;
}

std::int64_t YamlNode::Int(std::int64_t fallback, std::int64_t least, std::int64_t most) const {
  const auto text = Scalar("a whole number");
  if (!text) return fallback;
  const auto value = ParseInt(*text);
  if (!value) {
    Error("'" + std::string(*text) + "' is not a whole number");
  } else if (*value < least || *value > most) {
    Error(std::to_string(*value) + " is out of range (" + std::to_string(least) + " to " +
          std::to_string(most) + ")");
  } else {
    return *value;
  }
  return fallback;
}

double YamlNode::Number(double fallback, double least, double most) const {
  const auto text = Scalar("a number");
  if (!text) return fallback;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || !std::isfinite(value)) {
    Error("'" + std::string(*text) + "' is not a number");
  } else if (value < least || value > most) {
    Error(ShortNumber(value) + " is out of range (" + ShortNumber(least) + " to " +
          ShortNumber(most) + ")");
  } else {
    return value;
  }
  return fallback;
}

milliseconds YamlNode::Duration(milliseconds fallback, milliseconds least,
                                milliseconds most) const {
  const auto text = Scalar("a duration such as 90s");
  if (!text) return fallback;
  const auto value = ParseUnits(*text, kDurationUnits);
  if (!value) {
    Error("'" + std::string(*text) +
          "' is not a duration (a number with ms, s, min, h, d or w: 90s)");
  } else if (*value < least.count() || *value > most.count()) {
    Error(std::string(*text) + " is out of range (" + WithUnit(least.count(), kDurationUnits) +
          " to " + WithUnit(most.count(), kDurationUnits) + ")");
  } else {
    return milliseconds(*value);
  }
  return fallback;
}

Bytes YamlNode::Size(Bytes fallback, Bytes least, Bytes most) const {
  const auto text = Scalar("a size such as 64MiB");
  if (!text) return fallback;
  const auto value = ParseUnits(*text, kSizeUnits);
  if (!value) {
    Error("'" + std::string(*text) + "' is not a size (a number with B, KiB, MiB or GiB: 64MiB)");
  } else if (static_cast<std::uint64_t>(*value) < least.count ||
             static_cast<std::uint64_t>(*value) > most.count) {
    Error(std::string(*text) + " is out of range (" +
          WithUnit(static_cast<std::int64_t>(least.count), kSizeUnits) + " to " +
          WithUnit(static_cast<std::int64_t>(most.count), kSizeUnits) + ")");
  } else {
    return {static_cast<std::uint64_t>(*value)};
  }
  return fallback;
}

std::string YamlNode::Choice(std::string_view fallback,
                             const std::vector<std::string_view>& allowed) const {
  std::string list;
  for (const std::string_view name : allowed) list.append(list.empty() ? "" : ", ").append(name);
  const auto text = Scalar("one of " + list);
  if (!text) return std::string(fallback);
  for (const std::string_view name : allowed)
    if (name == *text) return std::string(name);
  const std::string near = DidYouMean(*text, allowed);
  Error("'" + std::string(*text) + "' is not one of " + list + near);
  return std::string(fallback);
}

std::vector<std::string> YamlNode::TextList() const {
  std::vector<std::string> texts;
  std::set<std::string> seen;
  for (const YamlNode& item : Items()) {
    const auto text = item.Scalar("a text");
    if (!text) continue;
    if (!seen.insert(std::string(*text)).second)
      item.Error("'" + std::string(*text) + "' stands twice");
    texts.emplace_back(*text);
  }
  return texts;
}

}  // namespace webcare

#include "daemon/config/source_file.h"

#include <algorithm>
#include <filesystem>

#include "connectors/registry.h"

namespace webcare {
namespace {

using namespace std::chrono_literals;

std::string ReadId(const YamlNode& node, SourceList& sources) {
  const YamlNode id = node.Require("id");
  std::string text = id.Text();
  if (text.size() > 64 ||
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    id.Error("'" + text + "' may hold a-z, 0-9 and '-' only, at most 64");
  if (std::find(sources.ids.begin(), sources.ids.end(), text) != sources.ids.end())
    id.Error("source '" + text + "' is configured twice");
  sources.ids.push_back(text);
  return text;
}

const ConnectorType* ReadType(const YamlNode& node) {
  const YamlNode type = node.Require("type");
  if (!type.present()) return nullptr;
  std::vector<std::string_view> names;
  for (const ConnectorType& known : AllConnectors()) names.push_back(known.name);
  return FindConnector(type.Choice("", names));
}

// The path of a file that is there; empty without one.
std::string ReadFile(const YamlNode& node, const std::string& folder) {
  std::string text = node.Text();
  if (text.empty()) return text;
  const auto path = (std::filesystem::path(folder) / text).lexically_normal();
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) node.Error("no such file: " + path.string());
  return path.string();
}

// Keys that every kind of source has. Bounds below the connector's own least interval are refused,
// so that nobody gets banned by a typing slip.
void ReadSchedule(const YamlNode& node, Source& source) {
  const auto least = source.connector ? source.connector->least_interval() : 1s;
  const auto usual = source.connector ? source.connector->default_interval() : 15min;
  const YamlNode every = node.Get("every");
  if (every.present()) source.every = every.Duration(usual, least, 24h * 7);
  const YamlNode adaptive = node.Get("adaptive");
  source.least_interval =
      adaptive.Get("least").Duration(std::min<std::chrono::milliseconds>(usual, 24h), least, 24h);
  source.most_interval = adaptive.Get("most").Duration(24h, source.least_interval, 24h * 7);
  if (adaptive.present()) adaptive.Done();
  if (every.present() && adaptive.present())
    adaptive.Error("a source has either 'every' or 'adaptive', not both");
}

void ReadManners(const YamlNode& node, const std::string& folder, Source& source) {
  const YamlNode politeness = node.Get("politeness");
  source.politeness_group = politeness.Get("group").Text();
  source.group_gap = politeness.Get("gap").Duration(source.group_gap, 0ms, 1h);
  if (politeness.present()) politeness.Done();
  source.allow_http = node.Get("allow_http").Bool(false);
  source.allow_private = node.Get("allow_private").Bool(false);
  source.ca_file = ReadFile(node.Get("ca_file"), folder);
  source.max_body = node.Get("max_body").Size(source.max_body, KiB(64), MiB(64));
  source.max_pages = static_cast<int>(node.Get("max_pages").Int(source.max_pages, 1, 1000));
  source.weight = static_cast<int>(node.Get("weight").Int(1, 1, 100));
  source.timeout = node.Get("timeout").Duration(source.timeout, 1s, 10min);
}

void ReadSource(const YamlNode& node, const std::string& folder, const SecretSource& secrets,
                SourceList& sources) {
  if (!node.IsMap()) return node.Error("a source (a mapping with id, type, ...) expected");
  Source source;
  source.id = ReadId(node, sources);
  const bool enabled = node.Get("enabled").Bool(true);
  const ConnectorType* const type = ReadType(node);
  if (type) {
    source.type = type->name;
    source.connector = type->make(node, secrets);
  }
  ReadSchedule(node, source);
  ReadManners(node, folder, source);
  if (type) node.Done();  // Without a type nobody knows which keys there may be.
  if (enabled) sources.enabled.push_back(std::move(source));
}

}  // namespace

void ReadSources(const YamlNode& root, const std::string& folder, const SecretSource& secrets,
                 SourceList& sources) {
  if (!root.present()) return;
  root.Require("version").Int(1, 1, 1);
  const YamlNode list = root.Require("sources");
  if (list.present() && !list.IsList()) list.Error("a list of sources expected");
  if (list.IsList())
    for (const YamlNode& item : list.Items()) ReadSource(item, folder, secrets, sources);
  root.Done();
}

}  // namespace webcare

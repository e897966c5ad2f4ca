#include "connectors/sites/mastodon/mastodon_config.h"

#include <utility>

#include "connectors/markup/url.h"

namespace webcare {
namespace {

using std::chrono::hours;

constexpr std::pair<std::string_view, MastodonMode> kModes[] = {
    {"hashtag", MastodonMode::kHashtag},
    {"public", MastodonMode::kPublic},
    {"mentions", MastodonMode::kMentions},
    {"search", MastodonMode::kSearch},
};
constexpr std::size_t kMostExtraTags = 4;  // Mastodon takes no more and says nothing about it.

// False after a mistake, which is reported.
bool Check(bool good, const YamlNode& node, const char* message) {
  if (!good) node.Error(message);
  return good;
}

MastodonMode ReadMode(const YamlNode& node) {
  const std::string name = node.Choice("hashtag", {"hashtag", "public", "mentions", "search"});
  for (const auto& [known, mode] : kModes)
    if (known == name) return mode;
  return MastodonMode::kHashtag;
}

bool ReadInstance(const YamlNode& node, MastodonConfig& config) {
  config.instance = node.Text();
  while (config.instance.ends_with('/')) config.instance.pop_back();
  const UrlParts parts = SplitUrl(config.instance);
  const bool good = IsWebUrl(config.instance) && !parts.query && !parts.fragment &&
                    parts.authority.value_or("").find('@') == std::string_view::npos;
  return Check(good || !node.present(), node,
               "the instance is its address, like https://social.example") &&
         node.present();
}

std::string ReadTag(const YamlNode& node) {
  std::string tag = node.Text();
  if (tag.starts_with('#')) tag.erase(0, 1);
  return tag;
}

bool ReadTags(const YamlNode& source, MastodonConfig& config) {
  const YamlNode tag = source.Require("hashtag");
  config.hashtag = ReadTag(tag);
  for (const auto& [key, tags] : {std::pair{"any", &config.any}, std::pair{"all", &config.all},
                                  std::pair{"none", &config.none}})
    for (const YamlNode& item : source.Get(key).Items()) tags->push_back(ReadTag(item));
  const std::size_t extra = config.any.size() + config.all.size() + config.none.size();
  return Check(extra <= kMostExtraTags, tag, "at most four tags in any, all and none together") &&
         !config.hashtag.empty();
}

// Mentions and search are only for the holder of an account.
bool ReadToken(const YamlNode& source, const SecretSource& secrets, MastodonConfig& config) {
  const bool needed = config.IsMentions() || config.IsSearch();
  const YamlNode node = needed ? source.Require("token") : source.Get("token");
  if (!node.present()) return !needed;
  const std::string name = node.Text();
  if (name.empty()) return false;
  Result<std::string> secret = secrets.Read(name);
  if (!secret) {
    node.Error(secret.error().message);
    return false;
  }
  config.token = std::move(*secret);
  return true;
}

}  // namespace

std::string_view ToString(MastodonMode mode) {
  for (const auto& [name, known] : kModes)
    if (known == mode) return name;
  return "";
}

std::optional<MastodonConfig> ReadMastodonConfig(const YamlNode& source,
                                                 const SecretSource& secrets) {
  MastodonConfig config;
  bool good = ReadInstance(source.Require("instance"), config);
  config.mode = ReadMode(source.Require("mode"));
  if (config.mode == MastodonMode::kHashtag) good = ReadTags(source, config) && good;
  if (config.IsSearch()) {
    config.query = source.Require("query").Text();
    good = !config.query.empty() && good;
  }
  if (!config.IsMentions() && !config.IsSearch()) {
    config.local = source.Get("local").Bool(false);
    config.remote = source.Get("remote").Bool(false);
    config.only_media = source.Get("only_media").Bool(false);
    good = Check(!(config.local && config.remote), source.Get("remote"),
                 "local and remote together leave nothing") &&
           good;
  }
  good = ReadToken(source, secrets, config) && good;
  const int most = config.IsMentions() ? 80 : 40;
  config.limit = static_cast<int>(source.Get("limit").Int(40, 1, most));
  config.recheck = source.Get("recheck").Duration(hours(48), hours(0), hours(48));
  if (!good) return std::nullopt;
  return config;
}

}  // namespace webcare

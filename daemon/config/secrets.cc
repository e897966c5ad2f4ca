#include "daemon/config/secrets.h"

#include <fstream>
#include <iterator>

namespace webcare {
namespace {

constexpr std::size_t kMaxSecret = 64u << 10;

bool IsPlainName(std::string_view name) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !name.empty() && name.size() <= 128 && name[0] != '.' &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

Result<std::string> SecretFiles::Read(std::string_view name) const {
  const auto refuse = [&](std::string_view why) {
    return Error{ErrorCode::kInvalid, "secret '" + std::string(name) + "' " + std::string(why)};
  };
  if (!IsPlainName(name)) return refuse("is not a file name (letters, digits, '.', '_', '-')");
  if (directory_.empty())
    return refuse("cannot be found: no `secrets:` folder is configured and systemd passed none");
  std::ifstream in(directory_ + "/" + std::string(name), std::ios::binary);
  if (!in) return refuse("cannot be read in " + directory_);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (text.empty()) return refuse("is empty");
  if (text.size() > kMaxSecret) return refuse("is over 64 KiB");
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    return refuse("holds a line break or NUL");
  return text;
}

Result<KafkaSettings> WithSecrets(KafkaSettings settings, const SecretSource& secrets) {
  for (const auto& [property, name] : settings.secret_properties) {
    Result<std::string> secret = secrets.Read(name);
    if (!secret.ok())
      return Error{ErrorCode::kInvalid,
                   "kafka property " + property + ": " + secret.error().message};
    settings.properties[property] = std::move(secret).value();
  }
  settings.secret_properties.clear();
  return settings;
}

}  // namespace webcare

// Secrets from files of one folder: systemd's $CREDENTIALS_DIRECTORY or `secrets:` of
// webcared.yaml.
#pragma once

#include <string>
#include <string_view>

#include "connectors/connector.h"
#include "daemon/config/settings.h"

namespace webcare {

class SecretFiles final : public SecretSource {
 public:
  // An empty `directory` has no secrets.
  explicit SecretFiles(std::string directory) : directory_(std::move(directory)) {}

  // `name` is a file name of letters, digits, '.', '_' and '-'; it never leaves the folder.
  Result<std::string> Read(std::string_view name) const override;

 private:
  std::string directory_;
};

// The settings with the secret properties read and among the others. The first secret that cannot be read
// is the error (kInvalid).
Result<KafkaSettings> WithSecrets(KafkaSettings settings, const SecretSource& secrets);

}  // namespace webcare

#include "daemon/base/library_version.h"

#include "daemon/base/digest.h"
#include "daemon/base/json.h"
#include "daemon/base/log.h"

namespace webcare {

std::vector<LibraryVersion> BaseLibraries() {
  return {JsonLibrary(), LogLibrary(), CryptoLibrary()};
}

}  // namespace webcare

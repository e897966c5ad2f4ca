#include "daemon/app/version.h"

#ifdef WEBCARE_TCMALLOC
#include <gperftools/tcmalloc.h>
#endif

#include <vector>

#include "connectors/http/unix_socket.h"
#include "connectors/http/unpack.h"
#include "connectors/sites/syndication/syndication_connector.h"
#include "daemon/base/library_version.h"
#include "daemon/publish/kafka_config.h"
#include "daemon/status/control_server.h"
#include "daemon/store/database.h"
#include "rules/rule_set.h"
#include "rules/text/fold.h"

namespace webcare {

std::string VersionNumber() { return WEBCARE_VERSION; }

std::string VersionText(const std::string& program) {
  std::string text = program + " " WEBCARE_VERSION " (" WEBCARE_BUILD ", C++20, ";
#ifdef __clang__
  text += "clang " __clang_version__ ")";
#else
  text += "gcc " __VERSION__ ")";
#endif
  std::vector<LibraryVersion> libraries = BaseLibraries();
  for (const auto library : {ControlLibrary, HttpLibrary, KafkaLibrary, PatternLibrary,
                             StoreLibrary, UnicodeLibrary, UnpackLibrary, XmlLibrary})
    libraries.push_back(library());
#ifdef WEBCARE_TCMALLOC
  libraries.push_back({"tcmalloc", TC_VERSION_STRING, tc_version(nullptr, nullptr, nullptr)});
#endif
  for (const LibraryVersion& library : libraries) {
    text += "\n  " + library.name + " " + library.running;
    if (library.built != library.running) text += " (built against " + library.built + ")";
  }
  return text;
}

}  // namespace webcare

# Third-party libraries, all Debian 12 packages (deploy/packages lists them). Each is linked by one
# owner folder only; ARCHITECTURE.md names the owners.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(CURL REQUIRED)
find_package(EXPAT REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(RDKAFKA REQUIRED IMPORTED_TARGET rdkafka)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(TCMALLOC REQUIRED IMPORTED_TARGET libtcmalloc_minimal)
find_library(CLD2_LIBRARY cld2 REQUIRED)
find_path(RAPIDJSON_INCLUDE rapidjson/document.h REQUIRED)

# Header-only; daemon/base/json.cc is the one source of ours that includes it (tests/ use its JSON Schema).
add_library(webcare_rapidjson INTERFACE)
target_include_directories(webcare_rapidjson SYSTEM INTERFACE ${RAPIDJSON_INCLUDE})
target_compile_definitions(webcare_rapidjson INTERFACE RAPIDJSON_HAS_STDSTRING=1)

# Allocating takes a tenth of the daemon's time with the C library's malloc. Sanitizers bring one of their own.
add_library(webcare_malloc INTERFACE)
if(NOT WEBCARE_SANITIZE AND NOT WEBCARE_FUZZ)
  target_link_libraries(webcare_malloc INTERFACE PkgConfig::TCMALLOC)
  target_compile_definitions(webcare_malloc INTERFACE WEBCARE_TCMALLOC)
endif()
if(WEBCARE_TESTS)
  find_package(GTest REQUIRED)
endif()

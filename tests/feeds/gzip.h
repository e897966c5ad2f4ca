// RFC 1952 compression with zlib.
#pragma once

#include <string>
#include <string_view>

namespace webcare {

std::string Gzip(std::string_view text);

}  // namespace webcare

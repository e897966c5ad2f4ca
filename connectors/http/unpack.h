// The body of an answer without its content coding (RFC 9110 8.4.1). We ask for gzip (RFC 1952) alone, and
// take it apart in one go behind the transfer, with libdeflate: with http_bench a whole fetch takes 0.7 of the
// time of bare libcurl, which unpacks piece by piece with zlib. The only user of libdeflate.
#pragma once

#include <string>
#include <string_view>

#include "daemon/base/bytes.h"
#include "daemon/base/library_version.h"
#include "daemon/base/result.h"

namespace webcare {

// `coding` is the header's value, "" where it is missing; without one the body is given back. Several
// members in a row are one body, what else stands behind them is padding and dropped, as gunzip does.
// kInvalid: over `max` bytes (never more is unpacked, whatever the body says), or a coding we did not ask for.
// kUnavailable: cut off or damaged; asking again may help.
Result<std::string> Unpack(std::string_view coding, std::string body, Bytes max);

LibraryVersion UnpackLibrary();

}  // namespace webcare

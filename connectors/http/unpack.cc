#include "connectors/http/unpack.h"

#include <libdeflate.h>
#include <strings.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

namespace webcare {
namespace {

// Sites send one; a flood of empty ones would cost more than its bytes.
constexpr int kMostMembers = 100;
constexpr std::string_view kMagic = "\x1f\x8b";

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* one) const { libdeflate_free_decompressor(one); }
};

libdeflate_decompressor* Decompressor() {
  thread_local const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> one(
      libdeflate_alloc_decompressor());
  if (!one) throw std::bad_alloc();
  return one.get();
}

bool Is(std::string_view coding, std::string_view name) {
  return coding.size() == name.size() && strncasecmp(coding.data(), name.data(), name.size()) == 0;
}

// A gzip file ends with the size of its last member's content, least significant byte first. It may lie.
std::size_t DeclaredSize(std::string_view packed) {
  std::size_t size = 0;
  if (packed.size() < 4) return size;
  for (const char c : {packed.end()[-1], packed.end()[-2], packed.end()[-3], packed.end()[-4]}) {
    size = size << 8 | static_cast<unsigned char>(c);
  }
  return size;
}

Result<std::string> Gunzip(std::string_view packed, Bytes max) {
  std::string out(std::min<std::size_t>(DeclaredSize(packed), max.count), '\0');
  std::size_t done = 0;
  for (int members = 0; members < kMostMembers && packed.starts_with(kMagic);) {
    std::size_t used = 0;
    std::size_t made = 0;
    const auto outcome =
        libdeflate_gzip_decompress_ex(Decompressor(), packed.data(), packed.size(),
                                      out.data() + done, out.size() - done, &used, &made);
    if (outcome == LIBDEFLATE_INSUFFICIENT_SPACE && out.size() < max.count) {
      out.resize(std::min<std::size_t>(max.count, 2 * out.size() + packed.size()));
      continue;
    }
    if (outcome == LIBDEFLATE_INSUFFICIENT_SPACE) {
      return Error{ErrorCode::kInvalid, "body over " + std::to_string(max.count) + " bytes"};
    }
    if (outcome != LIBDEFLATE_SUCCESS) break;
    packed.remove_prefix(used);
    done += made;
    ++members;
    if (!packed.starts_with(kMagic)) {
      out.resize(done);
      return out;
    }
  }
  return Error{ErrorCode::kUnavailable, "the gzip body is cut off or damaged"};
}

}  // namespace

Result<std::string> Unpack(std::string_view coding, std::string body, Bytes max) {
  if (coding.empty() || body.empty() || Is(coding, "identity")) return body;
  if (Is(coding, "gzip") || Is(coding, "x-gzip")) return Gunzip(body, max);
  return Error{ErrorCode::kInvalid, "the body's content coding was not asked for"};
}

LibraryVersion UnpackLibrary() {
  return {"libdeflate", LIBDEFLATE_VERSION_STRING, LIBDEFLATE_VERSION_STRING};
}

}  // namespace webcare

#include "daemon/base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace webcare {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// Fetching the algorithm costs more than hashing a short text (OpenSSL 3), so each thread does it
// once.
EVP_MD_CTX* FreshContext() {
  thread_local const Context initial = [] {
    Context context(EVP_MD_CTX_new());
    if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) std::abort();
    return context;
  }();
  thread_local const Context working(EVP_MD_CTX_new());
  if (!working || EVP_MD_CTX_copy_ex(working.get(), initial.get()) != 1) std::abort();
  return working.get();
}

}  // namespace

std::string Id128::Hex() const {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out(2 * bytes.size(), '0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out[2 * i] = kDigits[bytes[i] >> 4];
    out[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  return out;
}

std::string_view Id128::AsBytes() const {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::uint64_t Id128::First64() const {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | bytes[i];
  return value;
}

std::optional<Id128> Id128::FromHex(std::string_view hex) {
  Id128 id;
  if (hex.size() != 2 * id.bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const char c = hex[i];
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return std::nullopt;
    id.bytes[i / 2] = static_cast<std::uint8_t>((id.bytes[i / 2] << 4) | digit);
  }
  return id;
}

Id128 Id128::FromBytes(std::string_view raw) {
  Id128 id;
  assert(raw.size() == id.bytes.size());
  std::memcpy(id.bytes.data(), raw.data(), id.bytes.size());
  return id;
}

// Short parts go into one call: it costs about as much as hashing a block of 64 bytes.
Id128 HashParts(std::initializer_list<std::string_view> parts) {
  EVP_MD_CTX* const context = FreshContext();
  std::array<char, 256> gathered;
  std::size_t size = 0;
  const auto add = [&](std::string_view bytes) {
    if (bytes.size() > gathered.size() - size) {
      EVP_DigestUpdate(context, gathered.data(), std::exchange(size, 0));
    }
    if (bytes.size() > gathered.size()) {
      EVP_DigestUpdate(context, bytes.data(), bytes.size());
      return;
    }
    std::copy(bytes.begin(), bytes.end(), gathered.begin() + size);
    size += bytes.size();
  };
  for (const std::string_view part : parts) {
    char length[8];
    for (int i = 0; i < 8; ++i) length[i] = static_cast<char>(part.size() >> (8 * i));
    add({length, sizeof length});
    add(part);
  }
  EVP_DigestUpdate(context, gathered.data(), size);
  std::uint8_t full[EVP_MAX_MD_SIZE];
  unsigned int full_size = 0;
  if (EVP_DigestFinal_ex(context, full, &full_size) != 1) std::abort();
  Id128 id;
  std::memcpy(id.bytes.data(), full, id.bytes.size());
  return id;
}

std::size_t Id128Hash::operator()(const Id128& id) const {
  std::size_t value;
  std::memcpy(&value, id.bytes.data(), sizeof value);
  return value;
}

Id128 RandomId() {
  Id128 id;
  if (RAND_bytes(id.bytes.data(), static_cast<int>(id.bytes.size())) != 1) std::abort();
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x40);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

LibraryVersion CryptoLibrary() {
  return {"OpenSSL", OPENSSL_VERSION_STR, OpenSSL_version(OPENSSL_VERSION_STRING)};
}

}  // namespace webcare

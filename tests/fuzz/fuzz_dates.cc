// Any bytes as a date.
#include <cstdint>
#include <string_view>

#include "connectors/markup/dates.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)webcare::ParseHttpDate(text);
  const auto date = webcare::ParseDate(text);
  // What we write ourselves is read back as the same time.
  if (date && webcare::ParseIsoDate(webcare::FormatTime(*date)) != date) {
    const auto year = webcare::FormatTime(*date).find('-');
    if (year == 4) __builtin_trap();
  }
  return 0;
}

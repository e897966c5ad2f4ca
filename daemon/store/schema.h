// The tables: what stands in them and why is in schema.md, the on-disk truth.
#pragma once

#include <span>
#include <string_view>

namespace webcare {

// "WCar" in the file's header, so that a database of another program is recognised.
inline constexpr int kApplicationId = 0x57436172;

// Scripts[n] takes a file of version n to n + 1. Only ever append; a script once released never
// changes.
std::span<const std::string_view> SchemaScripts();

}  // namespace webcare

// Reading and writing JSON: the only user of RapidJSON.
//
// Reading is for hostile input. Text is checked to be UTF-8, a byte order mark is dropped, size and depth
// are bounded (RapidJSON's recursive parser crashes at 200,000 levels; it is stopped long before). Values
// never assert: a wrong type reads as absent.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/library_version.h"
#include "daemon/base/result.h"

namespace webcare {

struct JsonLimits {
  std::size_t max_bytes = 16u << 20;
  int max_depth = 64;
};

// A view of one value; valid while its JsonDocument lives. Cheap to copy.
class JsonValue {
 public:
  JsonValue() = default;  // Absent.
  explicit JsonValue(const void* raw) : raw_(raw) {}

  bool present() const { return raw_ != nullptr; }
  bool IsNull() const;  // Present and null.
  bool IsObject() const;
  bool IsArray() const;
  bool IsString() const;

  JsonValue operator[](std::string_view key) const;  // The first member of that name.
  std::size_t size() const;               // Elements of an array or members of an object, else 0.
  JsonValue at(std::size_t index) const;  // Element of an array.
  void ForEachMember(const std::function<void(std::string_view, JsonValue)>& fn) const;

  std::string_view Str(std::string_view fallback = "") const;  // Strings only.
  std::optional<std::int64_t> Int() const;                     // Whole numbers in range only.
  std::optional<double> Number() const;
  std::optional<bool> Bool() const;
  // An id as text, whether the site wrote it as a string or as a whole number up to 2^64-1.
  std::string IdText() const;
  // The value as compact JSON, cut at a character where it is over `limit` bytes.
  std::string ToJson(std::size_t limit) const;

 private:
  const void* raw_ = nullptr;
};

// Owns a copy of the text and the tree.
class JsonDocument {
 public:
  // kInvalid with what and at which byte, without the text itself.
  static Result<JsonDocument> Parse(std::string_view text, JsonLimits limits = {});
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonValue root() const;

 private:
  struct Tree;
  explicit JsonDocument(std::unique_ptr<Tree> tree);
  std::unique_ptr<Tree> tree_;
};

// Writes compact JSON into a string it owns. Misuse (a value without a key) is our own mistake:
// assert.
class JsonWriter {
 public:
  JsonWriter();
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& StartObject();
  JsonWriter& EndObject();
  JsonWriter& StartArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);
  JsonWriter& String(std::string_view value);  // Expects valid UTF-8.
  JsonWriter& Int(std::int64_t value);
  JsonWriter& Number(double value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  JsonWriter& Raw(std::string_view json);  // A complete value, already JSON.

  // Key and value in one.
  JsonWriter& Field(std::string_view key, std::string_view value) { return Key(key).String(value); }
  JsonWriter& Field(std::string_view key, const char* value) { return Key(key).String(value); }
  JsonWriter& Field(std::string_view key, const std::string& value) {
    return Key(key).String(value);
  }
  JsonWriter& Field(std::string_view key, std::int64_t value) { return Key(key).Int(value); }
  JsonWriter& Field(std::string_view key, int value) { return Key(key).Int(value); }
  JsonWriter& Field(std::string_view key, std::size_t value) {
    return Key(key).Int(static_cast<std::int64_t>(value));
  }
  JsonWriter& Field(std::string_view key, double value) { return Key(key).Number(value); }
  JsonWriter& Field(std::string_view key, bool value) { return Key(key).Bool(value); }

  std::string_view View() const;  // What was written so far.
  std::string Take() { return std::string(View()); }
  void Clear();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

LibraryVersion JsonLibrary();

}  // namespace webcare

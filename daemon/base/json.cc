#include "daemon/base/json.h"

// RapidJSON's reader looks at 16 bytes of a string at once where the processor can; its writer does not, for
// with SSE2 that writes the control characters 0x1A to 0x1F as they are. A namespace of our own keeps this
// build of the templates apart from others in the same program (tests/ use RapidJSON's JSON Schema).
#define RAPIDJSON_NAMESPACE webcare_rapidjson
#define RAPIDJSON_NAMESPACE_BEGIN namespace webcare_rapidjson {
#define RAPIDJSON_NAMESPACE_END }
#ifdef __SSE2__
#define RAPIDJSON_SSE2
#endif
#include <rapidjson/document.h>
#undef RAPIDJSON_SSE2
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "daemon/base/eight_bytes.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace rapidjson = ::webcare_rapidjson;

namespace {

using rapidjson::SizeType;
using rapidjson::Value;

const Value& Raw(const void* raw) { return *static_cast<const Value*>(raw); }

// Where RapidJSON's reader lets raw control characters pass in strings (0x1A to 0x1F, with SSE2), or npos.
// They are illegal everywhere in JSON (RFC 8259 7).
std::size_t FindOverlooked(std::string_view text) {
  const auto overlooked = [](char c) { return c >= 0x1A && c <= 0x1F; };
  std::size_t at = 0;
  while (at < text.size()) {
    // Eight bytes without any control character, as nearly all are.
    if (at + 8 <= text.size() && BytesBelow(LoadEight(text.data() + at), 0x20) == 0) {
      at += 8;
      continue;
    }
    if (overlooked(text[at])) return at;
    ++at;
  }
  return std::string_view::npos;
}

// Passes on what the reader finds and ends the reading where it goes too deep: the reader calls itself for
// each level.
class DepthGuard {
 public:
  DepthGuard(rapidjson::Document& document, int max_depth)
      : document_(document), left_(max_depth) {}

  bool too_deep() const { return left_ < 0; }

  bool Null() { return document_.Null(); }
  bool Bool(bool value) { return document_.Bool(value); }
  bool Int(int value) { return document_.Int(value); }
  bool Uint(unsigned value) { return document_.Uint(value); }
  bool Int64(std::int64_t value) { return document_.Int64(value); }
  bool Uint64(std::uint64_t value) { return document_.Uint64(value); }
  bool Double(double value) { return document_.Double(value); }
  bool RawNumber(const char* text, SizeType size, bool copy) {
    return document_.RawNumber(text, size, copy);
  }
  bool String(const char* text, SizeType size, bool copy) {
    return document_.String(text, size, copy);
  }
  bool Key(const char* text, SizeType size, bool copy) { return document_.Key(text, size, copy); }
  bool StartObject() { return --left_ >= 0 && document_.StartObject(); }
  bool EndObject(SizeType members) { return ++left_, document_.EndObject(members); }
  bool StartArray() { return --left_ >= 0 && document_.StartArray(); }
  bool EndArray(SizeType elements) { return ++left_, document_.EndArray(elements); }

 private:
  rapidjson::Document& document_;
  int left_;
};

}  // namespace

bool JsonValue::IsNull() const { return raw_ && Raw(raw_).IsNull(); }
bool JsonValue::IsObject() const { return raw_ && Raw(raw_).IsObject(); }
bool JsonValue::IsArray() const { return raw_ && Raw(raw_).IsArray(); }
bool JsonValue::IsString() const { return raw_ && Raw(raw_).IsString(); }

JsonValue JsonValue::operator[](std::string_view key) const {
  if (!IsObject()) return {};
  const auto& members = Raw(raw_);
  for (auto it = members.MemberBegin(); it != members.MemberEnd(); ++it)
    if (std::string_view(it->name.GetString(), it->name.GetStringLength()) == key)
      return JsonValue(&it->value);
  return {};
}

std::size_t JsonValue::size() const {
  if (IsArray()) return Raw(raw_).Size();
  return IsObject() ? Raw(raw_).MemberCount() : 0;
}

JsonValue JsonValue::at(std::size_t index) const {
  if (!IsArray() || index >= Raw(raw_).Size()) return {};
  return JsonValue(&Raw(raw_)[static_cast<rapidjson::SizeType>(index)]);
}

void JsonValue::ForEachMember(const std::function<void(std::string_view, JsonValue)>& fn) const {
  if (!IsObject()) return;
  for (const auto& member : Raw(raw_).GetObject())
    fn({member.name.GetString(), member.name.GetStringLength()}, JsonValue(&member.value));
}

std::string_view JsonValue::Str(std::string_view fallback) const {
  if (!IsString()) return fallback;
  return {Raw(raw_).GetString(), Raw(raw_).GetStringLength()};
}

std::optional<std::int64_t> JsonValue::Int() const {
  if (raw_ && Raw(raw_).IsInt64()) return Raw(raw_).GetInt64();
  return std::nullopt;
}

std::optional<double> JsonValue::Number() const {
  if (raw_ && Raw(raw_).IsNumber()) return Raw(raw_).GetDouble();
  return std::nullopt;
}

std::optional<bool> JsonValue::Bool() const {
  if (raw_ && Raw(raw_).IsBool()) return Raw(raw_).GetBool();
  return std::nullopt;
}

std::string JsonValue::IdText() const {
  if (IsString()) return std::string(Str());
  if (raw_ && Raw(raw_).IsUint64()) return std::to_string(Raw(raw_).GetUint64());
  if (raw_ && Raw(raw_).IsInt64()) return std::to_string(Raw(raw_).GetInt64());
  return {};
}

std::string JsonValue::ToJson(std::size_t limit) const {
  if (!present()) return {};
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  Raw(raw_).Accept(writer);
  return std::string(CutUtf8({buffer.GetString(), buffer.GetSize()}, limit));
}

constexpr std::size_t kReadAhead = 16;  // The reader may look at so many bytes behind the end.

struct JsonDocument::Tree {
  // RapidJSON takes memory in blocks of 64 KiB, far too much for most documents of our own.
  explicit Tree(std::size_t size) : memory(std::clamp<std::size_t>(2 * size, 1024, 64 << 10)) {}

  std::string text;  // Parsed in place: strings of the tree point into it.
  rapidjson::Document::AllocatorType memory;
  rapidjson::Document document{&memory};
};

JsonDocument::JsonDocument(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::Parse(std::string_view text, JsonLimits limits) {
  const auto no_json = [](const std::string& why, std::size_t at) {
    return Error{ErrorCode::kInvalid, "not JSON: " + why + " At byte " + std::to_string(at)};
  };
  if (text.size() > limits.max_bytes)
    return Error{ErrorCode::kInvalid,
                 "JSON of " + std::to_string(text.size()) + " bytes is over the limit"};
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!IsValidUtf8(text)) return Error{ErrorCode::kInvalid, "JSON is not valid UTF-8"};
  if (const std::size_t at = FindOverlooked(text); at != std::string_view::npos)
    return no_json("A control character.", at);
  auto tree = std::make_unique<Tree>(text.size());
  tree->text.reserve(text.size() + kReadAhead);
  tree->text = text;
  DepthGuard guard(tree->document, limits.max_depth);
  rapidjson::ParseResult parsed;
  auto read = [&](rapidjson::Document&) {
    rapidjson::InsituStringStream stream(tree->text.data());
    parsed = rapidjson::Reader().Parse<rapidjson::kParseInsituFlag>(stream, guard);
    return !parsed.IsError();
  };
  tree->document.Populate(read);
  if (guard.too_deep())
    return Error{ErrorCode::kInvalid,
                 "JSON is nested deeper than " + std::to_string(limits.max_depth) + " levels"};
  if (parsed.IsError()) return no_json(rapidjson::GetParseError_En(parsed.Code()), parsed.Offset());
  return JsonDocument(std::move(tree));
}

JsonValue JsonDocument::root() const {
  return JsonValue(static_cast<const Value*>(&tree_->document));
}

namespace {

// RapidJSON's writer goes through text byte by byte. Most of it stands in JSON as it is, and is copied as
// one piece here.
class PieceWriter : public rapidjson::Writer<rapidjson::StringBuffer> {
 public:
  using Writer::Writer;

  void Text(std::string_view text) {
    if (!IsPlain(text)) {
      String(text.data(), static_cast<SizeType>(text.size()));
      return;
    }
    Prefix(rapidjson::kStringType);
    char* const to = os_->Push(text.size() + 2);
    to[0] = '"';
    std::copy(text.begin(), text.end(), to + 1);
    to[text.size() + 1] = '"';
  }

  void Json(std::string_view json) {
    Prefix(rapidjson::kObjectType);
    std::copy(json.begin(), json.end(), os_->Push(json.size()));
  }

 private:
  // Nothing in it must be escaped (RFC 8259 7).
  static bool IsPlain(std::string_view text) {
    for (; text.size() >= 8; text.remove_prefix(8)) {
      const std::uint64_t bytes = LoadEight(text.data());
      const std::uint64_t escaped = BytesEqual(bytes, '"') | BytesEqual(bytes, '\\');
      if ((BytesBelow(bytes, 0x20) | escaped) != 0) return false;
    }
    return std::all_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
    });
  }
};

}  // namespace

struct JsonWriter::Impl {
  rapidjson::StringBuffer buffer{nullptr, 2048};  // Room for most records.
  PieceWriter writer{buffer};
};

JsonWriter::JsonWriter() : impl_(std::make_unique<Impl>()) {}
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::StartObject() { return impl_->writer.StartObject(), *this; }
JsonWriter& JsonWriter::EndObject() { return impl_->writer.EndObject(), *this; }
JsonWriter& JsonWriter::StartArray() { return impl_->writer.StartArray(), *this; }
JsonWriter& JsonWriter::EndArray() { return impl_->writer.EndArray(), *this; }

JsonWriter& JsonWriter::Key(std::string_view key) { return impl_->writer.Text(key), *this; }

JsonWriter& JsonWriter::String(std::string_view value) { return impl_->writer.Text(value), *this; }

JsonWriter& JsonWriter::Int(std::int64_t value) { return impl_->writer.Int64(value), *this; }

JsonWriter& JsonWriter::Number(double value) {
  if (!std::isfinite(value)) return Null();
  return impl_->writer.Double(value), *this;
}

JsonWriter& JsonWriter::Bool(bool value) { return impl_->writer.Bool(value), *this; }
JsonWriter& JsonWriter::Null() { return impl_->writer.Null(), *this; }

JsonWriter& JsonWriter::Raw(std::string_view json) { return impl_->writer.Json(json), *this; }

std::string_view JsonWriter::View() const {
  return {impl_->buffer.GetString(), impl_->buffer.GetSize()};
}

void JsonWriter::Clear() {
  impl_->buffer.Clear();
  impl_->writer.Reset(impl_->buffer);
}

LibraryVersion JsonLibrary() {
  return {"RapidJSON", RAPIDJSON_VERSION_STRING, RAPIDJSON_VERSION_STRING};
}

}  // namespace webcare

// Headers of a record, in order: names and values as one string of bytes, the one that the outbox stores
// (schema.md), so that a record costs one piece of memory and not one for each text.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace webcare {

class RecordHeaders {
 public:
  using Header = std::pair<std::string_view, std::string_view>;  // Name and value.

  // for (const auto& [name, value] : headers) ...; both point into the headers.
  class Iterator {
   public:
    explicit Iterator(std::string_view rest) : rest_(rest) { Take(); }
    const Header& operator*() const { return header_; }
    Iterator& operator++() { return Take(), *this; }
    bool operator==(const Iterator& other) const { return left_ == other.left_; }

   private:
    void Take();

    std::string_view rest_;
    std::size_t left_ = 0;  // Bytes from this header on; 0: the end.
    Header header_;
  };

  RecordHeaders() = default;
  RecordHeaders(std::initializer_list<Header> headers);
  // Of bytes(), perhaps damaged on the disk since: what follows the last whole header is dropped.
  static RecordHeaders FromBytes(std::string_view bytes);

  // A name may come more than once. REQUIRES: both under 4 GiB.
  void Add(std::string_view name, std::string_view value);
  // The first of that name; "" where there is none.
  std::string_view Get(std::string_view name) const;
  Iterator begin() const { return Iterator(bytes_); }
  Iterator end() const { return Iterator({}); }
  const std::string& bytes() const { return bytes_; }
  bool operator==(const RecordHeaders&) const = default;

 private:
  std::string bytes_;
};

}  // namespace webcare

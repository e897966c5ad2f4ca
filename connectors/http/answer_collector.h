// Gathers one answer from the pieces a connection delivers and stops it at the limits. Knows
// nothing of libcurl, so that it can be tested with strings.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "connectors/http/transport.h"

namespace webcare {

class AnswerCollector {
 public:
  // More than any site needs; what is above is a header flood (operations.md 2.1 row 17).
  static constexpr std::size_t kMaxHeaderBytes = 64u << 10;
  static constexpr std::size_t kMaxHeaders = 256;

  // Forgets the answer; a status line does the same for the headers (interim answers like 103).
  void Reset(Bytes max_body);

  // Both return false, for good, once a limit is passed: the transfer must end.
  bool AddHeaderLine(std::string_view line);
  bool AddBody(std::string_view bytes);

  // Why it returned false, "body over 16777216 bytes"; "" while within limits.
  const std::string& overrun() const { return overrun_; }
  HttpAnswer& answer() { return answer_; }

 private:
  bool Stop(std::string why);

  HttpAnswer answer_;
  Bytes max_body_;
  std::size_t header_bytes_ = 0;  // Interim answers included.
  std::size_t header_lines_ = 0;
  std::string overrun_;
};

}  // namespace webcare

#include "connectors/http/answer_collector.h"

#include <algorithm>

namespace webcare {
namespace {

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

char LowerAscii(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); }

}  // namespace

std::string_view HttpAnswer::Header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

void AnswerCollector::Reset(Bytes max_body) {
  *this = {};
  max_body_ = max_body;
}

bool AnswerCollector::Stop(std::string why) {
  if (overrun_.empty()) overrun_ = std::move(why);
  return false;
}

bool AnswerCollector::AddHeaderLine(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) return Stop("headers over 64 KiB");
  if (++header_lines_ > kMaxHeaders) return Stop("more than 256 headers");
  if (line.substr(0, 5) == "HTTP/") {
    answer_.headers.clear();
    return true;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return true;
  std::string name(Trim(line.substr(0, colon)));
  std::transform(name.begin(), name.end(), name.begin(), LowerAscii);
  answer_.headers.emplace_back(std::move(name), Trim(line.substr(colon + 1)));
  return true;
}

bool AnswerCollector::AddBody(std::string_view bytes) {
  if (!overrun_.empty()) return false;
  if (bytes.size() > max_body_.count - answer_.body.size())
    return Stop("body over " + std::to_string(max_body_.count) + " bytes");
  answer_.body.append(bytes);
  return true;
}

}  // namespace webcare

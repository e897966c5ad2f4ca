#include "connectors/markup/url.h"

#include <algorithm>
#include <vector>

#include "connectors/markup/text.h"

namespace webcare {
namespace {

constexpr std::size_t kLongestWebUrl = 2048;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsScheme(std::string_view text) {
  return !text.empty() && IsLetter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsLetter(c) || IsDigit(c) || c == '+' || c == '-' || c == '.';
         });
}

bool HasDotSegments(std::string_view path) {
  return path.starts_with('.') || path.find("/.") != std::string_view::npos;
}

// RFC 3986 5.2.4, segment by segment so that it stays linear.
std::string RemoveDotSegments(std::string_view path) {
  if (!HasDotSegments(path)) return std::string(path);
  const bool rooted = !path.empty() && path.front() == '/';
  if (rooted) path.remove_prefix(1);
  std::vector<std::string_view> kept;
  bool ends_open = false;  // "." and ".." leave a trailing slash.
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    ends_open = segment == "." || segment == "..";
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
    }
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  std::string out = rooted ? "/" : "";
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i > 0) out.push_back('/');
    out.append(kept[i]);
  }
  if (ends_open && !kept.empty()) out.push_back('/');
  return out;
}

std::string MergePaths(const UrlParts& base, std::string_view path) {
  if (base.authority && base.path.empty()) return "/" + std::string(path);
  const std::size_t slash = base.path.rfind('/');
  std::string out(slash == std::string_view::npos ? "" : base.path.substr(0, slash + 1));
  return out.append(path);
}

std::string Compose(const UrlParts& parts, std::string_view path) {
  std::string out;
  const auto size = [](const std::optional<std::string_view>& part) {
    return part ? part->size() + 2 : 0;
  };
  out.reserve(size(parts.scheme) + size(parts.authority) + path.size() + size(parts.query) +
              size(parts.fragment));
  if (parts.scheme) out.append(LowerAscii(*parts.scheme)).push_back(':');
  if (parts.authority) out.append("//").append(*parts.authority);
  out.append(path);
  if (parts.query) out.append("?").append(*parts.query);
  if (parts.fragment) out.append("#").append(*parts.fragment);
  return out;
}

// As written.
std::string_view HostOf(const UrlParts& parts) {
  if (!parts.authority) return "";
  std::string_view host = *parts.authority;
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos)
    host.remove_prefix(at + 1);
  if (!host.empty() && host.front() == '[') {
    const std::size_t end = host.find(']');
    return end == std::string_view::npos ? "" : host.substr(0, end + 1);
  }
  return host.substr(0, host.find(':'));
}

std::string WithoutLineBreaks(std::string_view text) {
  std::string out(TrimSpace(text));
  std::erase_if(out, [](char c) { return c == '\r' || c == '\n' || c == '\t'; });
  return out;
}

}  // namespace

UrlParts SplitUrl(std::string_view url) {
  UrlParts parts;
  if (const std::size_t at = url.find('#'); at != std::string_view::npos) {
    parts.fragment = url.substr(at + 1);
    url = url.substr(0, at);
  }
  if (const std::size_t at = url.find('?'); at != std::string_view::npos) {
    parts.query = url.substr(at + 1);
    url = url.substr(0, at);
  }
  const std::size_t colon = url.find(':');
  if (colon != std::string_view::npos && IsScheme(url.substr(0, colon))) {
    parts.scheme = url.substr(0, colon);
    url.remove_prefix(colon + 1);
  }
  if (url.substr(0, 2) == "//") {
    url.remove_prefix(2);
    const std::size_t slash = std::min(url.find('/'), url.size());
    parts.authority = url.substr(0, slash);
    url.remove_prefix(slash);
  }
  parts.path = url;
  return parts;
}

std::string ResolveUrl(std::string_view base, std::string_view reference) {
  std::string clean = WithoutLineBreaks(reference);
  UrlParts ref = SplitUrl(clean);
  const bool is_web = ref.authority && (ref.scheme == "https" || ref.scheme == "http");
  if (is_web && !HasDotSegments(ref.path)) return clean;  // As nearly all are.
  if (ref.scheme)
    return Compose(ref, ref.authority ? RemoveDotSegments(ref.path) : std::string(ref.path));
  const UrlParts from = SplitUrl(base);
  if (!from.scheme) return clean;
  ref.scheme = from.scheme;
  if (ref.authority) return Compose(ref, RemoveDotSegments(ref.path));
  ref.authority = from.authority;
  if (ref.path.empty()) {
    if (!ref.query) ref.query = from.query;
    return Compose(ref, from.path);
  }
  if (ref.path.front() == '/') return Compose(ref, RemoveDotSegments(ref.path));
  return Compose(ref, RemoveDotSegments(MergePaths(from, ref.path)));
}

bool IsWebUrl(std::string_view url) {
  if (url.size() > kLongestWebUrl) return false;
  const UrlParts parts = SplitUrl(url);
  if (!parts.scheme || HostOf(parts).empty()) return false;
  if (!EqualsIgnoreCase(*parts.scheme, "http") && !EqualsIgnoreCase(*parts.scheme, "https")) {
    return false;
  }
  return std::none_of(url.begin(), url.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7F || c == '"' || c == '<' || c == '>';
  });
}

std::string UrlHost(std::string_view url) { return LowerAscii(HostOf(SplitUrl(url))); }

bool IsLoopbackHost(std::string_view host) {
  if (EqualsIgnoreCase(host, "localhost") || host == "[::1]") return true;
  return host.substr(0, 4) == "127." &&
         std::all_of(host.begin(), host.end(), [](char c) { return IsDigit(c) || c == '.'; });
}

std::string EncodeQuery(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (IsLetter(c) || IsDigit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 15]);
  }
  return out;
}

std::string AddQuery(std::string_view url, std::string_view name, std::string_view value) {
  const std::size_t hash = std::min(url.find('#'), url.size());
  std::string out(url.substr(0, hash));
  const std::size_t mark = out.find('?');
  if (mark == std::string::npos) {
    out.push_back('?');
  } else if (mark + 1 != out.size() && out.back() != '&') {
    out.push_back('&');
  }
  out.append(EncodeQuery(name)).append("=").append(EncodeQuery(value));
  return out.append(url.substr(hash));
}

}  // namespace webcare

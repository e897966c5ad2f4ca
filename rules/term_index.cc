#include "rules/term_index.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "rules/text/token_hash.h"

namespace webcare {

void StemTree::Build(const std::vector<std::pair<std::string, TermId>>& stems) {
  nodes_.clear();
  root_.fill(kNone);
  if (stems.empty()) return;
  // A range of stems that share their first `depth` bytes, and the node that stands for those bytes.
  struct Range {
    std::size_t begin, end, depth;
    std::uint32_t node;
  };
  nodes_.emplace_back();
  std::vector<Range> open = {{0, stems.size(), 0, 0}};
  for (std::size_t next = 0; next < open.size(); ++next) {
    Range range = open[next];
    if (range.depth > 0 && stems[range.begin].first.size() == range.depth)
      nodes_[range.node].term = stems[range.begin++].second;
    nodes_[range.node].first_child = static_cast<std::uint32_t>(nodes_.size());
    for (std::size_t i = range.begin; i < range.end;) {
      const char byte = stems[i].first[range.depth];
      const std::size_t begin = i;
      while (i < range.end && stems[i].first[range.depth] == byte) ++i;
      ++nodes_[range.node].children;
      open.push_back({begin, i, range.depth + 1, static_cast<std::uint32_t>(nodes_.size())});
      nodes_.emplace_back().byte = byte;
    }
  }
  for (std::uint32_t i = 0; i < nodes_[0].children; ++i)
    root_[static_cast<unsigned char>(nodes_[nodes_[0].first_child + i].byte)] =
        nodes_[0].first_child + i;
}

std::uint32_t StemTree::Child(std::uint32_t node, char byte) const {
  const Node& parent = nodes_.data()[node];
  const Node* child = nodes_.data() + parent.first_child;
  for (const Node* end = child + parent.children; child != end; ++child)
    if (child->byte == byte) return static_cast<std::uint32_t>(child - nodes_.data());
  return kNone;
}

template <typename It>
void StemTree::Walk(It it, It end, std::vector<TermId>& out) const {
  if (it == end) return;
  const Node* const nodes = nodes_.data();  // Not checked byte by byte: ours alone.
  std::uint32_t node = root_[static_cast<unsigned char>(*it)];
  while (node != kNone) {
    if (nodes[node].term != kNone) out.push_back(nodes[node].term);
    if (++it == end) return;
    node = Child(node, *it);
  }
}

void StemTree::FindPrefixes(std::string_view text, std::vector<TermId>& out) const {
  Walk(text.begin(), text.end(), out);
}

void StemTree::FindSuffixes(std::string_view text, std::vector<TermId>& out) const {
  Walk(text.rbegin(), text.rend(), out);
}

TermId TermIndex::Add(const std::string& term) {
  return building_.try_emplace(term, static_cast<TermId>(building_.size())).first->second;
}

void TermIndex::Freeze() {
  count_ = building_.size();
  std::vector<std::pair<std::string, TermId>> stems, tails, parts;
  slots_.assign(std::bit_ceil(count_ * 2 + 2), {});
  std::vector<std::string_view> whole(count_);
  for (const auto& [term, id] : building_) {
    const bool open_start = term.starts_with('*');
    const bool open_end = term.ends_with('*');
    std::string body = term.substr(open_start, term.size() - open_start - open_end);
    if (open_start && open_end) {
      parts.emplace_back(std::move(body), id);
    } else if (open_end) {
      stems.emplace_back(std::move(body), id);
    } else if (open_start) {
      tails.emplace_back(std::string(body.rbegin(), body.rend()), id);
    } else {
      whole[id] = term;
      const std::uint64_t hash = HashWord(term);
      std::size_t at = hash & (slots_.size() - 1);
      while (slots_[at].term != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = {static_cast<std::uint32_t>(hash >> 32), id + 1};
    }
  }
  for (const std::string_view text : whole) {
    begin_.push_back(static_cast<std::uint32_t>(text_.size()));
    text_ += text;
  }
  begin_.push_back(static_cast<std::uint32_t>(text_.size()));
  for (auto* list : {&stems, &tails, &parts}) std::sort(list->begin(), list->end());
  stems_.Build(stems);
  tails_.Build(tails);
  parts_.Build(parts);
  building_.clear();
}

void TermIndex::Find(std::string_view token, std::uint64_t hash, std::vector<TermId>& out) const {
  const Slot* const slots = slots_.data();
  const std::size_t mask = slots_.size() - 1;
  const auto upper = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t at = hash & mask; slots[at].term != 0; at = (at + 1) & mask) {
    if (slots[at].hash != upper || TextOf(slots[at].term - 1) != token) continue;
    out.push_back(slots[at].term - 1);
    break;
  }
  if (token.front() == '<') return;  // A class is no text.
  if (!stems_.empty()) stems_.FindPrefixes(token, out);
  if (!tails_.empty()) tails_.FindSuffixes(token, out);
  if (!parts_.empty()) FindParts(token, out);
}

void TermIndex::FindParts(std::string_view token, std::vector<TermId>& out) const {
  const auto before = static_cast<std::ptrdiff_t>(out.size());
  for (std::size_t i = 0; i < token.size(); ++i) parts_.FindPrefixes(token.substr(i), out);
  std::sort(out.begin() + before, out.end());  // A part can stand in a word twice.
  out.erase(std::unique(out.begin() + before, out.end()), out.end());
}

}  // namespace webcare

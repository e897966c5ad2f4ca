#include "daemon/cases/case_desk.h"

#include <algorithm>
#include <bit>

#include "daemon/base/judge.h"
#include "daemon/base/utf8.h"

namespace webcare {
namespace {

constexpr std::size_t kMaxName = 256;
constexpr std::size_t kMaxUrl = 1024;

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t'; }

bool IsLink(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

// Begins as its root does, so that cases of one time lie beside each other as well (seen.cc).
Id128 CaseKey(const Id128& root, const Id128& author_key) {
  Id128 key = HashParts({"case", root.AsBytes(), author_key.AsBytes()});
  std::copy_n(root.bytes.begin(), 6, key.bytes.begin());
  return key;
}

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Any character beyond ASCII counts as a letter.
bool IsLetterOrDigit(char lower) {
  return (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') || (lower & 0x80) != 0;
}

StoredPost MakePost(const JudgedPost& judged) {
  const Post& post = judged.item.post;
  StoredPost stored;
  stored.key = judged.id;
  stored.facts = FactsJson(post);
  stored.verdict = VerdictJson(post, judged.verdict);
  stored.text = post.text;
  stored.truncated = post.truncated;
  return stored;
}

}  // namespace

std::int64_t Likeness(std::string_view text) {
  std::string folded(text.size(), '\0');
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == 'h' && IsLink(text.substr(i))) {
      while (i < text.size() && !IsSpace(text[i])) ++i;
      continue;
    }
    // Written always and kept where it counts: which characters do is nothing a processor can foresee.
    const char lower = LowerAscii(text[i]);
    folded[size] = lower;
    size += IsLetterOrDigit(lower) ? 1 : 0;
  }
  folded.resize(size);
  if (folded.empty()) return 0;
  return std::bit_cast<std::int64_t>(HashParts({folded}).First64());
}

Standing CaseDesk::Look(const Id128& post, const Id128& author_key, const Id128& root, bool known) {
  Standing standing;
  const int cases = book_.CountCases(AuthorNo(author_key));
  if (known) standing.post = book_.FindPost(post);
  if (cases > 0) standing.own = book_.FindCase(CaseKey(root, author_key));
  if (standing.post) {
    standing.joins_case = !book_.IsFirstPost(*standing.post);
  } else {
    standing.joins_case = standing.own && standing.own->open();
  }
  standing.earlier_cases = std::min(cases - (standing.own ? 1 : 0), kMaxEarlierCases);
  return standing;
}

bool CaseDesk::File(const JudgedPost& judged, const Standing& standing) {
  std::optional<StoredCase> into = standing.own;
  bool new_turn = false;
  if (standing.post) {
    into = book_.LoadCase(standing.post->case_no());
    if (into) new_turn = Edit(judged, *standing.post, *into);
  } else if (judged.verdict.enters_queue) {
    new_turn = Ask(judged, standing.earlier_cases > 0, into);
  } else if (into && into->open()) {
    Join(judged, *into);
  } else {
    into.reset();
  }
  if (judged.note.loud) GiveVoice(judged, into);
  return new_turn;
}

bool CaseDesk::Ask(const JudgedPost& judged, bool has_others, std::optional<StoredCase>& into) {
  StoredPost post = MakePost(judged);
  const std::int64_t likeness = Likeness(post.text);
  if (has_others && !into && likeness != 0) {
    into = book_.LoadCase(book_.CaseSaying(AuthorNo(judged.author_key), likeness));
    post.repeat = into.has_value();
  }
  const bool new_turn = !into || !into->waiting;
  if (!into) {
    into = NewCase(judged, likeness);
    post.turn = into->turn;
    book_.OpenCase(*into, std::move(post));
    queue_.Arrive(source_, into->author, into->no);
    return new_turn;
  }
  if (new_turn) NewTurn(judged, *into);
  ++into->posts;
  into->repeats += post.repeat ? 1 : 0;
  Save(*into);
  post.likeness = likeness;
  post.turn = into->turn;
  book_.AddPost(std::move(post), *into);
  if (into->released()) Tell(*into, CaseChange::kUpdated, judged.id);
  return new_turn;
}

void CaseDesk::Join(const JudgedPost& judged, StoredCase& into) {
  book_.AddPost(MakePost(judged), into);
  ++into.posts;
  Save(into);
  if (into.released()) Tell(into, CaseChange::kUpdated, judged.id);
}

bool CaseDesk::Edit(const JudgedPost& judged, const StoredPost& before, StoredCase& into) {
  StoredPost post = MakePost(judged);
  post.no = before.no;
  post.repeat = before.repeat;
  post.turn = judged.verdict.enters_queue ? before.turn : 0;
  const bool starts_asking = judged.verdict.enters_queue && before.turn == 0;
  const bool new_turn = starts_asking && !into.waiting;
  if (new_turn) NewTurn(judged, into);
  if (starts_asking) post.turn = into.turn;
  if (post.turn > 0) post.likeness = Likeness(post.text);
  DropWords(before, into);
  book_.UpdatePost(post, into);
  book_.DropLoudNote(into.no, post.key);  // It quotes the old text.
  WithdrawUnasked(into);
  Save(into);
  if (into.released()) {
    const bool asked = book_.AnyAsking(into.no, 0);
    Tell(into, asked ? CaseChange::kEdited : CaseChange::kWithdrawn, post.key);
  }
  return new_turn;
}

bool CaseDesk::Delete(const Id128& id) {
  const auto post = book_.FindPost(id);
  if (!post) return false;
  auto one = book_.LoadCase(post->case_no());
  book_.DeletePost(*post);
  if (!one) return true;
  DropWords(*post, *one);
  --one->posts;
  one->repeats -= post->repeat ? 1 : 0;
  WithdrawUnasked(*one);
  if (one->posts == 0) {
    one->author_name.clear();
    one->author_handle.clear();
    one->author_url.clear();
  }
  Save(*one);
  if (one->released()) {
    const bool asked = book_.AnyAsking(one->no, 0);
    Tell(*one, asked ? CaseChange::kUpdated : CaseChange::kWithdrawn, id);
  } else if (one->posts == 0) {
    book_.DeleteCase(*one);
  }
  return true;
}

void CaseDesk::Answer(const Id128& parent, const Id128& root) {
  auto post = book_.FindPost(parent);
  if (!post) post = book_.FindPost(root);
  auto one = post ? book_.LoadCase(post->case_no()) : std::nullopt;
  if (!one) return;
  one->answered_at = ToMillis(now_);
  Save(*one);
  if (one->released()) Tell(*one, CaseChange::kAnsweredByBrand, post->key);
}

// Never before the turn: a loud voice that waits is announced when its turn is released.
void CaseDesk::GiveVoice(const JudgedPost& judged, const std::optional<StoredCase>& into) {
  const std::string voice = VoiceJson(judged.item.post, judged.note, judged.item.reach);
  if (into && into->waiting) {
    book_.PutLoudNote(into->no, judged.id, voice);
  } else if (into && into->released()) {
    Outbox::Append(db_, {VoiceRecord(into->key, into->turn, source_id_, voice, now_)});
  } else {
    Outbox::Append(db_, {VoiceRecord(judged.id, 0, source_id_, voice, now_)});
  }
}

StoredCase CaseDesk::NewCase(const JudgedPost& judged, std::int64_t likeness) const {
  const Author& who = judged.item.post.author;
  StoredCase one;
  one.key = CaseKey(judged.root, judged.author_key);
  one.source = source_;
  one.author = AuthorNo(judged.author_key);
  one.likeness = likeness;
  one.turn = 1;
  one.waiting = true;
  one.posts = 1;
  one.asked_at = AskedAt(judged.item.post);
  one.waiting_since = ToMillis(now_);
  one.touched_at = one.waiting_since;
  one.author_name = CutUtf8(who.name, kMaxName);
  one.author_handle = CutUtf8(who.handle, kMaxName);
  if (who.url.size() <= kMaxUrl) one.author_url = who.url;
  return one;
}

void CaseDesk::NewTurn(const JudgedPost& judged, StoredCase& one) {
  ++one.turn;
  one.waiting = true;
  one.asked_at = AskedAt(judged.item.post);
  one.waiting_since = ToMillis(now_);
  queue_.Arrive(one.source, one.author, one.no);
}

void CaseDesk::DropWords(const StoredPost& post, StoredCase& one) {
  if (one.likeness == 0 || post.turn == 0 || post.likeness != 0) return;
  if (one.likeness == Likeness(post.text)) book_.ForgetLikeness(one);
}

void CaseDesk::WithdrawUnasked(StoredCase& one) {
  if (!one.waiting || book_.AnyAsking(one.no, one.turn)) return;
  queue_.Withdraw(one.no);
  one.waiting = false;
  --one.turn;
}

void CaseDesk::Tell(StoredCase& one, CaseChange change, const Id128& post) {
  ++one.revision;
  one.touched_at = ToMillis(now_);
  Save(one);
  Outbox::Append(db_, {CaseRecord(book_.LoadFile(one), change, post, now_)});
}

// The customer's clock, unless the site gives no time or one that is yet to come.
std::int64_t CaseDesk::AskedAt(const Post& post) const {
  const std::int64_t created = ToMillis(post.created_at);
  return created > 0 && created <= ToMillis(now_) ? created : ToMillis(now_);
}

}  // namespace webcare

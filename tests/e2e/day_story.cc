#include "tests/e2e/day_story.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "tests/feeds/feed_text.h"

namespace webcare {
namespace {

std::string Handle(const FeedPost& post, const std::string& instance) {
  const std::string& handle = post.author.handle;
  if (instance.empty()) return "";  // Feeds show names.
  return handle.find('@') == std::string::npos ? handle + "@" + instance : handle;
}

// As a person reads it: mentions without their server.
void SetText(const FeedPost& from, std::size_t version, const std::string& instance, Post& post) {
  if (!from.title.empty()) {
    post.text = from.title + "\n\n";
    post.title_size = static_cast<std::uint32_t>(from.title.size());
  }
  for (const TextPiece& piece : SplitText(from.TextOf(version))) {
    const std::string text(piece.text);
    switch (piece.kind) {
      case TextPiece::Kind::kMention: {
        const std::size_t at = text.find('@');
        post.text += "@" + (instance.empty() ? text : text.substr(0, at));
        if (instance.empty()) break;
        post.mentions.push_back(at == std::string::npos ? text + "@" + instance : text);
        break;
      }
      case TextPiece::Kind::kTag:
        post.text += "#" + text;
        post.tags.push_back(text);
        break;
      case TextPiece::Kind::kParagraph:
        post.text += "\n\n";
        break;
      case TextPiece::Kind::kLink:
        post.links.push_back(text);
        [[fallthrough]];
      default:
        post.text += text;
    }
  }
}

// As deploy/demo/sources.d says what is on a feed.
PostKind KindOf(const FeedPost& post, bool mastodon) {
  if (!mastodon) return post.source == "reviews" ? PostKind::kReview : PostKind::kComment;
  return post.reply_to.empty() ? PostKind::kPost : PostKind::kReply;
}

Post MakePost(const FeedPost& from, std::size_t version, const std::string& instance) {
  Post post;
  post.native_id = from.id;
  post.parent_id = from.reply_to;
  post.author.id = from.author.id;
  post.author.name = from.author.name;
  post.author.handle = Handle(from, instance);
  post.author.is_bot = from.author.bot && !instance.empty();  // Feeds do not tell.
  post.created_at = from.at;
  post.language = from.lang;
  post.kind = KindOf(from, !instance.empty());
  if (from.rating) post.rating = Rating{*from.rating, from.rating_max};
  SetText(from, version, instance, post);
  return post;
}

// What is left of a text when it is said again: no links, no case, no spaces, no punctuation.
std::string Gist(const std::string& text) {
  std::string gist;
  for (const TextPiece& piece : SplitText(text)) {
    if (piece.kind == TextPiece::Kind::kLink) continue;
    for (const char c : piece.text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x80 || std::isalnum(byte) != 0) gist += static_cast<char>(std::tolower(byte));
    }
  }
  return gist;
}

}  // namespace

std::string ToString(const ToldTurn& turn) {
  std::string text = turn.source + " " + turn.author + " turn " + std::to_string(turn.turn) + ":";
  for (const std::string& post : turn.posts) text += " " + post;
  return text;
}

DayStory::DayStory(const FeedDay& day, const Brand& brand, const Judge& judge)
    : day_(day), brand_(brand), judge_(judge) {
  for (const FeedPost& post : day.posts) by_id_[{post.source, post.id}] = &post;
  for (const FeedSource& source : day.sources) {
    if (source.site == SiteKind::kMastodon)
      instance_[source.id] = source.path.substr(source.path.rfind('/') + 1);
  }
}

void DayStory::Look(WallTime now) {
  for (const FeedSource& source : day_.sources) {
    for (const FeedPost& post : day_.posts)
      if (post.source == source.id) Read(post, now);
  }
}

void DayStory::Read(const FeedPost& post, WallTime now) {
  const bool shown = post.ExistsAt(now) && post.boost_of.empty() && post.visibility == "public";
  const auto known = seen_.find(&post);
  if (!shown || gone_.contains(&post)) return;
  if (known != seen_.end() && (IsMastodon(post) || known->second == post.VersionAt(now))) return;
  See(post, post.VersionAt(now), Holding(post));
}

void DayStory::Recheck(WallTime now) {
  for (const FeedPost& post : day_.posts) {
    if (!IsMastodon(post) || !seen_.contains(&post) || gone_.contains(&post)) continue;
    Case* const holder = Holding(post);
    if (post.ExistsAt(now)) {
      if (seen_[&post] != post.VersionAt(now)) See(post, post.VersionAt(now), holder);
      continue;
    }
    gone_.insert(&post);
    if (holder == nullptr) continue;
    std::erase_if(holder->posts, [&](const Kept& kept) { return kept.post == &post; });
    WithdrawUnasked(*holder);
    if (holder->posts.empty() && holder->turn == 0) cases_.erase(holder->no);
  }
}

void DayStory::See(const FeedPost& post, std::size_t version, Case* holder) {
  seen_[&post] = version;
  const std::string instance = IsMastodon(post) ? instance_[post.source] : "";
  if (brand_.IsOwn(post.source, MakePost(post, version, instance))) return;
  Case* const own = Own(post);
  const bool joins =
      holder != nullptr ? holder->posts.front().post != &post : own != nullptr && own->turn > 0;
  const bool asks = Judged(post, version, own, joins).enters_queue;
  if (asks) asking_.emplace(post.source, post.id);
  if (holder == nullptr) {
    if (asks) {
      Ask(post, own);
    } else if (own != nullptr && own->turn > 0) {
      own->posts.push_back({&post, false, 0});
    }
    return;
  }
  Kept& kept = *std::find_if(holder->posts.begin(), holder->posts.end(),
                             [&](const Kept& one) { return one.post == &post; });
  if (asks && !kept.asks) {
    if (!holder->waiting) NewTurn(*holder);
    kept.turn = holder->turn;
  }
  kept.asks = asks;
  WithdrawUnasked(*holder);
}

Verdict DayStory::Judged(const FeedPost& post, std::size_t version, const Case* own,
                         bool joins) const {
  const auto instance = instance_.find(post.source);
  const bool mastodon = instance != instance_.end();
  const Post seen = MakePost(post, version, mastodon ? instance->second : "");
  PostContext context;
  context.source = post.source;
  context.source_type = mastodon ? "mastodon" : "syndication";
  context.addressed = brand_.IsAddressed(post.source, seen);
  context.is_reply = Parent(post) != nullptr;
  context.joins_case = joins;
  for (const auto& [no, one] : cases_) {
    const bool same = one.source == post.source && one.author == post.author.name;
    context.earlier_cases += same && &one != own ? 1 : 0;
  }
  return judge_.Decide(seen, context);
}

void DayStory::Ask(const FeedPost& post, Case* own) {
  Case* into = own != nullptr ? own : Saying(post);
  if (into == nullptr) {
    const std::int64_t no = ++last_case_;
    into = &cases_[no];
    into->no = no;
    into->root = &Root(post);
    into->source = post.source;
    into->author = post.author.name;
  }
  if (!into->waiting) NewTurn(*into);
  into->posts.push_back({&post, true, into->turn});
}

void DayStory::NewTurn(Case& one) {
  ++one.turn;
  one.waiting = true;
  one.ticket = {++tick_, Number(one.source), Number(one.source + "\n" + one.author), one.no};
  order_.Arrive(one.ticket);
}

void DayStory::WithdrawUnasked(Case& one) {
  const bool asked = std::any_of(one.posts.begin(), one.posts.end(), [&](const Kept& kept) {
    return kept.asks && kept.turn == one.turn;
  });
  if (!one.waiting || asked) return;
  order_.Withdraw(one.ticket);
  withdrawn_[one.ticket.turn] = {one.source, one.author, one.ticket.turn};
  one.waiting = false;
  --one.turn;
}

bool DayStory::Release() {
  const WaitingTurn next = order_.TakeNext(++tick_).turn;
  if (next.turn == 0) return false;
  Leave(cases_.at(next.case_no));
  return true;
}

bool DayStory::ReleaseThat(const std::string& source, const std::string& post) {
  const auto found = by_id_.find({source, post});
  Case* const one = found == by_id_.end() ? nullptr : Holding(*found->second);
  if (one == nullptr || !one->waiting) return false;
  order_.Withdraw(one->ticket);
  Leave(*one);
  return true;
}

void DayStory::Leave(Case& one) {
  one.waiting = false;
  ToldTurn told{one.source, one.author, one.turn, {}};
  for (const Kept& kept : one.posts) told.posts.push_back(kept.post->id);
  std::sort(told.posts.begin(), told.posts.end());
  released_.push_back(std::move(told));
}

std::vector<DayStory::Withdrawn> DayStory::withdrawn() const {
  std::vector<Withdrawn> all;
  for (const auto& [tick, one] : withdrawn_) all.push_back(one);
  return all;
}

const FeedPost* DayStory::Parent(const FeedPost& post) const {
  const auto found = by_id_.find({post.source, post.reply_to});
  return found == by_id_.end() ? nullptr : found->second;
}

const FeedPost& DayStory::Root(const FeedPost& post) const {
  const FeedPost* top = &post;
  while (const FeedPost* parent = Parent(*top)) top = parent;
  return *top;
}

DayStory::Case* DayStory::Holding(const FeedPost& post) {
  for (auto& [no, one] : cases_) {
    for (const Kept& kept : one.posts)
      if (kept.post == &post) return &one;
  }
  return nullptr;
}

DayStory::Case* DayStory::Own(const FeedPost& post) {
  for (auto& [no, one] : cases_) {
    if (one.source == post.source && one.author == post.author.name && one.root == &Root(post))
      return &one;
  }
  return nullptr;
}

// A waiting case of the same author in which the same words stand already.
DayStory::Case* DayStory::Saying(const FeedPost& post) {
  const std::string gist = Gist(post.title + " " + post.TextOf(seen_[&post]));
  for (auto& [no, one] : cases_) {
    if (!one.waiting || one.source != post.source || one.author != post.author.name) continue;
    for (const Kept& kept : one.posts) {
      if (Gist(kept.post->title + " " + kept.post->TextOf(seen_[kept.post])) == gist) return &one;
    }
  }
  return nullptr;
}

bool DayStory::IsMastodon(const FeedPost& post) const { return instance_.contains(post.source); }

std::int64_t DayStory::Number(const std::string& name) {
  return numbers_.try_emplace(name, static_cast<std::int64_t>(numbers_.size()) + 1).first->second;
}

}  // namespace webcare

#include "daemon/cases/page_intake.h"

#include "daemon/store/outbox.h"

namespace webcare {

PageIntake::PageIntake(Books& books, const SourceName& source, const Brand& brand,
                       const Judge& judge, WallTime now)
    : db_(*books.db),
      source_(source),
      brand_(brand),
      judge_(judge),
      now_(now),
      seen_(db_, now),
      desk_(books, source.no, source.id, now) {}

PageOutcome PageIntake::Take(const Page& page) {
  const std::vector<Id128> ids = LoadKnown(page);
  for (std::size_t i = 0; i < ids.size(); ++i) TakePost(page.items[i], ids[i]);
  for (const Deletion& deletion : page.deletions) TakeDeletion(deletion);
  for (const RejectedItem& item : page.rejected) TakeRejected(item);
  seen_.Write();
  return outcome_;
}

// Most posts of most pages are new: that is found out for all at once.
std::vector<Id128> PageIntake::LoadKnown(const Page& page) {
  std::vector<Id128> ids;
  ids.reserve(page.items.size());
  for (const Item& item : page.items) ids.push_back(PostId(source_.id, item.post.native_id));
  seen_.Load(ids);
  return ids;
}

void PageIntake::TakePost(const Item& item, const Id128& id) {
  const Post& post = item.post;
  if (post.is_repost) {  // Leaves no trace: the post itself may still come.
    ++outcome_.skipped;
    return;
  }
  const std::int64_t content = ContentHash(post);
  const auto before = seen_.Find(id);
  if (before && before->content == content) {
    seen_.Touch(id, *before);
    ++outcome_.duplicates;
    return;
  }
  if (!before && !post.global_id.empty() && seen_.MetElsewhere(GlobalKey(post.global_id))) {
    ++outcome_.duplicates;
    return;
  }
  ++(before ? outcome_.edited : outcome_.fresh);
  const Id128 root = before ? before->root : RootOf(post, id);
  seen_.Put(id, content, root);
  if (brand_.IsOwn(source_.id, post)) {
    TakeOwn(post, id, root);
  } else if (post.is_private) {
    ++outcome_.skipped;
  } else {
    JudgeAndFile(item, id, root, before.has_value());
  }
}

// Sites name the first post, the parent or only the nearest known ancestor; what we know of that one
// leads further up.
Id128 PageIntake::RootOf(const Post& post, const Id128& id) {
  const std::string& above = post.root_id.empty() ? post.parent_id : post.root_id;
  if (above.empty() || above == post.native_id) return id;
  const Id128 ancestor = PostId(source_.id, above);
  const auto found = seen_.Find(ancestor);
  return found ? found->root : ancestor;
}

void PageIntake::TakeOwn(const Post& post, const Id128& id, const Id128& root) {
  ++outcome_.skipped;
  if (root == id) return;  // Answers nobody.
  desk_.Answer(post.parent_id.empty() ? root : PostId(source_.id, post.parent_id), root);
}

void PageIntake::JudgeAndFile(const Item& item, const Id128& id, const Id128& root, bool known) {
  const Post& post = item.post;
  const Id128 author = AuthorKey(source_.id, post.author.id);
  const Standing standing = desk_.Look(id, author, root, known);
  PostContext context;
  context.source = source_.id;
  context.source_type = source_.type;
  context.addressed = brand_.IsAddressed(source_.id, post);
  context.is_reply = root != id;
  context.joins_case = standing.joins_case;
  context.earlier_cases = standing.earlier_cases;
  const Verdict verdict = judge_.Decide(post, context);
  const ReachNote note = judge_.Annotate(post, verdict, item.reach);
  if (desk_.File({item, id, root, author, verdict, note}, standing)) ++outcome_.turns;
}

void PageIntake::TakeDeletion(const Deletion& deletion) {
  const Id128 id = PostId(source_.id, deletion.native_id);
  const auto before = seen_.Find(id);
  if (!before || before->content == 0) return;
  desk_.Delete(id);
  seen_.MarkDeleted(id);
  ++outcome_.deleted;
}

void PageIntake::TakeRejected(const RejectedItem& item) {
  const std::string& name = item.native_id.empty() ? item.raw : item.native_id;
  const Id128 id = HashParts({"rejected", source_.id, name});
  if (const auto before = seen_.Find(id)) {
    seen_.Touch(id, *before);
    return;
  }
  seen_.Put(id, 1, id);
  Outbox::Append(db_, {RejectedRecord(id, source_.id, item, now_)});
  ++outcome_.rejected;
}

}  // namespace webcare

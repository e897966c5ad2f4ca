#include "daemon/cases/source_book.h"

namespace webcare {

void WriteSourceState(Database& db, std::string_view id, const SourceState& state) {
  auto row = db.Query(
      "INSERT INTO sources (name, cursor, etag, last_modified, body_hash, moved_to, moved_count, "
      "posts_per_day, last_success, last_new_post, url_hash) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
      "ON CONFLICT (name) DO UPDATE SET cursor = ?2, etag = ?3, last_modified = ?4, "
      "body_hash = ?5, moved_to = ?6, moved_count = ?7, posts_per_day = ?8, last_success = ?9, "
      "last_new_post = ?10, url_hash = ?11");
  row.Bind(1, id).BindBlob(2, state.cursor).BindBlob(3, state.etag);
  row.BindBlob(4, state.last_modified).BindBlob(5, state.body_hash).BindBlob(6, state.moved_to);
  row.Bind(7, state.moved_count).BindReal(8, state.posts_per_day);
  row.Bind(9, ToMillis(state.last_success)).Bind(10, ToMillis(state.last_new_post));
  row.BindBlob(11, state.url_hash).Run();
}

SourceState ReadSourceState(Database& db, std::string_view id) {
  SourceState state;
  auto row = db.Query(
      "SELECT cursor, etag, last_modified, body_hash, moved_to, moved_count, posts_per_day, "
      "last_success, last_new_post, url_hash FROM sources WHERE name = ?1");
  if (!row.Bind(1, id).Step()) return state;
  state.cursor = row.Text(0);
  state.etag = row.Text(1);
  state.last_modified = row.Text(2);
  state.body_hash = row.Text(3);
  state.moved_to = row.Text(4);
  state.moved_count = static_cast<int>(row.Int(5));
  state.posts_per_day = row.Real(6);
  state.last_success = FromMillis(row.Int(7));
  state.last_new_post = FromMillis(row.Int(8));
  state.url_hash = row.Text(9);
  return state;
}

}  // namespace webcare

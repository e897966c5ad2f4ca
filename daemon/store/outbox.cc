#include "daemon/store/outbox.h"

#include <cassert>
#include <optional>

namespace webcare {
namespace {

Id128 Link(const Id128& previous, const OutboxRow& row) {
  return HashParts({previous.AsBytes(), ToString(row.topic), row.key, row.value});
}

OutboxRow ReadRow(const Statement& row) {
  OutboxRow out;
  out.seq = row.Int(0);
  out.topic = static_cast<Topic>(row.Int(1));
  out.tombstone = row.Int(2) != 0;
  out.chain = row.Id(3);
  out.key = row.Text(4);
  out.headers = RecordHeaders::FromBytes(row.Text(5));
  out.headers.Add("seq", std::to_string(out.seq));
  out.value = row.Text(6);
  return out;
}

struct Mark {
  std::int64_t seq = 0;
  Id128 chain;
};

// Of the newest row that was ever appended; `confirmed`, where known, stands in for the state's mark.
Mark NewestRow(Database& db, std::optional<Mark> confirmed) {
  {
    auto row = db.Query("SELECT seq, chain FROM outbox ORDER BY seq DESC LIMIT 1");
    if (row.Step()) return {row.Int(0), row.Id(1)};
  }
  if (confirmed) return *confirmed;
  auto state = db.Query("SELECT confirmed_seq, confirmed_chain FROM outbox_state");
  return state.Step() ? Mark{state.Int(0), state.Id(1)} : Mark{};
}

}  // namespace

std::string_view ToString(Topic topic) {
  switch (topic) {
    case Topic::kQueue:
      return "queue";
    case Topic::kCases:
      return "cases";
    case Topic::kVoices:
      return "voices";
    case Topic::kSignals:
      return "signals";
    case Topic::kRejected:
      return "rejected";
  }
  return "unknown";
}

TopicEnd& EndOf(std::vector<TopicEnd>& ends, std::string_view topic, int partition) {
  // Mostly the one before is asked for again.
  for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
    if (end->partition == partition && end->topic == topic) return *end;
  }
  return ends.emplace_back(TopicEnd{std::string(topic), partition, 0});
}

OutboxState Outbox::Load(Database& db) {
  OutboxState state;
  auto row = db.Query(
      "SELECT id, confirmed_seq, confirmed_chain, cluster_id, settled_seq, settled_chain "
      "FROM outbox_state");
  if (!row.Step()) return state;
  state.id = row.Id(0);
  state.confirmed_seq = row.Int(1);
  state.confirmed_chain = row.Id(2);
  state.cluster_id = row.Text(3);
  state.settled_seq = row.Int(4);
  state.settled_chain = row.Id(5);
  state.last_seq = NewestRow(db, Mark{state.confirmed_seq, state.confirmed_chain}).seq;
  return state;
}

std::int64_t Outbox::Append(Database& db, OutboxRow row) {
  assert(!row.tombstone || row.value.empty());
  const Mark previous = NewestRow(db, std::nullopt);
  row.seq = previous.seq + 1;
  db.Query("INSERT INTO outbox VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .Bind(1, row.seq)
      .Bind(2, static_cast<int>(row.topic))
      .Bind(3, row.tombstone ? 1 : 0)
      .Bind(4, Link(previous.chain, row))
      .Bind(5, row.key)
      .BindBlob(6, row.headers.bytes())
      .BindBlob(7, row.value)
      .Run();
  return row.seq;
}

std::vector<OutboxRow> Outbox::Read(Database& db, std::int64_t after, int max_rows,
                                    Bytes max_bytes) {
  std::vector<OutboxRow> rows;
  std::uint64_t bytes = 0;
  auto row = db.Query(
      "SELECT seq, topic, tombstone, chain, key, headers, value FROM outbox WHERE seq > ?1 "
      "ORDER BY seq LIMIT ?2");
  for (row.Bind(1, after).Bind(2, max_rows); row.Step();) {
    bytes += row.Text(4).size() + row.Text(5).size() + row.Text(6).size();
    if (!rows.empty() && bytes > max_bytes.count) break;
    rows.push_back(ReadRow(row));
  }
  return rows;
}

Id128 Outbox::ChainAt(Database& db, std::int64_t seq) {
  auto row = db.Query("SELECT chain FROM outbox WHERE seq = ?1");
  return row.Bind(1, seq).Step() ? row.Id(0) : Id128{};
}

void Outbox::Confirm(Database& db, std::int64_t seq) {
  db.Query(
        "UPDATE outbox_state SET confirmed_seq = ?1, confirmed_chain = ?2 WHERE ?1 > confirmed_seq")
      .Bind(1, seq)
      .Bind(2, ChainAt(db, seq))
      .Run();
}

void Outbox::Settle(Database& db, std::int64_t seq, const std::vector<TopicEnd>& ends) {
  db.Query("UPDATE outbox_state SET settled_seq = ?1, settled_chain = ?2 WHERE ?1 > settled_seq")
      .Bind(1, seq)
      .Bind(2, ChainAt(db, seq))
      .Run();
  db.Query("DELETE FROM outbox WHERE seq <= ?1").Bind(1, seq).Run();
  for (const TopicEnd& end : ends) {
    db.Query(
          "INSERT INTO outbox_settled VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE "
          "SET next_offset = max(next_offset, excluded.next_offset)")
        .Bind(1, std::string_view(end.topic))
        .Bind(2, end.partition)
        .Bind(3, end.offset)
        .Run();
  }
}

std::vector<TopicEnd> Outbox::SettledEnds(Database& db) {
  std::vector<TopicEnd> ends;
  auto row = db.Query(
      "SELECT topic, partition, next_offset FROM outbox_settled ORDER BY topic, partition");
  while (row.Step()) {
    ends.push_back({std::string(row.Text(0)), static_cast<int>(row.Int(1)), row.Int(2)});
  }
  return ends;
}

void Outbox::SetClusterId(Database& db, std::string_view cluster_id) {
  db.Query("UPDATE outbox_state SET cluster_id = ?1").Bind(1, cluster_id).Run();
}

void Outbox::Adopt(Database& db, std::int64_t seq, const Id128& chain) {
  const OutboxState state = Load(db);
  db.Query("DELETE FROM outbox WHERE seq <= ?1").Bind(1, state.confirmed_seq).Run();
  db.Query("DELETE FROM outbox_settled").Run();
  // By way of negative numbers, so that no row meets another's old number.
  db.Query("UPDATE outbox SET seq = -(seq + ?1)").Bind(1, seq - state.confirmed_seq).Run();
  db.Query("UPDATE outbox SET seq = -seq").Run();
  const std::int64_t last_seq = seq + state.last_seq - state.confirmed_seq;
  Id128 last_chain = chain;
  for (std::int64_t next = seq + 1; next <= last_seq && db.status().ok(); ++next) {
    const auto rows = Read(db, next - 1, 1, {0});
    if (rows.empty()) break;
    last_chain = Link(last_chain, rows.front());
    db.Query("UPDATE outbox SET chain = ?2 WHERE seq = ?1").Bind(1, next).Bind(2, last_chain).Run();
  }
  db.Query(
        "UPDATE outbox_state SET confirmed_seq = ?1, confirmed_chain = ?2, settled_seq = ?1, "
        "settled_chain = ?2, cluster_id = ''")
      .Bind(1, seq)
      .Bind(2, chain)
      .Run();
}

}  // namespace webcare

#include "daemon/store/outbox.h"

#include <algorithm>
#include <cassert>
#include <optional>

#include "daemon/store/parts.h"

namespace webcare {
namespace {

// Rows that are appended together stand in the database as one run, which ends with the row that reaches this
// size: a B-tree's cost for every one of them would be several times that of their bytes.
constexpr std::size_t kRunBytes = 64 << 10;

struct StoredRow {
  Id128 chain{};
  Topic topic = Topic::kQueue;
  bool tombstone = false;
  std::string_view key{}, headers{}, value{};
};

Id128 Link(const Id128& previous, const StoredRow& row) {
  return HashParts({previous.AsBytes(), ToString(row.topic), row.key, row.value});
}

void AddToRun(std::string& run, const StoredRow& row) {
  const char kind[] = {static_cast<char>(row.topic), row.tombstone ? '\1' : '\0'};
  run.append(row.chain.AsBytes()).append(kind, sizeof kind);
  for (const std::string_view part : {row.key, row.headers, row.value}) AppendPart(run, part);
}

// Takes one from the front; it points into the run. False at the end, and where the bytes were damaged on
// the disk.
bool TakeFromRun(std::string_view& run, StoredRow& row) {
  constexpr std::size_t kChain = 16;
  constexpr std::size_t kKind = 2;
  if (run.size() < kChain + kKind) return false;
  row.chain = Id128::FromBytes(run.substr(0, kChain));
  row.topic = static_cast<Topic>(run[kChain]);
  row.tombstone = run[kChain + 1] != 0;
  run.remove_prefix(kChain + kKind);
  return TakePart(run, row.key) && TakePart(run, row.headers) && TakePart(run, row.value);
}

OutboxRow ReadRow(std::int64_t seq, const StoredRow& row) {
  OutboxRow out;
  out.seq = seq;
  out.topic = row.topic;
  out.tombstone = row.tombstone;
  out.chain = row.chain;
  out.key = row.key;
  out.headers = RecordHeaders::FromBytes(row.headers);
  out.headers.Add("seq", std::to_string(seq));
  out.value = row.value;
  return out;
}

// Calls visit(seq, row) for the rows behind `after` that are not settled, oldest first, until it returns
// false. What was damaged on the disk ends the rows.
template <typename Visit>
void VisitRows(Database& db, std::int64_t after, Visit visit) {
  auto run = db.Query(
      "SELECT last_seq, rows, body, settled_seq FROM outbox_runs, outbox_state "
      "WHERE one = 1 AND last_seq > ?1 ORDER BY last_seq");
  for (run.Bind(1, after); run.Step();) {
    const std::int64_t from = std::max(after, run.Int(3));
    std::int64_t seq = run.Int(0) - run.Int(1);
    std::string_view rest = run.Text(2);
    for (StoredRow row; TakeFromRun(rest, row);) {
      if (++seq > from && !visit(seq, row)) return;
    }
    if (seq != run.Int(0)) return;
  }
}

struct Mark {
  std::int64_t seq = 0;
  Id128 chain;
};

// Of the newest row that was ever appended; `confirmed`, where known, stands in for the state's mark.
Mark NewestRow(Database& db, std::optional<Mark> confirmed) {
  {
    auto row = db.Query("SELECT last_seq, chain FROM outbox_runs ORDER BY last_seq DESC LIMIT 1");
    if (row.Step()) return {row.Int(0), row.Id(1)};
  }
  if (confirmed) return *confirmed;
  auto state = db.Query("SELECT confirmed_seq, confirmed_chain FROM outbox_state");
  return state.Step() ? Mark{state.Int(0), state.Id(1)} : Mark{};
}

struct Run {
  Mark last;
  int rows = 0;
  std::string body;

  void Add(StoredRow row) {
    last = {last.seq + 1, row.chain = Link(last.chain, row)};
    AddToRun(body, row);
    ++rows;
  }
  void Store(Database& db) const {
    db.Query("INSERT INTO outbox_runs VALUES (?1, ?2, ?3, ?4)")
        .Bind(1, last.seq)
        .Bind(2, rows)
        .Bind(3, last.chain)
        .BindBlob(4, body)
        .Run();
  }
};

// Chains the run that follows `before` anew, without what stands up to there. Returns its end; `before` where
// none follows or it is damaged.
Mark ChainAnew(Database& db, const Mark& before) {
  Run anew{before, 0, {}};
  std::int64_t end = 0;
  {
    auto run = db.Query(
        "SELECT last_seq, rows, body FROM outbox_runs WHERE last_seq > ?1 "
        "ORDER BY last_seq LIMIT 1");
    if (!run.Bind(1, before.seq).Step()) return before;
    end = run.Int(0);
    std::int64_t seq = end - run.Int(1);
    std::string_view rest = run.Text(2);
    for (StoredRow row; TakeFromRun(rest, row);) {
      if (++seq > before.seq) anew.Add(row);
    }
  }
  if (anew.last.seq != end) return before;
  db.Query("DELETE FROM outbox_runs WHERE last_seq = ?1").Bind(1, end).Run();
  anew.Store(db);
  return anew.last;
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

std::int64_t Outbox::Append(Database& db, const std::vector<OutboxRow>& rows) {
  Run run{NewestRow(db, std::nullopt), 0, {}};
  for (const OutboxRow& row : rows) {
    assert(!row.tombstone || row.value.empty());
    run.Add({.topic = row.topic,
             .tombstone = row.tombstone,
             .key = row.key,
             .headers = row.headers.bytes(),
             .value = row.value});
    if (run.body.size() < kRunBytes) continue;
    run.Store(db);
    run = {run.last, 0, {}};
  }
  if (run.rows > 0) run.Store(db);
  return run.last.seq;
}

std::vector<OutboxRow> Outbox::Read(Database& db, std::int64_t after, int max_rows,
                                    Bytes max_bytes) {
  std::vector<OutboxRow> rows;
  std::uint64_t bytes = 0;
  VisitRows(db, after, [&](std::int64_t seq, const StoredRow& row) {
    bytes += row.key.size() + row.headers.size() + row.value.size();
    if (!rows.empty() && bytes > max_bytes.count) return false;
    rows.push_back(ReadRow(seq, row));
    return rows.size() < static_cast<std::size_t>(max_rows);
  });
  return rows;
}

Id128 Outbox::ChainAt(Database& db, std::int64_t seq) {
  Id128 chain;
  VisitRows(db, seq - 1, [&](std::int64_t at, const StoredRow& row) {
    if (at == seq) chain = row.chain;
    return false;
  });
  return chain;
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
  db.Query("DELETE FROM outbox_runs WHERE last_seq <= ?1").Bind(1, seq).Run();
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

void Outbox::DropSettled(Database& db) {
  const OutboxState state = Load(db);
  ChainAnew(db, {state.settled_seq, state.settled_chain});
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
  const std::int64_t confirmed = Load(db).confirmed_seq;
  db.Query("DELETE FROM outbox_settled").Run();
  db.Query("DELETE FROM outbox_runs WHERE last_seq <= ?1").Bind(1, confirmed).Run();
  // By way of negative numbers, so that no run meets another's old number.
  db.Query("UPDATE outbox_runs SET last_seq = -(last_seq + ?1)").Bind(1, seq - confirmed).Run();
  db.Query("UPDATE outbox_runs SET last_seq = -last_seq").Run();
  db.Query(
        "UPDATE outbox_state SET confirmed_seq = ?1, confirmed_chain = ?2, settled_seq = ?1, "
        "settled_chain = ?2, cluster_id = ''")
      .Bind(1, seq)
      .Bind(2, chain)
      .Run();
  Mark last{seq, chain};
  for (Mark next = ChainAnew(db, last); next.seq > last.seq; next = ChainAnew(db, last)) {
    last = next;
  }
}

}  // namespace webcare

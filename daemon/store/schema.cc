#include "daemon/store/schema.h"

namespace webcare {
namespace {

constexpr std::string_view kVersion1 = R"sql(
CREATE TABLE outbox_state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id BLOB NOT NULL,
  confirmed_seq INTEGER NOT NULL,
  confirmed_chain BLOB NOT NULL,
  settled_seq INTEGER NOT NULL,
  settled_chain BLOB NOT NULL,
  cluster_id TEXT NOT NULL
) STRICT;
INSERT INTO outbox_state VALUES (1, randomblob(16), 0, zeroblob(16), 0, zeroblob(16), '');
CREATE TABLE outbox_settled (
  topic TEXT NOT NULL,
  partition INTEGER NOT NULL,
  next_offset INTEGER NOT NULL,
  PRIMARY KEY (topic, partition)
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  topic INTEGER NOT NULL,
  tombstone INTEGER NOT NULL,
  chain BLOB NOT NULL,
  key TEXT NOT NULL,
  headers BLOB NOT NULL,
  value BLOB NOT NULL
) STRICT;

CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL DEFAULT '',
  cursor BLOB NOT NULL DEFAULT x'',
  etag BLOB NOT NULL DEFAULT x'',
  last_modified BLOB NOT NULL DEFAULT x'',
  body_hash BLOB NOT NULL DEFAULT x'',
  moved_to BLOB NOT NULL DEFAULT x'',
  moved_count INTEGER NOT NULL DEFAULT 0,
  posts_per_day REAL NOT NULL DEFAULT 0,
  last_success INTEGER NOT NULL DEFAULT 0,
  last_new_post INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE queue_clock (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  tick INTEGER NOT NULL
) STRICT;
INSERT INTO queue_clock VALUES (1, 0);
CREATE TABLE queue_sources (
  source INTEGER PRIMARY KEY,
  weight INTEGER NOT NULL,
  place INTEGER,
  credit INTEGER NOT NULL
) STRICT;
CREATE TABLE queue_authors (
  author INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  place INTEGER NOT NULL
) STRICT;
CREATE TABLE queue_turns (
  case_no INTEGER PRIMARY KEY,
  turn INTEGER NOT NULL,
  source INTEGER NOT NULL,
  author INTEGER NOT NULL
) STRICT;

CREATE TABLE seen (
  post BLOB PRIMARY KEY,
  content INTEGER NOT NULL,
  day INTEGER NOT NULL,
  root BLOB
) STRICT, WITHOUT ROWID;
CREATE TABLE seen_global (
  global BLOB PRIMARY KEY,
  day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE authors (
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  cases INTEGER NOT NULL
) STRICT;
CREATE TABLE cases (
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  source INTEGER NOT NULL,
  author INTEGER NOT NULL,
  turn INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  posts INTEGER NOT NULL,
  repeats INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  waiting_since INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  touched_at INTEGER NOT NULL,
  author_name TEXT NOT NULL,
  author_handle TEXT NOT NULL,
  author_url TEXT NOT NULL,
  release INTEGER NOT NULL,
  arrived INTEGER NOT NULL,
  released INTEGER NOT NULL,
  attempt INTEGER NOT NULL
) STRICT;
CREATE INDEX cases_by_author ON cases (author);
CREATE TABLE posts (
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  case_no INTEGER NOT NULL,
  turn INTEGER NOT NULL,
  repeat INTEGER NOT NULL,
  author INTEGER NOT NULL,
  likeness INTEGER NOT NULL,
  facts TEXT NOT NULL,
  verdict TEXT NOT NULL,
  text TEXT NOT NULL,
  truncated INTEGER NOT NULL
) STRICT;
CREATE INDEX posts_by_case ON posts (case_no);
CREATE INDEX posts_by_likeness ON posts (author, likeness);
CREATE TABLE loud_notes (
  case_no INTEGER PRIMARY KEY,
  post BLOB NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE TABLE releases (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  count INTEGER NOT NULL
) STRICT;
INSERT INTO releases VALUES (1, 0);
)sql";

constexpr std::string_view kVersion2 = R"sql(
ALTER TABLE sources ADD COLUMN url_hash BLOB NOT NULL DEFAULT x'';
)sql";

constexpr std::string_view kVersion3 = R"sql(
WITH first (author, turn) AS (SELECT author, min(turn) FROM queue_turns GROUP BY author)
DELETE FROM queue_authors WHERE (author, place) IN first;
)sql";

constexpr std::string_view kVersion4 = R"sql(
CREATE TABLE author_numbers (old INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT;
INSERT INTO author_numbers
WITH RECURSIVE reading (id, digits, at, number) AS (
  SELECT id, hex(key), 1, 0 FROM authors
  UNION ALL
  SELECT id, digits, at + 1,
    (number << 4) | (instr('0123456789ABCDEF', substr(digits, at, 1)) - 1)
  FROM reading WHERE at <= 16
)
SELECT id, number FROM reading WHERE at = 17;
DROP INDEX cases_by_author;
ALTER TABLE cases ADD COLUMN likeness INTEGER NOT NULL DEFAULT 0;
UPDATE cases SET author = number FROM author_numbers WHERE old = author;
UPDATE queue_turns SET author = number FROM author_numbers WHERE old = author;
UPDATE queue_authors SET author = number FROM author_numbers WHERE old = author;
CREATE INDEX cases_by_author ON cases (author, likeness);

CREATE TABLE posts_of_cases (
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  turn INTEGER NOT NULL,
  repeat INTEGER NOT NULL,
  author INTEGER,
  likeness INTEGER,
  facts TEXT NOT NULL,
  verdict TEXT NOT NULL,
  text TEXT NOT NULL,
  truncated INTEGER NOT NULL
) STRICT;
INSERT INTO posts_of_cases
SELECT (case_no << 32) + row_number() OVER (PARTITION BY case_no ORDER BY id), key, turn, repeat,
  iif(turn > 0 AND likeness <> 0, (SELECT number FROM author_numbers WHERE old = author), NULL),
  iif(turn > 0 AND likeness <> 0, likeness, NULL), facts, verdict, text, truncated
FROM posts;
DROP TABLE posts;
ALTER TABLE posts_of_cases RENAME TO posts;
CREATE INDEX posts_by_likeness ON posts (author, likeness) WHERE likeness IS NOT NULL;
INSERT OR IGNORE INTO seen SELECT key, 1, unixepoch() / 86400, NULL FROM posts;
DROP TABLE authors;
DROP TABLE author_numbers;
)sql";

// Each row becomes a run of one. SQLite 3.40 has no function that makes a byte of a number: bytes are cut from
// all 256. No row is longer than 16 MiB.
constexpr std::string_view kVersion5 = R"sql(
CREATE TABLE outbox_runs (
  last_seq INTEGER PRIMARY KEY,
  rows INTEGER NOT NULL,
  chain BLOB NOT NULL,
  body BLOB NOT NULL
) STRICT;
INSERT INTO outbox_runs
WITH bytes (b) AS (SELECT CAST(
    x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f' ||
    x'202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f' ||
    x'404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f' ||
    x'606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f' ||
    x'808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f' ||
    x'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf' ||
    x'c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf' ||
    x'e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff' AS BLOB)),
sized AS (
  SELECT *, length(CAST(key AS BLOB)) AS k, length(headers) AS h, length(value) AS v FROM outbox
)
SELECT seq, 1, chain, CAST(
  chain || substr(b, topic + 1, 1) || substr(b, tombstone + 1, 1) ||
  x'00' || substr(b, (k >> 16 & 255) + 1, 1) || substr(b, (k >> 8 & 255) + 1, 1) || substr(b, (k & 255) + 1, 1) || key ||
  x'00' || substr(b, (h >> 16 & 255) + 1, 1) || substr(b, (h >> 8 & 255) + 1, 1) || substr(b, (h & 255) + 1, 1) || headers ||
  x'00' || substr(b, (v >> 16 & 255) + 1, 1) || substr(b, (v >> 8 & 255) + 1, 1) || substr(b, (v & 255) + 1, 1) || value
  AS BLOB)
FROM sized, bytes;
DROP TABLE outbox;
)sql";

constexpr std::string_view kScripts[] = {kVersion1, kVersion2, kVersion3, kVersion4, kVersion5};

}  // namespace

std::span<const std::string_view> SchemaScripts() { return kScripts; }

}  // namespace webcare

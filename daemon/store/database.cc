#include "daemon/store/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/store/schema.h"
#include "daemon/store/wal_file.h"

namespace webcare {
namespace {

// Looks SQL text up without making a string of it. Our statements differ in length or at the end; those of
// a batch are a thousand bytes long.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    constexpr std::size_t kEnd = 16;
    const std::size_t end = text.size() < kEnd ? 0 : text.size() - kEnd;
    return std::hash<std::string_view>{}(text.substr(end)) + text.size();
  }
};

constexpr int PrimaryCode(int code) { return code & 0xff; }

ErrorCode Meaning(int code) {
  switch (PrimaryCode(code)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::kConflict;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return ErrorCode::kUnavailable;
    default:
      return ErrorCode::kCorrupt;
  }
}

// Without sqlite3_errmsg(): it may quote SQL or a path.
Error ToError(int code) {
  return {Meaning(code), std::string("state database: ") + sqlite3_errstr(code) + " (sqlite " +
                             std::to_string(code) + ")"};
}

// Whose lock stands on the file: ", held by process 4711", or nothing where the kernel does not tell. The
// file itself is not opened: closing it would drop the locks this process may hold on it (POSIX).
std::string HeldBy(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) return {};
  char file[64];
  std::snprintf(file, sizeof file, "%02x:%02x:%ju", major(facts.st_dev), minor(facts.st_dev),
                static_cast<std::uintmax_t>(facts.st_ino));
  // "1: POSIX  ADVISORY  WRITE 4711 fe:01:2883594 0 EOF" (proc_locks(5)).
  std::ifstream locks("/proc/locks");
  std::string number, kind, way, mode, pid, locked;
  for (std::string line; std::getline(locks, line);) {
    std::istringstream fields(line);
    if (fields >> number >> kind >> way >> mode >> pid >> locked && locked == file)
      return ", held by process " + pid;
  }
  return {};
}

// The file must be plain and readable by us alone before SQLite sees it; SQLite gives the WAL the
// same mode. A new file is created here, because SQLite would create it by the umask. An existing
// one is not opened here: closing it would drop the POSIX locks this process may hold on it
// already.
Status PrepareFile(const std::string& path) {
  struct stat facts {};
  if (lstat(path.c_str(), &facts) == 0) {
    if (!S_ISREG(facts.st_mode)) {
      return Error{ErrorCode::kInvalid, "state database: not a plain file"};
    }
    if ((facts.st_mode & 077) != 0 && chmod(path.c_str(), 0600) != 0) {
      return Error{ErrorCode::kUnavailable, "state database: cannot set mode 0600"};
    }
    return {};
  }
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Error{ErrorCode::kUnavailable,
                 "state database: cannot be created (errno " + std::to_string(errno) + ")"};
  }
  close(fd);
  return {};
}

}  // namespace

struct Statement::Cached {
  sqlite3_stmt* raw = nullptr;
  bool busy = false;
};

struct Database::Impl {
  sqlite3* handle = nullptr;
  bool in_transaction = false;
  // More than one of a text only where a statement is used while another of it still runs.
  std::unordered_map<std::string, std::vector<std::unique_ptr<Statement::Cached>>, TextHash,
                     std::equal_to<>>
      statements;

  ~Impl() {
    for (auto& [sql, cached] : statements) {
      for (auto& one : cached) sqlite3_finalize(one->raw);
    }
    sqlite3_close(handle);
  }

  int Prepare(std::string_view sql, Statement::Cached** out) {
    auto found = statements.find(sql);
    if (found == statements.end()) found = statements.try_emplace(std::string(sql)).first;
    for (auto& one : found->second) {
      if (!one->busy) {
        *out = one.get();
        return SQLITE_OK;
      }
    }
    auto fresh = std::make_unique<Statement::Cached>();
    const int code = sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &fresh->raw, nullptr);
    if (code != SQLITE_OK) return code;
    *out = fresh.get();
    found->second.push_back(std::move(fresh));
    return SQLITE_OK;
  }

  int Execute(std::string_view sql) {
    return sqlite3_exec(handle, std::string(sql).c_str(), nullptr, nullptr, nullptr);
  }
};

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), cached_(std::exchange(other.cached_, nullptr)) {}

Statement::~Statement() {
  if (cached_ == nullptr) return;
  sqlite3_reset(cached_->raw);
  sqlite3_clear_bindings(cached_->raw);
  cached_->busy = false;
}

Statement& Statement::Bind(int index, std::int64_t value) {
  if (cached_ != nullptr) database_->Failed(sqlite3_bind_int64(cached_->raw, index, value));
  return *this;
}

Statement& Statement::Bind(int index, std::string_view text) {
  if (cached_ == nullptr) return *this;
  // A null pointer would bind NULL, not "".
  const char* data = text.empty() ? "" : text.data();
  database_->Failed(
      sqlite3_bind_text64(cached_->raw, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::BindBlob(int index, std::string_view bytes) {
  if (cached_ == nullptr) return *this;
  const char* data = bytes.empty() ? "" : bytes.data();
  database_->Failed(sqlite3_bind_blob64(cached_->raw, index, data, bytes.size(), SQLITE_STATIC));
  return *this;
}

Statement& Statement::BindReal(int index, double value) {
  if (cached_ != nullptr) database_->Failed(sqlite3_bind_double(cached_->raw, index, value));
  return *this;
}

Statement& Statement::BindNull(int index) {
  if (cached_ != nullptr) database_->Failed(sqlite3_bind_null(cached_->raw, index));
  return *this;
}

bool Statement::Step() {
  if (cached_ == nullptr || !database_->status().ok()) return false;
  const int code = sqlite3_step(cached_->raw);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_->Failed(code);
  return false;
}

void Statement::Run() { Step(); }

std::int64_t Statement::Int(int column) const { return sqlite3_column_int64(cached_->raw, column); }

double Statement::Real(int column) const { return sqlite3_column_double(cached_->raw, column); }

std::string_view Statement::Text(int column) const {
  const void* data = sqlite3_column_blob(cached_->raw, column);
  const int size = sqlite3_column_bytes(cached_->raw, column);
  return {static_cast<const char*>(data), data == nullptr ? 0 : static_cast<std::size_t>(size)};
}

Id128 Statement::Id(int column) const {
  const std::string_view raw = Text(column);
  return raw.size() == 16 ? Id128::FromBytes(raw) : Id128{};
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(cached_->raw, column) == SQLITE_NULL;
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::Open(const std::string& path) {
  if (const Status prepared = PrepareFile(path); !prepared.ok()) return prepared.error();
  // Statistics of memory cost a lock at every allocation; refused, and no loss, once SQLite runs.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  auto impl = std::make_unique<Impl>();
  const int code = sqlite3_open_v2(
      path.c_str(), &impl->handle,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, RegisterWalFiles());
  if (code != SQLITE_OK) return ToError(code);
  std::unique_ptr<Database> database(new Database(std::move(impl)));
  if (const Status ready = database->Configure(); !ready.ok()) {
    Error error = ready.error();
    if (error.code == ErrorCode::kConflict) error.message += HeldBy(path);
    return error;
  }
  return database;
}

// The order matters: EXCLUSIVE before WAL, so that no -shm file is ever mapped; page_size and
// auto_vacuum before the first table.
// Small pages and rare checkpoints (32 MiB of log): a commit touches many pages by a few bytes each, and
// the same ones again and again. Measured with store_bench: a quarter less CPU for intake and release.
Status Database::Configure() {
  sqlite3_db_config(impl_->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  constexpr std::string_view kSettings =
      "PRAGMA page_size = 2048; PRAGMA locking_mode = EXCLUSIVE; PRAGMA auto_vacuum = INCREMENTAL;"
      "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA secure_delete = FAST;"
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
      "PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 67108864;"
      "PRAGMA wal_autocheckpoint = 16384;";
  if (const int code = impl_->Execute(kSettings); code != SQLITE_OK) return ToError(code);
  // A write lock now, not at the first page: a second daemon must notice at start.
  if (const int code = impl_->Execute("BEGIN IMMEDIATE; COMMIT"); code != SQLITE_OK) {
    return ToError(code);
  }
  if (auto check = Query("PRAGMA quick_check(1)"); !check.Step() || check.Text(0) != "ok") {
    return Error{ErrorCode::kCorrupt, "state database: quick_check failed"};
  }
  return Upgrade();
}

Status Database::Upgrade() {
  std::int64_t version = 0;
  std::int64_t owner = 0;
  if (auto row = Query("PRAGMA user_version"); row.Step()) version = row.Int(0);
  if (auto row = Query("PRAGMA application_id"); row.Step()) owner = row.Int(0);
  const auto scripts = SchemaScripts();
  const auto newest = static_cast<std::int64_t>(scripts.size());
  if (version > newest || (version > 0 && owner != kApplicationId)) {
    return Error{ErrorCode::kCorrupt, "state database: made by a newer or by another program"};
  }
  if (version == newest) return status_;
  return Atomically([&]() -> Status {
    for (auto next = version; next < newest; ++next) {
      if (Failed(impl_->Execute(scripts[static_cast<std::size_t>(next)]))) break;
    }
    Failed(impl_->Execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
    Failed(impl_->Execute("PRAGMA user_version = " + std::to_string(newest)));
    return {};
  });
}

Status Database::Atomically(const std::function<Status()>& work) {
  assert(!impl_->in_transaction && "Atomically() does not nest");
  if (!status_.ok() && status_.error().code == ErrorCode::kCorrupt) return status_;
  status_ = Status();
  Query("BEGIN IMMEDIATE").Run();
  if (!status_.ok()) return status_;
  impl_->in_transaction = true;
  Status outcome = work();
  if (outcome.ok() && status_.ok() && before_commit_) before_commit_();
  if (!status_.ok()) outcome = status_;  // The first failing step, whatever `work` made of it.
  if (outcome.ok()) {
    Query("COMMIT").Run();
    outcome = status_;
  }
  // SQLite has rolled back by itself after some errors.
  if (sqlite3_get_autocommit(impl_->handle) == 0) impl_->Execute("ROLLBACK");
  impl_->in_transaction = false;
  if (!outcome.ok() && after_rollback_) after_rollback_();
  return outcome;
}

Statement Database::Query(std::string_view sql) {
  if (!impl_->in_transaction && !status_.ok() && status_.error().code != ErrorCode::kCorrupt) {
    status_ = Status();
  }
  Statement::Cached* cached = nullptr;
  if (!status_.ok() || Failed(impl_->Prepare(sql, &cached))) return {*this, nullptr};
  cached->busy = true;
  return {*this, cached};
}

bool Database::Failed(int code) {
  if (code != SQLITE_OK && status_.ok()) status_ = ToError(code);
  return !status_.ok();
}

std::int64_t Database::Changes() const { return sqlite3_changes64(impl_->handle); }

std::int64_t Database::LastInsertId() const { return sqlite3_last_insert_rowid(impl_->handle); }

std::int64_t Database::SizeBytes() {
  std::int64_t pages = 0;
  std::int64_t page_size = 0;
  if (auto row = Query("PRAGMA page_count"); row.Step()) pages = row.Int(0);
  if (auto row = Query("PRAGMA page_size"); row.Step()) page_size = row.Int(0);
  return pages * page_size;
}

Status Database::DropFreePages() {
  for (auto step = Query("PRAGMA incremental_vacuum"); step.Step();) continue;
  return status_;
}

Status Database::Checkpoint() {
  Query("PRAGMA wal_checkpoint(TRUNCATE)").Run();
  return status_;
}

LibraryVersion StoreLibrary() { return {"SQLite", SQLITE_VERSION, sqlite3_libversion()}; }

}  // namespace webcare

#include "daemon/store/wal_file.h"

#include <sqlite3.h>

#include <array>
#include <cstring>
#include <new>

namespace webcare {
namespace {

// SQLite gives one block of memory for a file: this, then the lower layer's.
struct WalFile {
  // What was written and not yet handed down: `size` bytes that belong at `begin`.
  struct Piece {
    // SQLite's own layer takes less than 128 KiB at once.
    static constexpr int kCapacity = 64 * 1024;
    sqlite3_int64 begin = 0;
    int size = 0;
    std::array<char, kCapacity> bytes;
  };

  sqlite3_file base;
  Piece* piece;  // Owned, freed by Close().

  sqlite3_file* lower() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

WalFile* Ours(sqlite3_file* file) { return reinterpret_cast<WalFile*>(file); }

// A piece that cannot be written is dropped: SQLite is told, and rolls the transaction back that it
// belongs to. Nothing of an earlier one is in it, because a commit ends with a sync.
int Flush(WalFile& wal) {
  if (wal.piece->size == 0) return SQLITE_OK;
  const int size = wal.piece->size;
  wal.piece->size = 0;
  return wal.lower()->pMethods->xWrite(wal.lower(), wal.piece->bytes.data(), size,
                                       wal.piece->begin);
}

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  WalFile& wal = *Ours(file);
  WalFile::Piece& piece = *wal.piece;
  if (offset != piece.begin + piece.size || size > WalFile::Piece::kCapacity - piece.size) {
    if (const int code = Flush(wal); code != SQLITE_OK) return code;
  }
  if (size > WalFile::Piece::kCapacity)
    return wal.lower()->pMethods->xWrite(wal.lower(), data, size, offset);
  if (piece.size == 0) piece.begin = offset;
  std::memcpy(piece.bytes.data() + piece.size, data, static_cast<std::size_t>(size));
  piece.size += size;
  return SQLITE_OK;
}

int Close(sqlite3_file* file) {
  WalFile& wal = *Ours(file);
  const int flushed = Flush(wal);
  delete wal.piece;
  const int closed = wal.lower()->pMethods->xClose(wal.lower());
  return flushed == SQLITE_OK ? closed : flushed;
}

// Calls the lower layer's method, behind what was held back.
template <auto kMethod, typename... Args>
int Flushed(sqlite3_file* file, Args... args) {
  WalFile& wal = *Ours(file);
  if (const int code = Flush(wal); code != SQLITE_OK) return code;
  return (wal.lower()->pMethods->*kMethod)(wal.lower(), args...);
}

template <auto kMethod, typename... Args>
int Passed(sqlite3_file* file, Args... args) {
  WalFile& wal = *Ours(file);
  return (wal.lower()->pMethods->*kMethod)(wal.lower(), args...);
}

using Methods = sqlite3_io_methods;

// Version 1: a WAL has no shared memory and is not mapped.
constexpr Methods kMethods = {
    .iVersion = 1,
    .xClose = Close,
    .xRead = Flushed<&Methods::xRead, void*, int, sqlite3_int64>,
    .xWrite = Write,
    .xTruncate = Flushed<&Methods::xTruncate, sqlite3_int64>,
    .xSync = Flushed<&Methods::xSync, int>,
    .xFileSize = Flushed<&Methods::xFileSize, sqlite3_int64*>,
    .xLock = Passed<&Methods::xLock, int>,
    .xUnlock = Passed<&Methods::xUnlock, int>,
    .xCheckReservedLock = Passed<&Methods::xCheckReservedLock, int*>,
    .xFileControl = Passed<&Methods::xFileControl, int, void*>,
    .xSectorSize = Passed<&Methods::xSectorSize>,
    .xDeviceCharacteristics = Passed<&Methods::xDeviceCharacteristics>,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int Open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  auto* lower = static_cast<sqlite3_vfs*>(vfs->pAppData);
  if ((flags & SQLITE_OPEN_WAL) == 0) return lower->xOpen(lower, name, file, flags, out_flags);
  auto* wal = new (file) WalFile{};
  wal->piece = new (std::nothrow) WalFile::Piece;
  if (wal->piece == nullptr) return SQLITE_NOMEM;
  const int code = lower->xOpen(lower, name, wal->lower(), flags, out_flags);
  // Closed by SQLite exactly if it has methods, whether the opening succeeded or not.
  if (wal->lower()->pMethods != nullptr) {
    wal->base.pMethods = &kMethods;
  } else {
    delete wal->piece;
  }
  return code;
}

}  // namespace

const char* RegisterWalFiles() {
  static sqlite3_vfs ours;
  sqlite3_vfs_unregister(&ours);  // It must not be written to while it stands in SQLite's list.
  sqlite3_vfs* const lower = sqlite3_vfs_find(nullptr);
  ours = *lower;
  ours.zName = "webcare";
  ours.pNext = nullptr;
  ours.pAppData = lower;
  ours.szOsFile = static_cast<int>(sizeof(WalFile)) + lower->szOsFile;
  ours.xOpen = Open;
  sqlite3_vfs_register(&ours, 0);
  return ours.zName;
}

}  // namespace webcare

#include "tests/store/faulty_vfs.h"

#include <sqlite3.h>

#include <new>

namespace webcare {
namespace {

struct Plan {
  int left = 0;  // Operations until the first fault; 0: healthy.
  int code = SQLITE_OK;
  bool failed = false;
};
Plan g_plan;
int g_operations = 0;
sqlite3_vfs g_vfs;
sqlite3_io_methods g_methods;

// SQLite gives us one block per file: this, then the real file.
struct FaultyFile {
  sqlite3_file base;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<FaultyFile*>(file)->real(); }
sqlite3_vfs* RealVfs() { return static_cast<sqlite3_vfs*>(g_vfs.pAppData); }

// SQLITE_OK or the fault that is due.
int Due() {
  ++g_operations;
  if (g_plan.left == 0) return SQLITE_OK;
  if (g_plan.left > 1) {
    --g_plan.left;
    return SQLITE_OK;
  }
  g_plan.failed = true;
  return g_plan.code;
}

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  if (const int code = Due(); code != SQLITE_OK) return code;
  return Real(file)->pMethods->xWrite(Real(file), data, size, offset);
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = Due(); code != SQLITE_OK) return code;
  return Real(file)->pMethods->xTruncate(Real(file), size);
}

int Sync(sqlite3_file* file, int flags) {
  if (const int code = Due(); code != SQLITE_OK) {
    return code == SQLITE_FULL ? code : SQLITE_IOERR_FSYNC;
  }
  return Real(file)->pMethods->xSync(Real(file), flags);
}

int Open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  auto* ours = new (file) FaultyFile{};
  const int code = RealVfs()->xOpen(RealVfs(), name, ours->real(), flags, out_flags);
  if (code == SQLITE_OK) ours->base.pMethods = &g_methods;
  return code;
}

// Version 1: no shared memory, which the exclusive lock does without.
void FillMethods() {
  g_methods.iVersion = 1;
  g_methods.xClose = [](sqlite3_file* f) { return Real(f)->pMethods->xClose(Real(f)); };
  g_methods.xRead = [](sqlite3_file* f, void* data, int size, sqlite3_int64 offset) {
    return Real(f)->pMethods->xRead(Real(f), data, size, offset);
  };
  g_methods.xWrite = Write;
  g_methods.xTruncate = Truncate;
  g_methods.xSync = Sync;
  g_methods.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
    return Real(f)->pMethods->xFileSize(Real(f), size);
  };
  g_methods.xLock = [](sqlite3_file* f, int l) { return Real(f)->pMethods->xLock(Real(f), l); };
  g_methods.xUnlock = [](sqlite3_file* f, int l) { return Real(f)->pMethods->xUnlock(Real(f), l); };
  g_methods.xCheckReservedLock = [](sqlite3_file* f, int* out) {
    return Real(f)->pMethods->xCheckReservedLock(Real(f), out);
  };
  g_methods.xFileControl = [](sqlite3_file* f, int op, void* arg) {
    return Real(f)->pMethods->xFileControl(Real(f), op, arg);
  };
  g_methods.xSectorSize = [](sqlite3_file* f) { return Real(f)->pMethods->xSectorSize(Real(f)); };
  g_methods.xDeviceCharacteristics = [](sqlite3_file* f) {
    return Real(f)->pMethods->xDeviceCharacteristics(Real(f));
  };
}

}  // namespace

FaultyDisk::FaultyDisk() {
  sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
  g_plan = {};
  g_operations = 0;
  FillMethods();
  g_vfs = *real;
  g_vfs.zName = "faulty";
  g_vfs.pNext = nullptr;
  g_vfs.pAppData = real;
  g_vfs.szOsFile = static_cast<int>(sizeof(FaultyFile)) + real->szOsFile;
  g_vfs.xOpen = Open;
  sqlite3_vfs_register(&g_vfs, 1);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&g_vfs);
  sqlite3_vfs_register(RealVfs(), 1);  // Else the next in the list becomes the default.
}

void FaultyDisk::FailFrom(int n, DiskFault fault) {
  g_plan = {n, fault == DiskFault::kFull ? SQLITE_FULL : SQLITE_IOERR_WRITE, false};
}

void FaultyDisk::Heal() { g_plan = {}; }

bool FaultyDisk::failed() const { return g_plan.failed; }

int FaultyDisk::operations() const { return g_operations; }

}  // namespace webcare

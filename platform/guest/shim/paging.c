// Page tables (SDM volume 3A, section 4.5). Those that are the same at every start are in the file (boot.S, build.ts); here
// come the windows of ring 3. Nothing is both writable and executable.

#include "shim.h"

#define ENTRY_COUNT 512
#define USER_READ (PAGE_PRESENT | PAGE_USER | PAGE_NO_EXECUTE)
#define USER_WRITE (USER_READ | PAGE_WRITABLE)
#define ONE_GIB 0x40000000
#define LINEAR_DIRECTORIES 2

typedef u64 Table[ENTRY_COUNT] __attribute__((aligned(PAGE_SIZE)));

extern u64 pageDirectoryPointers[], smallPages[];

static Table linearDirectories[LINEAR_DIRECTORIES];
static Table dmaDirectory, moduleDirectory, clockDirectory, clockPages, deviceDirectory, devicePages;
static u64 linearSize;

u64 linearMemorySize(void) {
  return linearSize;
}

static void reloadPageTables(void) {
  u64 root;
  __asm__ volatile("mov %%cr3, %0\n mov %0, %%cr3" : "=r"(root)::"memory");
}

// Who follows a null pointer faults from now on. Before, the loader's memory map may lie there.
void unmapFirstPage(void) {
  smallPages[0] = 0;
  reloadPageTables();
}

static void setDirectory(u64 virtualAddress, Table directory) {
  pageDirectoryPointers[virtualAddress / ONE_GIB] = (u64)directory | PAGE_TABLE;
}

void mapDmaArea(void) {
  setDirectory(DMA_WINDOW, dmaDirectory);
  for (u64 offset = 0; offset < shared.dmaSize; offset += LARGE_PAGE_SIZE) {
    dmaDirectory[offset / LARGE_PAGE_SIZE] = (shared.dmaAddress + offset) | USER_WRITE | PAGE_LARGE;
  }
}

// The module may begin anywhere in a page; ring 3 knows its address and finds the same offset in the window.
void mapModule(void) {
  setDirectory(MODULE_WINDOW, moduleDirectory);
  u64 start = shared.moduleAddress & -(u64)LARGE_PAGE_SIZE;
  u64 end = shared.moduleAddress + shared.moduleSize;
  for (u64 index = 0; start + index * LARGE_PAGE_SIZE < end && index < ENTRY_COUNT; index++) {
    moduleDirectory[index] = (start + index * LARGE_PAGE_SIZE) | USER_READ | PAGE_LARGE;
  }
}

void unmapModule(void) {
  pageDirectoryPointers[MODULE_WINDOW / ONE_GIB] = 0;
  reloadPageTables();
}

void mapClock(u64 physicalAddress) {
  setDirectory(CLOCK_WINDOW, clockDirectory);
  clockDirectory[0] = (u64)clockPages | PAGE_TABLE;
  clockPages[0] = physicalAddress | USER_READ;
}

// In steps of 2 MiB, so that few entries serve much memory. The missing first page lies before the first step.
bool growLinearMemory(u64 size) {
  if (size > shared.linearLimit) return false;
  for (; linearSize < size; linearSize += LARGE_PAGE_SIZE) {
    u64 offset = linearSize == 0 ? 0 : linearSize - PAGE_SIZE;
    if (offset % ONE_GIB == 0) {
      setDirectory(LINEAR_MEMORY + PAGE_SIZE + offset, linearDirectories[offset / ONE_GIB]);
    }
    linearDirectories[offset / ONE_GIB][offset / LARGE_PAGE_SIZE % ENTRY_COUNT] =
        (shared.linearAddress + PAGE_SIZE + offset) | USER_WRITE | PAGE_LARGE;
    if (linearSize == 0) linearSize = PAGE_SIZE;
  }
  return true;
}

// A page of a device, or of tables that the firmware left, for a driver. Answers what ring 3 may do with it.
u64 mapDevicePage(u64 index, u64 address) {
  u64 page = address & -(u64)PAGE_SIZE;
  if (index >= DEVICE_PAGES || !mayRead(page)) return 0;
  bool isWritable = mayWrite(page);
  setDirectory(DEVICE_WINDOW, deviceDirectory);
  deviceDirectory[0] = (u64)devicePages | PAGE_TABLE;
  devicePages[index] = page | (isWritable ? USER_WRITE : USER_READ) | PAGE_UNCACHED;
  __asm__ volatile("invlpg (%0)" ::"r"(DEVICE_WINDOW + index * PAGE_SIZE) : "memory");
  return isWritable ? 2 : 1;
}

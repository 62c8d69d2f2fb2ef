// Page tables (SDM volume 3A, section 4.5). boot.S has those that are the same at every start; here come the rights of the
// parts of the ELF file, and the windows of ring 3. Nothing is both writable and executable.

#include "shim.h"

#define ENTRY_COUNT 512
#define USER_READ (PAGE_PRESENT | PAGE_USER | PAGE_NO_EXECUTE)
#define USER_WRITE (USER_READ | PAGE_WRITABLE)
#define ONE_GIB 0x40000000
#define LINEAR_DIRECTORIES 2
#define OUTSIDE_WINDOW 0x800000000 // where ring 0 looks at physical memory above 4 GiB, 2 MiB at a time

typedef u64 Table[ENTRY_COUNT] __attribute__((aligned(PAGE_SIZE)));

extern u64 pageDirectoryPointers[], smallPages[];
extern u8 shimTextStart[], shimDataStart[], kernelStackGuard[], userTextStart[], userConstantsStart[], userDataStart[],
    userStackGuard[], imageEnd[];

static Table linearDirectories[LINEAR_DIRECTORIES], linearFirstPages;
static Table dmaDirectory, moduleDirectory, clockDirectory, clockPages, outsideDirectory;
static u64 linearSize;

u64 linearMemorySize(void) {
  return linearSize;
}

static void setRights(u8 *start, u8 *end, u64 rights) {
  for (u64 address = (u64)start; address < (u64)end; address += PAGE_SIZE) {
    smallPages[address / PAGE_SIZE] = address | rights;
  }
}

static void reloadPageTables(void) {
  u64 root;
  __asm__ volatile("mov %%cr3, %0\n mov %0, %%cr3" : "=r"(root)::"memory");
}

// From now on the first page is missing: whoever follows a null pointer faults. Before, the loader's memory map may lie there.
void protectImage(void) {
  smallPages[0] = 0;
  setRights(shimTextStart, shimDataStart, PAGE_PRESENT);
  setRights(shimDataStart, userTextStart, PAGE_DATA);
  setRights(userTextStart, userConstantsStart, PAGE_PRESENT | PAGE_USER);
  setRights(userConstantsStart, userDataStart, USER_READ);
  setRights(userDataStart, imageEnd, USER_WRITE);
  smallPages[(u64)kernelStackGuard / PAGE_SIZE] = 0;
  smallPages[(u64)userStackGuard / PAGE_SIZE] = 0;
  setRights(imageEnd, (u8 *)LARGE_PAGE_SIZE, PAGE_DATA);
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

// The first page stays away, so that address 0 is a fault.
static void mapFirstLinearPages(void) {
  for (u32 index = 0; index < LINEAR_DIRECTORIES; index++) {
    setDirectory(LINEAR_MEMORY + (u64)index * ONE_GIB, linearDirectories[index]);
  }
  for (u64 index = 1; index < ENTRY_COUNT; index++) {
    linearFirstPages[index] = (shared.linearAddress + index * PAGE_SIZE) | USER_WRITE;
  }
  linearDirectories[0][0] = (u64)linearFirstPages | PAGE_TABLE;
  linearSize = LARGE_PAGE_SIZE;
}

// In steps of 2 MiB, so that few entries serve much memory.
bool growLinearMemory(u64 size) {
  if (size > shared.linearLimit) return false;
  if (linearSize == 0) mapFirstLinearPages();
  for (; linearSize < size; linearSize += LARGE_PAGE_SIZE) {
    linearDirectories[linearSize / ONE_GIB][linearSize / LARGE_PAGE_SIZE % ENTRY_COUNT] =
        (shared.linearAddress + linearSize) | USER_WRITE | PAGE_LARGE;
  }
  return true;
}

// Where ring 0 finds a physical address and at least 2 MiB behind it: below 4 GiB at itself.
u64 windowOn(u64 physicalAddress) {
  if (physicalAddress < 4ull * ONE_GIB) return physicalAddress;
  setDirectory(OUTSIDE_WINDOW, outsideDirectory);
  u64 page = physicalAddress & -(u64)LARGE_PAGE_SIZE;
  for (u64 index = 0; index < 2; index++) {
    outsideDirectory[index] = (page + index * LARGE_PAGE_SIZE) | PAGE_DATA | PAGE_LARGE | PAGE_UNCACHED;
    __asm__ volatile("invlpg (%0)" ::"r"(OUTSIDE_WINDOW + index * LARGE_PAGE_SIZE) : "memory");
  }
  return OUTSIDE_WINDOW + physicalAddress % LARGE_PAGE_SIZE;
}

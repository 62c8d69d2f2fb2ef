// Which physical memory serves what. The largest range of RAM below 4 GiB that neither the ELF file nor the module takes
// becomes the DMA area, 2 MiB unless the option dma= says otherwise, and behind it linear memory. Both are contiguous, so
// that a device can be given the address of a pinned object.

#include "shim.h"

#define WASM_PAGE_SIZE 0x10000
#define FOUR_GIB 0x100000000
#define LEAST_LINEAR_MEMORY 0x600000
#define PHYSICAL_LIMIT (1ull << 46) // no processor of today has more address lines that could all be used

extern u8 imageEnd[], userDataStart[], shimTextStart[];

// --- Options of the command line: words separated by spaces ---

static const char *optionValue(const char *name) {
  const char *text = shared.commandLine;
  while (*text != 0) {
    u32 index = 0;
    while (name[index] != 0 && text[index] == name[index]) index++;
    if (name[index] == 0) return text + index;
    while (*text != 0 && *text != ' ') text++;
    while (*text == ' ') text++;
  }
  return NULL;
}

// A number of bytes with K, M or G behind it; `otherwise` when the option is not there or is no number.
static u64 sizeOption(const char *name, u64 otherwise) {
  const char *text = optionValue(name);
  if (text == NULL || *text < '0' || *text > '9') return otherwise;
  u64 value = 0;
  for (; *text >= '0' && *text <= '9' && value < FOUR_GIB; text++) value = value * 10 + (*text - '0');
  if (*text == 'K' || *text == 'k') value <<= 10;
  if (*text == 'M' || *text == 'm') value <<= 20;
  if (*text == 'G' || *text == 'g') value <<= 30;
  return value;
}

// --- Placing ---

struct Range {
  u64 start, end;
};

static u64 sizeOf(struct Range range) {
  return range.end > range.start ? range.end - range.start : 0;
}

// The larger part of `range` that is left when what lies from `start` to `end` is taken.
static struct Range without(struct Range range, u64 start, u64 end) {
  if (end <= range.start || start >= range.end) return range;
  struct Range below = {range.start, start > range.start ? start : range.start};
  struct Range above = {end < range.end ? end : range.end, range.end};
  return sizeOf(above) > sizeOf(below) ? above : below;
}

// RAM up to here is contiguous from `start` on: entries that touch count as one.
static u64 endOfRam(u64 start) {
  u64 end = start;
  for (u32 index = 0; index < shared.mapCount; index++) {
    struct MapEntry *entry = &shared.map[index];
    if (entry->type == MAP_RAM && entry->start <= end && entry->end > end) end = smaller(entry->end, FOUR_GIB);
  }
  return end;
}

static struct Range largestFreeRange(void) {
  struct Range best = {0, 0};
  for (u32 index = 0; index < shared.mapCount; index++) {
    if (shared.map[index].type != MAP_RAM || shared.map[index].start >= FOUR_GIB) continue;
    struct Range range = {shared.map[index].start, endOfRam(shared.map[index].start)};
    range = without(range, 0, (u64)imageEnd);
    range = without(range, shared.moduleAddress, shared.moduleAddress + shared.moduleSize);
    range.start = roundUp(range.start, LARGE_PAGE_SIZE);
    if (sizeOf(range) > sizeOf(best)) best = range;
  }
  return best;
}

static void setLinearLimit(u64 end) {
  u64 limit = smaller(sizeOption("memory=", LARGEST_LINEAR_MEMORY), LARGEST_LINEAR_MEMORY);
  u64 steps = (end - shared.linearAddress - PAGE_SIZE) / LARGE_PAGE_SIZE; // in which it is mapped
  shared.linearLimit = smaller(limit, PAGE_SIZE + steps * LARGE_PAGE_SIZE) & -(u64)WASM_PAGE_SIZE;
}

bool placeMemory(void) {
  struct Range range = largestFreeRange();
  u64 size = sizeOption("dma=", LARGE_PAGE_SIZE);
  shared.dmaSize = roundUp(smaller(size, 1 << 30), LARGE_PAGE_SIZE);
  if (sizeOf(range) < shared.dmaSize + LEAST_LINEAR_MEMORY) return false;
  shared.dmaAddress = range.start;
  shared.linearAddress = range.start + shared.dmaSize - PAGE_SIZE; // of its first page, which is not there
  setLinearLimit(range.end);
  return true;
}

// The image has been copied out of its module: when the module ends where linear memory may go on, it is free now.
bool extendLinearMemory(void) {
  u64 end = endOfRam(shared.dmaAddress);
  bool isBehind = shared.moduleAddress >= shared.linearAddress && shared.moduleAddress < end;
  if (isBehind) setLinearLimit(end);
  return isBehind;
}

// --- Which pages the image's drivers may see, and what ring 3 may hand to the shim ---

static bool overlapsPage(u64 page, u64 start, u64 end) {
  return page < end && start < page + PAGE_SIZE;
}

// The DMA area has a window of its own.
bool mayRead(u64 page) {
  bool isOurs = overlapsPage(page, (u64)shimTextStart, (u64)imageEnd) ||
                overlapsPage(page, shared.dmaAddress, shared.linearAddress + shared.linearLimit) ||
                page == XEN_SHARED_INFO || isInterruptController(page);
  return !isOurs && page < PHYSICAL_LIMIT;
}

// Registers of devices lie where no RAM is.
bool mayWrite(u64 page) {
  for (u32 index = 0; index < shared.mapCount; index++) {
    struct MapEntry *entry = &shared.map[index];
    if (entry->type == MAP_RAM && overlapsPage(page, entry->start, entry->end)) return false;
  }
  return mayRead(page);
}

bool isUserMemory(u64 address, u64 count) {
  if (address + count < address) return false;
  bool isLinear = address >= LINEAR_MEMORY + PAGE_SIZE && address + count <= LINEAR_MEMORY + linearMemorySize();
  return isLinear || (address >= (u64)userDataStart && address + count <= (u64)imageEnd);
}

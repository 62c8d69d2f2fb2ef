// The boot module is an image file (image/file.ts says how it looks). It is checked before it is believed, and a bad one
// ends the start with one sentence.

#include "layout.h"
#include "user.h"

// Offsets and sizes are those of image/file.ts; what vm/layout.ts knows comes from layout.h.
#define HEADER_SIZE_BYTES 4096
#define VERSION_OFFSET 8
#define HEAP_BASE_OFFSET 12
#define HEAP_SIZE_OFFSET 16
#define SPECIAL_OBJECTS_OFFSET 20
#define HASH_SEED_OFFSET 24
#define HEAP_CHECKSUM_OFFSET 32
#define HEADER_CHECKSUM_OFFSET 4092
#define IMAGE_VERSION 1

static const u8 magic[8] = {0x8a, 'G', 'o', 'n', 'd', 'o', 'l', 0x1a};

static __attribute__((noreturn)) void refuse(const char *sentence) {
  writeText(sentence);
  writeText("\n");
  endGuest(EXIT_BAD_IMAGE);
}

// --- CRC-32, eight bytes at a time (Kounavis and Berry, 2005): the image is read whole, and a start shall take no time ---

static u32 tables[8][256];

static void makeTables(void) {
  for (u32 byte = 0; byte < 256; byte++) {
    u32 value = byte;
    for (int bit = 0; bit < 8; bit++) value = value & 1 ? value >> 1 ^ 0xedb88320 : value >> 1;
    tables[0][byte] = value;
  }
  for (u32 byte = 0; byte < 256; byte++) {
    for (int table = 1; table < 8; table++) {
      u32 before = tables[table - 1][byte];
      tables[table][byte] = before >> 8 ^ tables[0][before & 0xff];
    }
  }
}

static u32 checksum(const u8 *bytes, u64 count) {
  u32 crc = ~0u;
  for (; count >= 8; count -= 8, bytes += 8) {
    u32 low = *(const u32 *)bytes ^ crc;
    u32 high = *(const u32 *)(bytes + 4);
    crc = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^ tables[4][low >> 24] ^
          tables[3][high & 0xff] ^ tables[2][high >> 8 & 0xff] ^ tables[1][high >> 16 & 0xff] ^ tables[0][high >> 24];
  }
  for (; count > 0; count--) crc = crc >> 8 ^ tables[0][(crc ^ *bytes++) & 0xff];
  return ~crc;
}

// --- Checks, in the order of image/file.ts ---

static u32 wordAt(const u8 *bytes, u32 offset) {
  return *(const u32 *)(bytes + offset);
}

static void checkHeader(const u8 *bytes, u64 size) {
  if (size == 0) refuse("There is no image: start the guest with one as its boot module (QEMU: -initrd FILE).");
  if (size < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0) refuse("The boot module is not a Gondola image.");
  if (size < HEADER_SIZE_BYTES) refuse("The image is truncated: its header is not complete.");
  if (checksum(bytes, HEADER_CHECKSUM_OFFSET) != wordAt(bytes, HEADER_CHECKSUM_OFFSET)) {
    refuse("The image is damaged: the checksum of its header is wrong.");
  }
  if (wordAt(bytes, VERSION_OFFSET) != IMAGE_VERSION) refuse("The image is of a version that this guest does not read.");
}

// A loader may round the size of a module up to pages, so what follows the heap is not looked at.
static void checkHeap(const u8 *bytes, u64 size) {
  u64 heapSize = wordAt(bytes, HEAP_SIZE_OFFSET);
  u32 specialObjects = wordAt(bytes, SPECIAL_OBJECTS_OFFSET);
  if (size < HEADER_SIZE_BYTES + heapSize) refuse("The image is truncated: bytes are missing at its end.");
  bool isSound = wordAt(bytes, HEAP_BASE_OFFSET) == OLD_SPACE_START && heapSize % 8 == 0 && specialObjects % 8 == 0 &&
                 specialObjects > OLD_SPACE_START && specialObjects < OLD_SPACE_START + heapSize;
  if (!isSound) refuse("The image is damaged: its header contradicts itself.");
  if (checksum(bytes + HEADER_SIZE_BYTES, heapSize) != wordAt(bytes, HEAP_CHECKSUM_OFFSET)) {
    refuse("The image is damaged: the checksum of its objects is wrong.");
  }
}

// The heap is copied before the machine begins: then the module's memory is free, and may become linear memory, too.
static void copyHeap(const u8 *heap, u32 size) {
  u32 pages = (OLD_SPACE_START + size + WASM_PAGE_SIZE - 1) / WASM_PAGE_SIZE;
  if (wasm_rt_grow_memory(&linearMemory, pages) == (u32)-1) refuse("The image needs more memory than this guest has.");
  memcpy(linear(OLD_SPACE_START), heap, size);
  gate(GATE_RELEASE_MODULE, 0, 0, 0);
}

static void startMachine(u32 heapSize, u32 specialObjects, u32 hashSeed) {
  Z_vm_init_module();
  Z_vm_instantiate(&machine, NULL, NULL);
  Z_vmZ_initialize(&machine, shared.linearLimit);
  if (!Z_vmZ_reserveHeap(&machine, heapSize)) refuse("The image needs more memory than this guest has.");
  if (!Z_vmZ_loadHeap(&machine, heapSize, specialObjects, hashSeed)) {
    refuse("The image is damaged: its objects cannot be loaded.");
  }
}

void loadImage(void) {
  const u8 *bytes = (const u8 *)MODULE_WINDOW + shared.moduleAddress % LARGE_PAGE_SIZE;
  makeTables();
  checkHeader(bytes, shared.moduleSize);
  checkHeap(bytes, shared.moduleSize);
  u32 heapSize = wordAt(bytes, HEAP_SIZE_OFFSET);
  u32 specialObjects = wordAt(bytes, SPECIAL_OBJECTS_OFFSET);
  u32 hashSeed = wordAt(bytes, HASH_SEED_OFFSET);
  copyHeap(bytes + HEADER_SIZE_BYTES, heapSize);
  startMachine(heapSize, specialObjects, hashSeed);
}

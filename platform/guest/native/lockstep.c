// Engine `native` as a Linux process, for comparing it with the others: the same compiled machine as in the guest, on a host
// in which time passes by 10 µs a question and every random byte is the next one (tests/vm/lockstep.test.ts has the other).
//
//     lockstep IMAGE TICKS SLICES
//
// After each slice a line: why the machine stopped, where its heap ends, and the CRC-32 of memory from the second page on.

#define _GNU_SOURCE
#include <asm/prctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "layout.h"
#include "vm.h"

#define HEADER_SIZE_BYTES 4096 // of an image file; image/file.ts
#define HEAP_SIZE_WORD 4
#define SPECIAL_OBJECTS_WORD 5
#define HASH_SEED_WORD 6
#define MEMORY_LIMIT 0x8000000
#define WINDOW_SIZE (8l << 30)

typedef struct Z_host_instance_t Host;

static wasm_rt_memory_t memory = {(u8 *)LINEAR_MEMORY, 0, MEMORY_LIMIT / WASM_PAGE_SIZE, 0};
static Z_vm_instance_t machine;
static f64 microseconds;
static u8 nextByte;

static __attribute__((noreturn)) void give_up(const char *sentence) {
  fprintf(stderr, "%s\n", sentence);
  exit(1);
}

// --- What wasm2c's output calls ---

wasm_rt_memory_t *Z_envZ_memory(struct Z_env_instance_t *environment) { return &memory; }
bool wasm_rt_is_initialized(void) { return true; }
u32 wasm_rt_register_func_type(u32 parameters, u32 results, ...) { return 0; }
void wasm_rt_trap(wasm_rt_trap_t reason) { give_up("The machine failed."); }

u32 wasm_rt_grow_memory(wasm_rt_memory_t *grown, u32 pages) {
  u32 before = grown->pages;
  if (before + pages > grown->max_pages) return -1;
  if (mprotect(grown->data, (before + pages) * (u64)WASM_PAGE_SIZE, PROT_READ | PROT_WRITE) != 0) return -1;
  grown->pages += pages;
  grown->size = grown->pages * WASM_PAGE_SIZE;
  return before;
}

// --- The import list ---

f64 Z_hostZ_hostUtcMicroseconds(Host *host) { return microseconds += 10; }
f64 Z_hostZ_hostMonotonicMicroseconds(Host *host) { return microseconds += 10; }
u32 Z_hostZ_hostTimeZ5AoneMinutes(Host *host) { return 60; }
void Z_hostZ_hostRandomBytes(Host *host, u32 address, u32 count) {
  for (u32 index = 0; index < count; index++) memory.data[address + index] = nextByte++;
}
u32 Z_hostZ_hostWrite(Host *host, u32 stream, u32 address, u32 count) { return count; }
u32 Z_hostZ_hostRead(Host *host, u32 stream, u32 address, u32 count) { return 0; }
void Z_hostZ_hostFatal(Host *host, u32 reason, u32 detail) { give_up("The machine gave up."); }
u32 Z_hostZ_hostPlatformText(Host *host, u32 address, u32 capacity) { return 0; }
f64 Z_hostZ_hostReadPort(Host *host, u32 port, u32 width) { return -1; }
u32 Z_hostZ_hostWritePort(Host *host, u32 port, u32 width, u32 value) { return 0; }
u32 Z_hostZ_hostWritePortBytes(Host *host, u32 port, u32 address, u32 count) { return 0; }
f64 Z_hostZ_hostLoadPhysical(Host *host, f64 physicalAddress, u32 width) { return -1; }
u32 Z_hostZ_hostStorePhysical(Host *host, f64 physicalAddress, u32 width, u32 value) { return 0; }
u32 Z_hostZ_hostReadPhysical(Host *host, f64 physicalAddress, u32 address, u32 count) { return 0; }
u32 Z_hostZ_hostWritePhysical(Host *host, f64 physicalAddress, u32 address, u32 count) { return 0; }
f64 Z_hostZ_hostComparePhysical(Host *host, f64 address, u32 width, u32 expected, u32 value) { return -1; }
u32 Z_hostZ_hostBarrier(Host *host) { return 0; }
u32 Z_hostZ_hostConnectInterrupt(Host *host, u32 line, u32 signalIndex) { return 0; }
u32 Z_hostZ_hostFinishInterrupt(Host *host, u32 line) { return 0; }
u32 Z_hostZ_hostHypercall(Host *host, u32 number, u32 address) { return 0; }
u32 Z_hostZ_hostPowerOff(Host *host, u32 status) { return 0; }
f64 Z_hostZ_hostPhysicalAddress(Host *host, u32 address) { return -1; }
u32 Z_hostZ_hostTranslate(Host *host, u32 code, u32 loop) { return 0; }
u32 Z_hostZ_hostRunTranslation(Host *host, u32 translation, u32 sp, u32 fp, u32 ip) { return 0; }
void Z_hostZ_hostForgetTranslations(Host *host) {}
u32 Z_hostZ_hostAddEntropy(Host *host, u32 address, u32 count) { return 0; }

// --- The run ---

static u32 checksum(const u8 *bytes, u64 count) {
  u32 table[256];
  for (u32 byte = 0; byte < 256; byte++) {
    table[byte] = byte;
    for (int bit = 0; bit < 8; bit++) table[byte] = table[byte] >> 1 ^ (table[byte] & 1 ? 0xedb88320 : 0);
  }
  u32 crc = ~0u;
  for (u64 index = 0; index < count; index++) crc = crc >> 8 ^ table[(crc ^ bytes[index]) & 0xff];
  return ~crc;
}

static void openWindow(void) {
  void *window = mmap(memory.data, WINDOW_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  if (window != memory.data || syscall(SYS_arch_prctl, ARCH_SET_GS, LINEAR_MEMORY) != 0) give_up("There is no window.");
  wasm_rt_grow_memory(&memory, OLD_SPACE_START / WASM_PAGE_SIZE);
}

static void load(const char *name) {
  u32 header[HEADER_SIZE_BYTES / sizeof(u32)];
  FILE *file = fopen(name, "rb");
  if (!file || fread(header, sizeof header, 1, file) != 1) give_up("The image cannot be read.");
  u32 size = header[HEAP_SIZE_WORD];
  Z_vm_init_module();
  Z_vm_instantiate(&machine, NULL, NULL);
  Z_vmZ_initialize(&machine, MEMORY_LIMIT);
  if (!Z_vmZ_reserveHeap(&machine, size)) give_up("The image is too large.");
  if (fread(memory.data + OLD_SPACE_START, size, 1, file) != 1) give_up("The image is truncated.");
  if (!Z_vmZ_loadHeap(&machine, size, header[SPECIAL_OBJECTS_WORD], header[HASH_SEED_WORD])) give_up("It does not load.");
}

int main(int count, char **words) {
  if (count != 4) give_up("usage: lockstep IMAGE TICKS SLICES");
  openWindow();
  load(words[1]);
  for (int slice = atoi(words[3]); slice > 0; slice--) {
    u32 reason = Z_vmZ_interpret(&machine, atoi(words[2]));
    u32 end = Z_vmZ_getHeapEnd(&machine);
    printf("%u %u %08x\n", reason, end, checksum(memory.data + PAGE_SIZE, end - PAGE_SIZE));
    if (reason != STOP_BUDGET && reason != STOP_IDLE) break;
  }
  return 0;
}

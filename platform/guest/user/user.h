// What the files of ring 3 offer each other.

#ifndef USER_H
#define USER_H
#include "vm.h"

u64 gate(u64 number, u64 a, u64 b, u64 c); // entry.S
void *memcpy(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);
int memcmp(const void *a, const void *b, size_t count);
u64 strlen(const char *text);

extern wasm_rt_memory_t linearMemory;
extern Z_vm_instance_t machine;

static inline u8 *linear(u32 address) {
  return (u8 *)LINEAR_MEMORY + address;
}

// run.c
void writeText(const char *text);
__attribute__((noreturn)) void fail(const char *sentence);
__attribute__((noreturn)) void endGuest(u32 status);

// clock.c
void startClock(void);
u64 monotonicNanoseconds(void);
u64 utcMicroseconds(void);
u64 entryMicroseconds(void);

// entropy.c
void startEntropy(void);
void addEntropy(const u8 *bytes, u64 count);
bool randomBytes(u8 *bytes, u64 count);

// image.c
void loadImage(void);

// hardware.c
void signalInterrupts(void);
bool isConnected(void);

// fault.c
void failOnPurpose(void);

// platformText.c
u32 writePlatformText(u8 *to, u32 capacity);
#endif

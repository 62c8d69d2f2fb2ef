// The host functions that every platform has: clocks, entropy, streams, failures. hardware.c has those for drivers.

#include "layout.h"
#include "user.h"

#define STREAM_OUTPUT 1
#define STREAM_ERRORS 2
#define CLOSED ((u32)-1)

wasm_rt_memory_t *Z_envZ_memory(struct Z_env_instance_t *environment) {
  return &linearMemory;
}

f64 Z_hostZ_hostMonotonicMicroseconds(struct Z_host_instance_t *host) {
  return monotonicNanoseconds() / 1000;
}
f64 Z_hostZ_hostUtcMicroseconds(struct Z_host_instance_t *host) {
  return utcMicroseconds();
}
// A hypervisor tells no zone; the image has the boot option for it.
u32 Z_hostZ_hostTimeZ5AoneMinutes(struct Z_host_instance_t *host) {
  return 0;
}

void Z_hostZ_hostRandomBytes(struct Z_host_instance_t *host, u32 address, u32 count) {
  if (!randomBytes(linear(address), count)) {
    fail("There is no entropy: neither the processor nor a device gives random numbers.");
  }
}
u32 Z_hostZ_hostAddEntropy(struct Z_host_instance_t *host, u32 address, u32 count) {
  addEntropy(linear(address), count);
  return true;
}

// Translations of hot code (vm/translation.ts): a guest makes none.
u32 Z_hostZ_hostTranslate(struct Z_host_instance_t *host, u32 code, u32 loop) {
  return 0;
}
u32 Z_hostZ_hostRunTranslation(struct Z_host_instance_t *host, u32 translation, u32 sp, u32 fp, u32 ip) {
  return 0;
}
void Z_hostZ_hostForgetTranslations(struct Z_host_instance_t *host) {}

// Output and errors go to the early console until the image's drivers have opened their own.
u32 Z_hostZ_hostWrite(struct Z_host_instance_t *host, u32 stream, u32 address, u32 count) {
  if (stream != STREAM_OUTPUT && stream != STREAM_ERRORS) return CLOSED;
  gate(GATE_WRITE_CONSOLE, (u64)linear(address), count, 0);
  return count;
}
u32 Z_hostZ_hostRead(struct Z_host_instance_t *host, u32 stream, u32 address, u32 count) {
  return CLOSED;
}

u32 Z_hostZ_hostPlatformText(struct Z_host_instance_t *host, u32 address, u32 capacity) {
  failOnPurpose();
  return writePlatformText(linear(address), capacity);
}

void Z_hostZ_hostFatal(struct Z_host_instance_t *host, u32 reason, u32 detail) {
  switch (reason) {
    case FATAL_NO_MEMORY: fail("The machine ran out of memory and could not even tell the image.");
    case FATAL_BAD_BYTECODE: fail("The machine met an unknown bytecode.");
    case FATAL_NO_ERROR_HANDLER: fail("An error could not be reported: a class does not understand the message that reports it.");
    default: fail("The machine gave up.");
  }
}

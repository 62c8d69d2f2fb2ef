// The host functions for drivers. What the shim must do goes through the gate; the DMA area is mapped here.

#include "user.h"

static u16 signalIndexes[LINE_COUNT];
static u32 connectedLines;

// --- Ports and physical memory ---

f64 Z_hostZ_hostReadPort(struct Z_host_instance_t *host, u32 port, u32 width) {
  return (u32)gate(GATE_READ_PORT, port, width, 0);
}

u32 Z_hostZ_hostWritePort(struct Z_host_instance_t *host, u32 port, u32 width, u32 value) {
  gate(GATE_WRITE_PORT, port, width, value);
  return true;
}

// Where a part of the DMA area is mapped, NULL for other memory.
static u8 *dmaMemory(u64 address, u64 count) {
  bool isInside = address >= shared.dmaAddress && address + count <= shared.dmaAddress + shared.dmaSize;
  return isInside ? (u8 *)DMA_WINDOW + (address - shared.dmaAddress) : NULL;
}

f64 Z_hostZ_hostLoadPhysical(struct Z_host_instance_t *host, f64 physicalAddress, u32 width) {
  const volatile u8 *memory = dmaMemory(physicalAddress, width);
  if (!memory) return (f64)(s64)gate(GATE_LOAD, physicalAddress, width, 0);
  return width == 1 ? *memory : width == 2 ? *(const volatile u16 *)memory : *(const volatile u32 *)memory;
}

u32 Z_hostZ_hostStorePhysical(struct Z_host_instance_t *host, f64 physicalAddress, u32 width, u32 value) {
  volatile u8 *memory = dmaMemory(physicalAddress, width);
  if (!memory) return gate(GATE_STORE, physicalAddress, width, value);
  if (width == 1) *memory = value;
  else if (width == 2) *(volatile u16 *)memory = value;
  else *(volatile u32 *)memory = value;
  return true;
}

u32 Z_hostZ_hostReadPhysical(struct Z_host_instance_t *host, f64 physicalAddress, u32 address, u32 count) {
  const u8 *memory = dmaMemory(physicalAddress, count);
  if (!memory) return gate(GATE_READ_PHYSICAL, physicalAddress, (u64)linear(address), count);
  memcpy(linear(address), memory, count);
  return true;
}

u32 Z_hostZ_hostWritePhysical(struct Z_host_instance_t *host, f64 physicalAddress, u32 address, u32 count) {
  u8 *memory = dmaMemory(physicalAddress, count);
  if (!memory) return gate(GATE_WRITE_PHYSICAL, physicalAddress, (u64)linear(address), count);
  memcpy(memory, linear(address), count);
  return true;
}

u32 Z_hostZ_hostBarrier(struct Z_host_instance_t *host) {
  __asm__ volatile("mfence" ::: "memory");
  return true;
}

f64 Z_hostZ_hostPhysicalAddress(struct Z_host_instance_t *host, u32 address) {
  return shared.linearAddress + address;
}

// --- Interrupts ---

u32 Z_hostZ_hostConnectInterrupt(struct Z_host_instance_t *host, u32 line, u32 signalIndex) {
  if (line >= LINE_COUNT || signalIndex > 0xffff) return false;
  connectedLines += (signalIndex != 0) - (signalIndexes[line] != 0);
  signalIndexes[line] = signalIndex;
  return gate(GATE_CONNECT, line, signalIndex != 0, 0);
}

u32 Z_hostZ_hostFinishInterrupt(struct Z_host_instance_t *host, u32 line) {
  if (line >= LINE_COUNT || signalIndexes[line] == 0) return false;
  gate(GATE_UNMASK, line, 0, 0);
  return true;
}

bool isConnected(void) {
  return connectedLines > 0;
}

static void signalLines(u32 word) {
  u64 lines = __atomic_exchange_n(&shared.pending[word], 0, __ATOMIC_SEQ_CST);
  for (; lines != 0; lines &= lines - 1) {
    u16 index = signalIndexes[word * 64 + __builtin_ctzll(lines)];
    if (index != 0) Z_vmZ_signal(&machine, index);
  }
}

// The shim sets the flag after the line, so one that comes now is seen the next time.
void signalInterrupts(void) {
  if (!shared.isPending) return;
  __atomic_store_n(&shared.isPending, 0, __ATOMIC_SEQ_CST);
  for (u32 word = 0; word < LINE_COUNT / 64; word++) {
    if (shared.pending[word] != 0) signalLines(word);
  }
}

// --- Hypervisor, power ---

u32 Z_hostZ_hostHypercall(struct Z_host_instance_t *host, u32 number, u32 address) {
  static s64 arguments[5];
  f64 *floats = (f64 *)linear(address);
  for (int index = 0; index < 5; index++) arguments[index] = (s64)floats[index];
  if (!gate(GATE_HYPERCALL, number, (u64)arguments, 0)) return false;
  floats[0] = arguments[0];
  return true;
}

u32 Z_hostZ_hostPowerOff(struct Z_host_instance_t *host, u32 status) {
  if ((s32)status < 0) gate(GATE_REBOOT, 0, 0, 0);
  endGuest(status);
}

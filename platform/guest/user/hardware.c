// The host functions for drivers. What the shim must do goes through the gate; the DMA area and, once the shim has agreed,
// pages of devices are mapped here.

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

u32 Z_hostZ_hostWritePortBytes(struct Z_host_instance_t *host, u32 port, u32 address, u32 count) {
  gate(GATE_WRITE_PORT_BYTES, port, (u64)linear(address), count);
  return true;
}

// Where a part of the DMA area is mapped, NULL for other memory.
static u8 *dmaMemory(u64 address, u64 count) {
  bool isInside = address >= shared.dmaAddress && address + count <= shared.dmaAddress + shared.dmaSize;
  return isInside ? (u8 *)DMA_WINDOW + (address - shared.dmaAddress) : NULL;
}

// --- Pages of devices: the shim maps those that a driver may see; the last ones of each place in the window stay ---

static struct {
  u64 page; // physical, plus one, so that 0 is none
  u64 rights;
} devicePages[DEVICE_PAGES];

// Where a physical address is mapped, up to the end of its page; NULL when it is refused, or its writing.
static u8 *deviceMemory(u64 address, bool isWriting) {
  u64 page = address / PAGE_SIZE;
  u64 index = page % DEVICE_PAGES;
  if (devicePages[index].page != page + 1) {
    devicePages[index].rights = gate(GATE_MAP_PAGE, index, page * PAGE_SIZE, 0);
    devicePages[index].page = page + 1;
  }
  if (devicePages[index].rights <= isWriting) return NULL;
  return (u8 *)DEVICE_WINDOW + index * PAGE_SIZE + address % PAGE_SIZE;
}

static u64 leftInPage(u64 address) {
  return PAGE_SIZE - address % PAGE_SIZE;
}

static bool readPhysical(u64 address, u8 *to, u64 count) {
  const u8 *dma = dmaMemory(address, count);
  if (dma) return memcpy(to, dma, count), true;
  for (u64 size; count > 0; address += size, to += size, count -= size) {
    size = count < leftInPage(address) ? count : leftInPage(address);
    const u8 *memory = deviceMemory(address, false);
    if (!memory) return false;
    memcpy(to, memory, size);
  }
  return true;
}

static bool writePhysical(u64 address, const u8 *from, u64 count) {
  u8 *dma = dmaMemory(address, count);
  if (dma) return memcpy(dma, from, count), true;
  for (u64 size; count > 0; address += size, from += size, count -= size) {
    size = count < leftInPage(address) ? count : leftInPage(address);
    u8 *memory = deviceMemory(address, true);
    if (!memory) return false;
    memcpy(memory, from, size);
  }
  return true;
}

static f64 loadFromTwoPages(u64 address, u32 width) {
  u32 value = 0;
  return readPhysical(address, (u8 *)&value, width) ? value : -1;
}

f64 Z_hostZ_hostLoadPhysical(struct Z_host_instance_t *host, f64 physicalAddress, u32 width) {
  u64 address = physicalAddress;
  if (leftInPage(address) < width) return loadFromTwoPages(address, width);
  const volatile u8 *memory = dmaMemory(address, width);
  if (!memory) memory = deviceMemory(address, false);
  if (!memory) return -1;
  return width == 1 ? *memory : width == 2 ? *(const volatile u16 *)memory : *(const volatile u32 *)memory;
}

u32 Z_hostZ_hostStorePhysical(struct Z_host_instance_t *host, f64 physicalAddress, u32 width, u32 value) {
  u64 address = physicalAddress;
  volatile u8 *memory = dmaMemory(address, width);
  if (!memory) memory = deviceMemory(address, true);
  if (!memory) return false;
  if (width == 1) *memory = value;
  else if (width == 2) *(volatile u16 *)memory = value;
  else *(volatile u32 *)memory = value;
  return true;
}

f64 Z_hostZ_hostComparePhysical(struct Z_host_instance_t *host, f64 physicalAddress, u32 width, u32 expected, u32 value) {
  u64 address = physicalAddress;
  u8 *memory = dmaMemory(address, width);
  if (!memory) memory = deviceMemory(address, true);
  if (!memory) return -1;
  if (width == 4) {
    __atomic_compare_exchange_n((u32 *)memory, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return expected;
  }
  u16 found = expected;
  __atomic_compare_exchange_n((u16 *)memory, &found, (u16)value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return found;
}

u32 Z_hostZ_hostReadPhysical(struct Z_host_instance_t *host, f64 physicalAddress, u32 address, u32 count) {
  return readPhysical(physicalAddress, linear(address), count);
}

u32 Z_hostZ_hostWritePhysical(struct Z_host_instance_t *host, f64 physicalAddress, u32 address, u32 count) {
  return writePhysical(physicalAddress, linear(address), count);
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

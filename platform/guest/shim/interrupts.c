// Interrupts outside Xen: the local APIC with its timer (SDM volume 3A, chapter 11), I/O APICs (82093AA data sheet), and
// message-signalled ones. A line that interrupts is masked and noted; the driver unmasks it when it has served the device.

#include "shim.h"

#define LOCAL_APIC 0xfee00000
#define LOCAL_APIC_SIZE 0x100000 // writes there are messages, too
#define APIC_ID 0x20
#define APIC_END_OF_INTERRUPT 0xb0
#define APIC_SPURIOUS 0xf0
#define APIC_ENABLE 0x100
#define APIC_TIMER 0x320
#define APIC_LINT0 0x350
#define APIC_INITIAL_COUNT 0x380
#define APIC_DIVIDE 0x3e0
#define APIC_DIVIDE_BY_1 0xb
#define APIC_MASKED 0x10000

// A second one serves virtio-mmio on QEMU microvm (hw/i386/microvm.c): lines 24 to 47.
#define IO_APIC_COUNT 2
#define IO_APIC_SPACE 0x20000
#define IO_APIC_VERSION 1
#define IO_APIC_FIRST_ENTRY 0x10
#define IO_APIC_PINS 24
#define IO_MASKED 0x10000
#define IO_LEVEL 0x8000
#define FIRST_LEVEL_LINE 16 // those below are the ISA bus's, which are edges

#define FIRST_LINE_VECTOR 0x30
#define VECTOR_TIMER 0xe0
#define VECTOR_SPURIOUS 0xff

#define PIC1_MASK 0x21
#define PIC2_MASK 0xa1

static const u64 ioApics[IO_APIC_COUNT] = {0xfec00000, 0xfec10000};
static bool hasIoApic[IO_APIC_COUNT];
static u32 localId;

bool isInterruptController(u64 page) {
  return page - LOCAL_APIC < LOCAL_APIC_SIZE || page - ioApics[0] < IO_APIC_SPACE;
}

static void writeLocal(u32 offset, u32 value) {
  store32(LOCAL_APIC + offset, value);
}

// --- I/O APICs ---

static u32 readIoApic(u64 base, u32 index) {
  store32(base, index);
  return load32(base + 0x10);
}
static void writeIoApic(u64 base, u32 index, u32 value) {
  store32(base, index);
  store32(base + 0x10, value);
}

// Versions 0x11 and 0x20 have been made; where nothing answers, reads give all ones or zeros.
static bool answersAsIoApic(u64 base) {
  u32 version = readIoApic(base, IO_APIC_VERSION);
  return ((version & 0xff) == 0x11 || (version & 0xff) == 0x20) && (version >> 16 & 0xff) == IO_APIC_PINS - 1;
}

static void writeLine(u32 line, u32 mask) {
  u64 base = ioApics[line / IO_APIC_PINS];
  u32 index = IO_APIC_FIRST_ENTRY + line % IO_APIC_PINS * 2;
  u32 trigger = line >= FIRST_LEVEL_LINE ? IO_LEVEL : 0;
  writeIoApic(base, index, mask | trigger | (FIRST_LINE_VECTOR + line));
}

static bool hasLine(u32 line) {
  return line < IO_APIC_COUNT * IO_APIC_PINS && hasIoApic[line / IO_APIC_PINS];
}

static bool connectGsi(u32 line, bool isConnected) {
  if (!hasLine(line)) return false;
  u64 base = ioApics[line / IO_APIC_PINS];
  writeIoApic(base, IO_APIC_FIRST_ENTRY + line % IO_APIC_PINS * 2 + 1, localId << 24);
  writeLine(line, isConnected ? 0 : IO_MASKED);
  return true;
}

// --- Lines ---

static bool isMessageLine(u32 line) {
  return line >= MSI_FIRST_LINE && line < MSI_FIRST_LINE + MSI_COUNT;
}

bool connectLine(u32 line, bool isConnected) {
  if (shared.hypervisor == HYPERVISOR_XEN) return connectPort(line, isConnected);
  return isMessageLine(line) || connectGsi(line, isConnected);
}

void unmaskLine(u32 line) {
  if (shared.hypervisor == HYPERVISOR_XEN) unmaskPort(line);
  else if (hasLine(line)) writeLine(line, 0);
}

void notePending(u32 line) {
  shared.pending[line / 64] |= 1ull << line % 64;
  shared.isPending = 1;
}

// Called from entries.S.
void serveInterrupt(u64 vector) {
  if (vector == VECTOR_XEN) return serveXenEvents();
  if (vector == VECTOR_SPURIOUS) return;
  if (vector >= MSI_FIRST_VECTOR && vector < MSI_FIRST_VECTOR + MSI_COUNT) {
    notePending(vector - MSI_FIRST_VECTOR + MSI_FIRST_LINE);
  } else if (hasLine(vector - FIRST_LINE_VECTOR)) {
    writeLine(vector - FIRST_LINE_VECTOR, IO_MASKED);
    notePending(vector - FIRST_LINE_VECTOR);
  }
  writeLocal(APIC_END_OF_INTERRUPT, 0);
}

// --- Timer ---

// QEMU and KVM count a nanosecond a tick (APIC_BUS_CYCLE_NS of Linux's lapic.h, hw/intc/apic.c of QEMU). Where that is not
// so, the run loop sees that it was woken too early, and waits again.
void armTimer(u64 nanoseconds) {
  if (shared.hypervisor != HYPERVISOR_XEN) writeLocal(APIC_INITIAL_COUNT, smaller(nanoseconds, 0xffffffff));
}

void setUpInterrupts(void) {
  writePort8(PIC1_MASK, 0xff);
  writePort8(PIC2_MASK, 0xff);
  localId = load32(LOCAL_APIC + APIC_ID) >> 24;
  writeLocal(APIC_SPURIOUS, APIC_ENABLE | VECTOR_SPURIOUS);
  writeLocal(APIC_LINT0, APIC_MASKED);
  writeLocal(APIC_DIVIDE, APIC_DIVIDE_BY_1);
  writeLocal(APIC_TIMER, VECTOR_TIMER);
  for (u32 index = 0; index < IO_APIC_COUNT; index++) hasIoApic[index] = answersAsIoApic(ioApics[index]);
}

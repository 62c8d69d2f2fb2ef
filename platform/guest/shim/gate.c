// The calls of ring 3. An instruction that faults everywhere is the gate, because some hypervisors that run ring 0 without
// hardware help do not come back properly from `syscall` or `int`. Nothing that ring 3 hands over is believed.

#include "shim.h"

#define GATE_INSTRUCTION_SIZE 2 // ud2

extern u8 userGate[];

static u64 readPort(u16 port, u64 width) {
  return width == 1 ? readPort8(port) : width == 2 ? readPort16(port) : readPort32(port);
}

static void writePort(u16 port, u64 width, u32 value) {
  if (width == 1) writePort8(port, value);
  else if (width == 2) writePort16(port, value);
  else writePort32(port, value);
}

static u64 load(u64 address, u64 width) {
  if (!mayRead(address, width)) return -1;
  u64 place = windowOn(address);
  return width == 1 ? load8(place) : width == 2 ? load16(place) : load32(place);
}

static bool store(u64 address, u64 width, u32 value) {
  if (!mayWrite(address, width)) return false;
  u64 place = windowOn(address);
  if (width == 1) store8(place, value);
  else if (width == 2) store16(place, value);
  else store32(place, value);
  return true;
}

static bool readPhysical(u64 address, u64 to, u64 count) {
  if (count > LARGE_PAGE_SIZE || !mayRead(address, count) || !isUserMemory(to, count)) return false;
  copyBytes((void *)to, (const void *)windowOn(address), count);
  return true;
}

static bool writePhysical(u64 address, u64 from, u64 count) {
  if (count > LARGE_PAGE_SIZE || !mayWrite(address, count) || !isUserMemory(from, count)) return false;
  copyBytes((void *)windowOn(address), (const void *)from, count);
  return true;
}

// Interrupts are closed here, so what is pending after the question wakes the `hlt`.
static void wait(u64 nanosecondsOfClock, u64 nanosecondsFromNow) {
  if (shared.isPending) return;
  if (nanosecondsFromNow != 0) {
    if (shared.hypervisor == HYPERVISOR_XEN) armXenTimer(nanosecondsOfClock);
    else armTimer(nanosecondsFromNow);
  }
  __asm__ volatile("sti; hlt; cli" ::: "memory");
}

// Arguments that lie in the DMA area are pointers for Xen, which wants them as ring 0 sees them: there they are the same.
static bool callXen(u64 number, u64 address) {
  if (shared.hypervisor != HYPERVISOR_XEN || !isUserMemory(address, 5 * sizeof(s64))) return false;
  s64 *arguments = (s64 *)address;
  arguments[0] = hypercall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]);
  return true;
}

static void write(u64 address, u64 count) {
  bool isReadable = isUserMemory(address, count);
  if (isReadable) writeConsole((const char *)address, count);
}

static u64 serve(struct Frame *frame) {
  u64 a = frame->rdi, b = frame->rsi, c = frame->rdx;
  switch (frame->rax) {
    case GATE_WRITE_CONSOLE: return write(a, b), 0;
    case GATE_WAIT: return wait(a, b), 0;
    case GATE_READ_PORT: return readPort(a, b);
    case GATE_WRITE_PORT: return writePort(a, b, c), 0;
    case GATE_LOAD: return load(a, b);
    case GATE_STORE: return store(a, b, c);
    case GATE_READ_PHYSICAL: return readPhysical(a, b, c);
    case GATE_WRITE_PHYSICAL: return writePhysical(a, b, c);
    case GATE_CONNECT: return connectLine(a, b);
    case GATE_UNMASK: return unmaskLine(a), 0;
    case GATE_HYPERCALL: return callXen(a, b);
    case GATE_POWER_OFF: powerOff(a);
    case GATE_REBOOT: reboot();
    case GATE_GROW: return growLinearMemory(a);
    case GATE_RELEASE_MODULE: return unmapModule(), extendLinearMemory();
    case GATE_REPORT_DONE: finishReport();
    default: return -1;
  }
}

void serveGate(struct Frame *frame) {
  if (frame->rip != (u64)userGate) return reportCrash(frame, NULL, 0);
  if (frame->rax == GATE_FAIL) return reportCrash(frame, (const char *)frame->rdi, frame->rsi);
  frame->rax = serve(frame);
  frame->rip += GATE_INSTRUCTION_SIZE;
}

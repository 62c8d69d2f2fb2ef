// The calls of ring 3. An instruction that faults everywhere is the gate, because some hypervisors that run ring 0 without
// hardware help do not come back properly from `syscall` or `int`. Nothing that ring 3 hands over is believed.

#include "shim.h"

static u64 readPort(u64 port, u64 width) {
  return width == 1 ? readPort8(port) : width == 2 ? readPort16(port) : readPort32(port);
}

static u64 writePort(u64 port, u64 width, u64 value) {
  if (width == 1) writePort8(port, value);
  else if (width == 2) writePort16(port, value);
  else writePort32(port, value);
  return 0;
}

static u64 writePortBytes(u64 port, u64 address, u64 count) {
  if (!isUserMemory(address, count)) return 0;
  __asm__ volatile("rep outsb" : "+S"(address), "+c"(count) : "d"(port) : "memory");
  return 0;
}

// Interrupts are closed here, so what is pending after the question comes between `sti` and `cli`. The processor delays it
// until the `hlt`; should an emulated one not do so, entries.S skips the `hlt`.
static u64 wait(u64 nanosecondsOfClock, u64 nanosecondsFromNow) {
  if (shared.isPending) return 0;
  if (nanosecondsFromNow != 0) {
    if (shared.hypervisor == HYPERVISOR_XEN) armXenTimer(nanosecondsOfClock);
    else armTimer(nanosecondsFromNow);
  }
  __asm__ volatile("sti\n .globl waitHalt\nwaitHalt: hlt\n cli" ::: "memory");
  return 0;
}

// Arguments that lie in the DMA area are pointers for Xen, which wants them as ring 0 sees them: there they are the same.
static u64 callXen(u64 number, u64 address) {
  if (shared.hypervisor != HYPERVISOR_XEN || !isUserMemory(address, 5 * sizeof(s64))) return false;
  s64 *arguments = (s64 *)address;
  arguments[0] = hypercall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]);
  return true;
}

static u64 write(u64 address, u64 count) {
  if (isUserMemory(address, count)) writeConsole((const char *)address, count);
  return 0;
}

static u64 connect(u64 line, u64 isConnected) {
  return connectLine(line, isConnected);
}
static u64 unmask(u64 line) {
  return unmaskLine(line), 0;
}
static u64 grow(u64 size) {
  return growLinearMemory(size);
}
static u64 releaseModule(void) {
  unmapModule();
  return extendLinearMemory();
}

// By the numbers of gate.h; entries.S calls them.
void *const gateFunctions[GATE_FAIL] = {
    [GATE_WRITE_CONSOLE] = write,
    [GATE_WAIT] = wait,
    [GATE_READ_PORT] = readPort,
    [GATE_WRITE_PORT] = writePort,
    [GATE_WRITE_PORT_BYTES] = writePortBytes,
    [GATE_MAP_PAGE] = mapDevicePage,
    [GATE_CONNECT] = connect,
    [GATE_UNMASK] = unmask,
    [GATE_HYPERCALL] = callXen,
    [GATE_POWER_OFF] = powerOff,
    [GATE_REBOOT] = reboot,
    [GATE_GROW] = grow,
    [GATE_RELEASE_MODULE] = releaseModule,
    [GATE_REPORT_DONE] = finishReport,
};

// The end: power-off with a status where the hypervisor can pass one on, reboot, and refusing to start.

#include "shim.h"

#define DEBUG_EXIT 0xf4                    // QEMU isa-debug-exit: ends QEMU with status (value << 1) | 1
#define LARGEST_STATUS 127                 // of a process: what is left of eight bits
#define QEMU_POWER_CONTROL 0x604           // PM1a control register on QEMU pc and q35 (hw/acpi/ich9.c, piix4.c)
#define QEMU_SOFT_OFF 0x2000
#define MICROVM_SLEEP_CONTROL 0xfea00200   // hw/i386/microvm.c GED_MMIO_BASE_REGS, ACPI sleep control register
#define CLOUD_HYPERVISOR_SLEEP 0x600       // its ACPI shutdown port
#define SLEEP_SOFT_OFF 0x34                // ACPI 4.8.3.7: sleep type 5, sleep enable
#define UNUSED_PORT 0x80 // each write takes a moment
#define MOMENTS 1000
#define KEYBOARD_CONTROLLER 0x64           // pulses the reset line; Firecracker ends then
#define KEYBOARD_RESET 0xfe

static __attribute__((noreturn)) void haltForever(void) {
  for (;;) __asm__ volatile("cli; hlt");
}

// A hypervisor may take its time with what it was told.
static void waitForEnd(void) {
  for (u32 moments = 0; moments < MOMENTS; moments++) writePort8(UNUSED_PORT, 0);
}

__attribute__((noreturn)) void reboot(void) {
  if (shared.hypervisor == HYPERVISOR_XEN) shutDownXen(true, false);
  writePort8(KEYBOARD_CONTROLLER, KEYBOARD_RESET);
  waitForEnd();
  struct __attribute__((packed)) {
    u16 limit;
    u64 address;
  } nothing = {0, 0};
  __asm__ volatile("lidt %0; ud2" ::"m"(nothing)); // no descriptor for the fault of the fault: the processor resets
  haltForever();
}

// Whoever does not know a register of these ignores the write, and the next one is tried.
__attribute__((noreturn)) void powerOff(u32 status) {
  if (shared.hypervisor == HYPERVISOR_XEN) shutDownXen(false, status == EXIT_FAILURE);
  if (status != 0) writePort32(DEBUG_EXIT, smaller(status, LARGEST_STATUS));
  store8(MICROVM_SLEEP_CONTROL, SLEEP_SOFT_OFF);
  waitForEnd();
  writePort16(QEMU_POWER_CONTROL, QEMU_SOFT_OFF);
  writePort8(CLOUD_HYPERVISOR_SLEEP, SLEEP_SOFT_OFF);
  waitForEnd();
  reboot();
}

__attribute__((noreturn)) void refuse(const char *sentence) {
  print(sentence);
  print("\n");
  powerOff(EXIT_FAILURE);
}

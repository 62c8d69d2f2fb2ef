// What ring 0 (shim/) and ring 3 (user/) must agree on: where things are mapped, the calls through the gate, and what the
// shim tells at the start. Also read by the assembler.

#ifndef GATE_H
#define GATE_H

// --- Virtual addresses. Below 4 GiB everything is where it is physically, for ring 0; of that ring 3 sees its own parts of
// the ELF file. ---

// Linear memory: 4 GiB and another 4 GiB that an offset can add, of which only what exists is mapped. Its first page never
// is, and the second one lies on a border of large pages: so that missing page needs no table of small pages.
#define LINEAR_MEMORY (0x200000000 - PAGE_SIZE)
#define DMA_WINDOW 0x500000000    // the DMA area
#define MODULE_WINDOW 0x600000000 // the boot module, read-only, until the image is loaded
#define CLOCK_WINDOW 0x700000000  // the page in which the hypervisor tells the time, read-only
#define DEVICE_WINDOW 0x800000000 // pages of devices and tables, as drivers ask for them
#define DEVICE_PAGES 64

#define LARGEST_LINEAR_MEMORY 0x7fff0000 // oops are signed 32-bit numbers
#define LARGE_PAGE_SIZE 0x200000
#define PAGE_SIZE 0x1000

// --- The gate: `ud2` at userGate with the number in rax, arguments in rdi, rsi, rdx; the answer in rax ---

#define GATE_WRITE_CONSOLE 0   // address, count
#define GATE_WAIT 1            // nanoseconds of the clock, nanoseconds from now (0: none); until something is pending
#define GATE_READ_PORT 2       // port, width
#define GATE_WRITE_PORT 3      // port, width, value
#define GATE_WRITE_PORT_BYTES 4 // port, address, count
#define GATE_MAP_PAGE 5        // index in DEVICE_WINDOW, physical address; 0: refused, 1: to be read, 2: and written
#define GATE_CONNECT 6         // line, 1 or 0; 0: there is no such line
#define GATE_UNMASK 7          // line
#define GATE_HYPERCALL 8       // number, address of five numbers; the first becomes the answer. 0: there is no Xen
#define GATE_POWER_OFF 9       // exit status
#define GATE_REBOOT 10
#define GATE_GROW 11           // new size of linear memory; 0: there is no room
#define GATE_RELEASE_MODULE 12 // the image is loaded: the module's memory may become linear memory
#define GATE_REPORT_DONE 13    // the report of a failure is complete
#define GATE_FAIL 14           // address of a sentence, its length: the machine failed; reports all registers, and ends

// --- Lines: GSIs of the I/O APICs; from MSI_FIRST_LINE message-signalled; under Xen event channel ports ---

#define LINE_COUNT 4096
#define MSI_FIRST_LINE 256
#define MSI_COUNT 16
#define MSI_FIRST_VECTOR 0x80

// --- Exit statuses ---

#define EXIT_BAD_IMAGE 3
#define EXIT_FAILURE 4

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define COMMAND_LINE_CAPACITY 4096
#define MAP_CAPACITY 64

#define MAP_RAM 1

struct MapEntry {
  u64 start;
  u64 end;
  u32 type; // as in the PVH memory map: 1 RAM, 2 reserved, 3 ACPI, ...
};

enum Hypervisor { HYPERVISOR_NONE, HYPERVISOR_KVM, HYPERVISOR_TCG, HYPERVISOR_XEN };

enum Clock {
  CLOCK_NONE,      // the time stamp counter has to be measured
  CLOCK_KVM,       // CLOCK_WINDOW holds a pvclock structure, wallSeconds the time at its zero
  CLOCK_XEN        // CLOCK_WINDOW holds the shared info page
};

// Lies in memory of ring 3: the shim writes it and believes nothing of it afterwards.
struct Shared {
  enum Hypervisor hypervisor;
  enum Clock clock;
  u32 wallSeconds;
  u32 wallNanoseconds;
  u64 tscKhz;         // 0: not known
  bool hasRdrand;
  bool hasRdseed;
  u64 entryTsc;       // when the loader handed over
  u64 rsdp;
  u64 moduleAddress;  // physical
  u64 moduleSize;     // 0: there is no module
  u64 linearAddress;  // physical
  u64 linearLimit;    // bytes that linear memory may have
  u64 dmaAddress;     // physical
  u64 dmaSize;
  u32 mapCount;
  struct MapEntry map[MAP_CAPACITY];
  char commandLine[COMMAND_LINE_CAPACITY];
  char brand[49];
  struct {
    u32 domid;
    u32 version;
    u64 consolePfn, consolePort, storePfn, storePort;
  } xen;
  // Lines that have interrupted, set by the shim and cleared by the run loop; isPending is set after them.
  volatile u64 pending[LINE_COUNT / 64];
  volatile u32 isPending;
};

extern struct Shared shared;
#endif
#endif

// What the files of the shim offer each other, in the order in which start.c uses them.

#ifndef SHIM_H
#define SHIM_H
#include "x86.h"

// What an exception leaves on the stack: entries.S and the processor.
struct Frame {
  u64 r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
  u64 vector, error;
  u64 rip, cs, rflags, rsp, ss;
};

// task.c
void setUpTask(void);

// startInfo.c
bool copyStartInfo(u64 address);

// console.c: the early console, polled
void findConsole(void);
void writeConsole(const char *text, u64 count);
void print(const char *text);
void printHex(u64 value);
void printDecimal(u64 value);

// processor.c
void describeProcessor(void);

// memory.c
bool placeMemory(void);
bool extendLinearMemory(void);
bool mayRead(u64 page);
bool mayWrite(u64 page);
bool isUserMemory(u64 address, u64 count);

// paging.c
void unmapFirstPage(void);
void mapModule(void);
void unmapModule(void);
void mapClock(u64 physicalAddress);
void mapDmaArea(void);
bool growLinearMemory(u64 size);
u64 linearMemorySize(void);
u64 mapDevicePage(u64 index, u64 address);

// clock.c
void findClock(void);

// interrupts.c: local APIC, I/O APICs, the timer
void setUpInterrupts(void);
bool isInterruptController(u64 page);
bool connectLine(u32 line, bool isConnected);
void unmaskLine(u32 line);
void armTimer(u64 nanoseconds);
void serveInterrupt(u64 vector);
void notePending(u32 line);

// xen.c
bool setUpXen(void);
void writeXenConsole(const char *text, u64 count);
bool connectPort(u32 port, bool isConnected);
void unmaskPort(u32 port);
void armXenTimer(u64 nanosecondsOfClock);
void serveXenEvents(void);
s64 hypercall(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e);
void shutDownXen(bool reboot, bool crashed);
#define VECTOR_XEN 0xf0
#define XEN_SHARED_INFO 0xf0000000 // a frame without memory behind it, until Xen puts the page there

// power.c
__attribute__((noreturn)) void powerOff(u32 status);
__attribute__((noreturn)) void reboot(void);
__attribute__((noreturn)) void refuse(const char *sentence);

// crash.c
void reportCrash(struct Frame *frame);
void finishReport(void);

static inline u64 smaller(u64 a, u64 b) {
  return a < b ? a : b;
}
static inline u64 roundUp(u64 value, u64 unit) {
  return (value + unit - 1) / unit * unit;
}
#endif

// When the machine or the shim fails: what happened and the registers on the console, then, if it was ring 3, the stack of
// the active Smalltalk process, which ring 3 itself writes (user/report.c). A failure during the report ends it.

#include "shim.h"

extern u8 userGate[], userReport[], reportStackTop[];

static bool isReporting;

static const char *const exceptionNames[32] = {
    [0] = "division error", [1] = "debug exception", [2] = "non-maskable interrupt", [3] = "breakpoint",
    [4] = "overflow", [5] = "bound range exceeded", [6] = "invalid opcode", [7] = "device not available",
    [8] = "double fault", [10] = "invalid task state segment", [11] = "segment not present",
    [12] = "stack-segment fault", [13] = "general protection fault", [14] = "page fault",
    [16] = "floating-point error", [17] = "misaligned access", [18] = "machine check", [19] = "SIMD floating-point error",
};

static void printRegisters(const struct Frame *frame) {
  const struct {
    const char *name;
    u64 value;
  } registers[] = {
      {"rip", frame->rip}, {"cs ", frame->cs},  {"rflags", frame->rflags}, {"rsp", frame->rsp}, {"rax", frame->rax},
      {"rbx", frame->rbx}, {"rcx", frame->rcx}, {"rdx", frame->rdx},       {"rsi", frame->rsi}, {"rdi", frame->rdi},
      {"rbp", frame->rbp}, {"r8 ", frame->r8},  {"r9 ", frame->r9},        {"r10", frame->r10}, {"r11", frame->r11},
      {"r12", frame->r12}, {"r13", frame->r13}, {"r14", frame->r14},       {"r15", frame->r15},
  };
  for (u32 index = 0; index < sizeof registers / sizeof registers[0]; index++) {
    print(index % 4 == 0 ? "\n    " : "  ");
    print(registers[index].name);
    print(" ");
    printHex(registers[index].value);
  }
  print("\n");
}

static void printCause(const struct Frame *frame) {
  const char *name = exceptionNames[frame->vector];
  print("The machine failed: ");
  print(name ? name : "unknown exception");
  print(" in ring ");
  printDecimal(frame->cs & 3);
  print(", error code ");
  printHex(frame->error);
  if (frame->vector == VECTOR_PAGE_FAULT) {
    u64 address;
    __asm__ volatile("mov %%cr2, %0" : "=r"(address));
    print(", address ");
    printHex(address);
  }
}

void finishReport(void) {
  print("The machine is switched off.\n");
  powerOff(EXIT_FAILURE);
}

// Ring 3 itself may have failed and say why.
static bool printSentence(const struct Frame *frame) {
  bool isCall = frame->vector == VECTOR_INVALID_OPCODE && frame->rip == (u64)userGate && frame->rax == GATE_FAIL;
  if (isCall && isUserMemory(frame->rdi, frame->rsi)) writeConsole((const char *)frame->rdi, frame->rsi);
  return isCall;
}

// Called from entries.S. When it returns, ring 3 goes on with the report.
void reportCrash(struct Frame *frame) {
  if (isReporting) {
    print("\n(the report cannot be continued)\n");
    finishReport();
  }
  isReporting = true;
  print("\n");
  if (!printSentence(frame)) printCause(frame);
  printRegisters(frame);
  if (frame->cs != USER_CODE) finishReport();
  frame->rip = (u64)userReport;
  frame->rsp = (u64)reportStackTop;
}

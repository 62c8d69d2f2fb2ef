// The task state segment, which holds the stacks for entering ring 0, and the interrupt descriptor table (SDM volume 3A,
// sections 6.10 and 7.7). Each gate closes interrupts, so nothing in the shim is interrupted but `hlt`.

#include "descriptors.h"

#define ENTRY_SIZE 16 // of an entry in entries.S
#define GATE_INTERRUPT 0x8e00
#define FAULT_STACK 1
#define VECTOR_NMI 2
#define VECTOR_DOUBLE_FAULT 8
#define VECTOR_MACHINE_CHECK 18
#define TASK_AVAILABLE 0x89

extern u64 gdt[];
extern u8 interruptEntries[], kernelStackTop[], faultStackTop[];

static struct __attribute__((packed)) {
  u32 reserved0;
  u64 stacks[3]; // for entering ring 0, 1, 2
  u64 reserved1;
  u64 interruptStacks[7];
  u64 reserved2;
  u16 reserved3;
  u16 portMap;
} task;

static struct {
  u16 offsetLow, selector;
  u16 flags, offsetMiddle;
  u32 offsetHigh, reserved;
} gates[256];

struct __attribute__((packed)) TablePointer {
  u16 limit;
  u64 address;
};

static void setUpTask(void) {
  u64 address = (u64)&task;
  task.stacks[0] = (u64)kernelStackTop;
  task.interruptStacks[FAULT_STACK - 1] = (u64)faultStackTop;
  task.portMap = sizeof task; // beyond the end: ring 3 has no port
  u64 *descriptor = &gdt[TASK / 8];
  descriptor[0] = (sizeof task - 1) | (address & 0xffffff) << 16 | (u64)TASK_AVAILABLE << 40 | (address >> 24) << 56;
  descriptor[1] = address >> 32;
  __asm__ volatile("ltr %w0" ::"r"(TASK));
}

static u16 stackFor(int vector) {
  bool isGrave = vector == VECTOR_NMI || vector == VECTOR_DOUBLE_FAULT || vector == VECTOR_MACHINE_CHECK;
  return isGrave ? FAULT_STACK : 0;
}

// Only the vectors that are used get a gate: under a hypervisor that emulates ring 0, every instruction here counts.
void setGate(int vector) {
  u64 address = (u64)interruptEntries + vector * ENTRY_SIZE;
  gates[vector].offsetLow = address;
  gates[vector].offsetMiddle = address >> 16;
  gates[vector].selector = KERNEL_CODE;
  gates[vector].flags = GATE_INTERRUPT | stackFor(vector);
}

void setUpDescriptors(void) {
  setUpTask();
  for (int vector = 0; vector < 32; vector++) setGate(vector);
  struct TablePointer pointer = {sizeof gates - 1, (u64)gates};
  __asm__ volatile("lidt %0" ::"m"(pointer));
}

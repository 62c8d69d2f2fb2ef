// The task state segment, which holds the stacks for entering ring 0 (SDM volume 3A, section 7.7).

#include "shim.h"

#define TASK_AVAILABLE 0x89

extern u64 gdt[];
extern u8 kernelStackTop[], faultStackTop[];

static struct __attribute__((packed)) {
  u32 reserved0;
  u64 stacks[3]; // for entering ring 0, 1, 2
  u64 reserved1;
  u64 interruptStacks[7]; // from 1 on, as an interrupt gate calls them
  u64 reserved2;
  u16 reserved3;
  u16 portMap;
} task;

void setUpTask(void) {
  u64 address = (u64)&task;
  task.stacks[0] = (u64)kernelStackTop;
  task.interruptStacks[0] = (u64)faultStackTop;
  task.portMap = sizeof task; // beyond the end: ring 3 has no port
  u64 *descriptor = &gdt[TASK / 8];
  descriptor[0] = (sizeof task - 1) | (address & 0xffffff) << 16 | (u64)TASK_AVAILABLE << 40 | (address >> 24) << 56;
  descriptor[1] = address >> 32;
  __asm__ volatile("ltr %w0" ::"r"(TASK));
}

// What an exception or interrupt leaves on the stack.

#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H
#include "x86.h"

struct Frame {
  u64 r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
  u64 vector, error;
  u64 rip, cs, rflags, rsp, ss;
};

void setUpDescriptors(void);
void setGate(int vector);
#endif

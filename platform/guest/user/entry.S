// Where ring 3 begins, and its way into ring 0.

#include "../gate.h"

    .text
    .globl userEntry, userGate, userReport, gate
userEntry:
    xorl %ebp, %ebp
    call runMachine
    ud2

// u64 gate(u64 number, u64 a, u64 b, u64 c)
gate:
    movq %rdi, %rax
    movq %rsi, %rdi
    movq %rdx, %rsi
    movq %rcx, %rdx
userGate:
    ud2
    ret

// After a failure the shim goes on here, with a stack of its own.
userReport:
    xorl %ebp, %ebp
    call reportMachine
    movl $GATE_REPORT_DONE, %edi
    call gate

    .bss
    .align PAGE_SIZE
    .globl userStackGuard, userStackTop, reportStackTop
userStackGuard:
    .skip PAGE_SIZE                  // not mapped, so that an overflow is a fault
    .skip 32 * PAGE_SIZE
userStackTop:
    .skip 4 * PAGE_SIZE
reportStackTop:

    .section .note.GNU-stack, "", @progbits

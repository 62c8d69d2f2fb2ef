// Where exceptions and interrupts arrive. Some hypervisors without hardware help emulate every instruction of ring 0, at a
// microsecond or two each, so the ways that are often gone are short: the gate, and interrupts.

#include "../gate.h"
#include "x86.h"

// --- The gate: ring 3 has saved what a C function may change, so a call of it is like one of a function. ---

    .text
    .globl invalidOpcode
invalidOpcode:
    cmpq $userGate, (%rsp)           // another `ud2` is a failure
    jne failure
    cmpq $GATE_FAIL, %rax
    jae failure
    addq $2, (%rsp)                  // goes on behind the instruction
    cld
    call *gateFunctions(, %rax, 8)
    iretq
failure:
    pushq $0
    pushq $VECTOR_INVALID_OPCODE
    jmp saveRegisters

// --- Interrupts: what a C function may change is saved. One entry of 16 bytes for each vector from 32 on. ---

    .globl interruptEntries
    .align 16
interruptEntries:
    .set vector, 32
    .rept 256 - 32
    .align 16
    pushq %rax
    movl $vector, %eax
    jmp saveScratchRegisters
    .set vector, vector + 1
    .endr

saveScratchRegisters:
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    movl %eax, %edi
    cld
    call serveInterrupt
    cmpq $waitHalt, 72(%rsp)         // interrupted before the `hlt` that it should end: see `wait` in gate.c
    jne 1f
    incq 72(%rsp)
1:
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rdi
    popq %rsi
    popq %rdx
    popq %rcx
    popq %rax
    iretq

// --- Exceptions: all registers are saved as struct Frame (shim.h), for the report. No one returns. ---

    .globl exceptionEntries
    .align 16
exceptionEntries:
    .set vector, 0
    .rept 32
    .align 16
    // These push an error code themselves (SDM volume 3A, table 6-1).
    .if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30)
    pushq $0
    .endif
    pushq $vector
    jmp saveRegisters
    .set vector, vector + 1
    .endr

saveRegisters:
    pushq %rax
    pushq %rbx
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %rbp
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    cld
    movq %rsp, %rdi
    call reportCrash
    addq $(17 * 8), %rsp             // to ring 3, which goes on with the report
    iretq

    .section .note.GNU-stack, "", @progbits

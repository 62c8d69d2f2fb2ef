// Where exceptions and interrupts arrive: 256 entries that push what the processor did not, and one common part that saves
// the registers as struct Frame (descriptors.h) and calls `dispatch`.

    .text
    .globl interruptEntries
    .align 16
interruptEntries:
    .set vector, 0
    .rept 256
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
    movq %rsp, %rdi
    call dispatch
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rbp
    popq %rdi
    popq %rsi
    popq %rdx
    popq %rcx
    popq %rbx
    popq %rax
    addq $16, %rsp
    iretq

    .section .note.GNU-stack, "", @progbits

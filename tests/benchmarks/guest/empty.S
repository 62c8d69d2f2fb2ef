// The smallest PVH guest: it writes one line to the serial port and ends. What takes longer than this is the guest's own.

    .section .note.pvh, "a", @note
    .align 4
    .long 4, 4, 18                   // XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long begin

    .text
    .code32
    .globl begin
begin:
    movl $line, %esi
    movl $(lineEnd - line), %ecx
    movw $0x3f8, %dx
    rep outsb
    movw $0xf4, %dx                  // isa-debug-exit
    movl $1, %eax
    outl %eax, %dx
halt:
    hlt
    jmp halt
line:
    .ascii "empty\n"
lineEnd:

    .section .note.GNU-stack, "", @progbits

// From the loader's hand-over to 64-bit C. PVH enters here in 32-bit protected mode without paging, with flat segments and
// EBX = physical address of hvm_start_info; EAX, stack, GDT and IDT mean nothing (xen docs/misc/pvh.pandoc).

#include "../gate.h"
#include "x86.h"

    .section .note.pvh, "a", @note
    .align 4
    .long 4, 4, 18                   // sizes of name and descriptor; XEN_ELFNOTE_PHYS32_ENTRY (xen elfnote.h)
    .asciz "Xen"
    .long pvhEntry

    .text
    .code32
    .globl pvhEntry
pvhEntry:
    cli
    cld
    lidt idtPointer
    lgdt gdtPointer                  // before any segment register is loaded: the loader's GDT may be gone
    rdtsc
    movl %eax, entryTsc
    movl %edx, entryTsc + 4
    movl $pageMap4, %eax
    movl %eax, %cr3
    movl $(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT), %eax
    movl %eax, %cr4
    movl $MSR_EFER, %ecx
    movl $(EFER_LME | EFER_NXE), %eax
    xorl %edx, %edx
    wrmsr
    movl $(CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_MP | CR0_PE), %eax
    movl %eax, %cr0
    ljmp $KERNEL_CODE, $longMode

    .code64
longMode:
    movl $KERNEL_DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    xorl %eax, %eax
    movl %eax, %fs
    movl %eax, %gs
    movl $kernelStackTop, %esp
    movl %ebx, %edi
    call start

// Goes to ring 3, for good: enterUser(instruction, stack).
    .globl enterUser
enterUser:
    pushq $USER_DATA
    pushq %rsi
    pushq $EFLAGS_IF
    pushq $USER_CODE
    pushq %rdi
    iretq

// Xen writes its entries here (xen docs/guest-guide/x86/hypercall-abi.rst); in executable memory, for that is what they are.
    .align PAGE_SIZE
    .globl hypercallPage
hypercallPage:
    .skip PAGE_SIZE, 0xcc

// --- Page tables, as far as they are known when this is assembled ---

    .section .tables, "aw"
    .align PAGE_SIZE
    .globl pageMap4, pageDirectoryPointers
pageMap4:
    .quad pageDirectoryPointers + PAGE_TABLE
    .fill 511, 8, 0
pageDirectoryPointers:
    .set index, 0
    .rept 4
    .quad identityDirectories + index * PAGE_SIZE + PAGE_TABLE
    .set index, index + 1
    .endr
    .fill 508, 8, 0
// The first 4 GiB, one to one; of those the last holds devices, which must not be cached.
identityDirectories:
    .quad smallPages + PAGE_TABLE
    .set index, 1
    .rept 3 * 512 - 1
    .quad index * LARGE_PAGE_SIZE + PAGE_DATA + PAGE_LARGE
    .set index, index + 1
    .endr
    .rept 512
    .quad index * LARGE_PAGE_SIZE + PAGE_DATA + PAGE_LARGE + PAGE_UNCACHED
    .set index, index + 1
    .endr
// The table of small pages for the first 2 MiB, which gives each part of this file its rights, and the interrupt descriptors
// are made when the file is linked (build.ts), for then their contents are known.

// --- Segments: long mode looks at few of their bits. The order is that of x86.h. ---

    .data
    .align 8
    .globl gdt
gdt:
    .quad 0
    .quad 0x00af9a000000ffff         // KERNEL_CODE
    .quad 0x00cf92000000ffff         // KERNEL_DATA
    .quad 0x00cff2000000ffff         // USER_DATA
    .quad 0x00affa000000ffff         // USER_CODE
    .quad 0, 0                       // TASK, filled in by descriptors.c
gdtEnd:
gdtPointer:
    .word gdtEnd - gdt - 1
    .quad gdt
idtPointer:
    .word 256 * 16 - 1
    .quad interruptDescriptors
    .globl entryTsc
    .align 8
entryTsc:
    .quad 0

    .bss
    .align PAGE_SIZE
    .globl kernelStackGuard, kernelStackTop
kernelStackGuard:
    .skip PAGE_SIZE                  // not mapped, so that an overflow is a fault
    .skip 4 * PAGE_SIZE
kernelStackTop:
    .skip PAGE_SIZE
    .globl faultStackTop
faultStackTop:                       // for double faults, NMI and machine checks

    .section .note.GNU-stack, "", @progbits

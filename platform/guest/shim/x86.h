// Facts of the processor (Intel SDM volume 3A, chapters 2 to 6), for C and the assembler.

#ifndef X86_H
#define X86_H

#define CR0_PE 0x1
#define CR0_MP 0x2
#define CR0_ET 0x10
#define CR0_NE 0x20
#define CR0_WP 0x10000
#define CR0_PG 0x80000000
#define CR4_PAE 0x20
#define CR4_OSFXSR 0x200
#define CR4_OSXMMEXCPT 0x400
#define EFLAGS_IF 0x202 // with the bit that is always one

#define MSR_APIC_BASE 0x1b
#define MSR_TSC_DEADLINE 0x6e0
#define MSR_EFER 0xc0000080
#define MSR_GS_BASE 0xc0000101
#define EFER_LME 0x100
#define EFER_NXE 0x800

#define KERNEL_CODE 0x08
#define KERNEL_DATA 0x10
#define USER_DATA 0x1b
#define USER_CODE 0x23
#define TASK 0x28

#define PAGE_PRESENT 0x1
#define PAGE_WRITABLE 0x2
#define PAGE_USER 0x4
#define PAGE_UNCACHED 0x18
#define PAGE_LARGE 0x80
#define PAGE_NO_EXECUTE 0x8000000000000000
#define PAGE_TABLE 0x7
#define PAGE_DATA (PAGE_PRESENT + PAGE_WRITABLE + PAGE_NO_EXECUTE)

#define VECTOR_INVALID_OPCODE 6
#define VECTOR_PAGE_FAULT 14

#ifndef __ASSEMBLER__
#include "../gate.h"

struct CpuidAnswer {
  u32 eax, ebx, ecx, edx;
};

static inline struct CpuidAnswer cpuid(u32 leaf, u32 subleaf) {
  struct CpuidAnswer answer;
  __asm__ volatile("cpuid"
                   : "=a"(answer.eax), "=b"(answer.ebx), "=c"(answer.ecx), "=d"(answer.edx)
                   : "a"(leaf), "c"(subleaf));
  return answer;
}

static inline u64 readMsr(u32 number) {
  u32 low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
  return (u64)high << 32 | low;
}
static inline void writeMsr(u32 number, u64 value) {
  __asm__ volatile("wrmsr" ::"c"(number), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}

static inline u64 readTsc(void) {
  u32 low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  return (u64)high << 32 | low;
}

#define PORT_ACCESS(bits, suffix)                                         \
  static inline u##bits readPort##bits(u16 port) {                        \
    u##bits value;                                                        \
    __asm__ volatile("in" suffix " %1, %0" : "=a"(value) : "Nd"(port));   \
    return value;                                                         \
  }                                                                       \
  static inline void writePort##bits(u16 port, u##bits value) {           \
    __asm__ volatile("out" suffix " %0, %1" ::"a"(value), "Nd"(port));    \
  }
PORT_ACCESS(8, "b")
PORT_ACCESS(16, "w")
PORT_ACCESS(32, "l")
#undef PORT_ACCESS

static inline u32 load32(u64 address) {
  return *(volatile u32 *)address;
}
static inline void store8(u64 address, u8 value) {
  *(volatile u8 *)address = value;
}
static inline void store32(u64 address, u32 value) {
  *(volatile u32 *)address = value;
}
#endif
#endif

// What the compiled module and the C compiler need of a run-time library. Without it they call the names of the C library.

#include "user.h"

#define WASM_PAGE_SIZE 0x10000

wasm_rt_memory_t linearMemory = {(u8 *)LINEAR_MEMORY, 0, 0, 0};

bool wasm_rt_is_initialized(void) {
  return true;
}
// Only indirect calls ask for types, and the machine has none.
u32 wasm_rt_register_func_type(u32 parameters, u32 results, ...) {
  return 0;
}

void wasm_rt_trap(wasm_rt_trap_t reason) {
  static const char *const sentences[] = {
      [WASM_RT_TRAP_OOB] = "The machine failed: a copy leaves linear memory.",
      [WASM_RT_TRAP_INT_OVERFLOW] = "The machine failed: an integer is too large.",
      [WASM_RT_TRAP_DIV_BY_ZERO] = "The machine failed: integer division by zero.",
      [WASM_RT_TRAP_INVALID_CONVERSION] = "The machine failed: a number that is none was made an integer.",
      [WASM_RT_TRAP_UNREACHABLE] = "The machine failed: it came where it never goes.",
      [WASM_RT_TRAP_CALL_INDIRECT] = "The machine failed: a call goes nowhere.",
  };
  fail(sentences[reason]);
}

// New memory is zero, whatever was in it before.
u32 wasm_rt_grow_memory(wasm_rt_memory_t *memory, u32 pages) {
  u32 before = memory->pages;
  u64 size = (u64)(before + pages) * WASM_PAGE_SIZE;
  if (size > shared.linearLimit || !gate(GATE_GROW, size, 0, 0)) return -1;
  u64 first = before == 0 ? PAGE_SIZE : (u64)before * WASM_PAGE_SIZE; // the first page of all is not there
  memset(memory->data + first, 0, size - first);
  memory->pages += pages;
  memory->size = size;
  return before;
}

void *memcpy(void *to, const void *from, size_t count) {
  void *start = to;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count)::"memory");
  return start;
}

static void copyBackwards(u8 *to, const u8 *from, size_t count) {
  for (; count >= 8; count -= 8) *(u64 *)(to + count - 8) = *(const u64 *)(from + count - 8);
  while (count-- > 0) to[count] = from[count];
}

static void copyWords(u8 *to, const u8 *from, size_t count) {
  for (; count >= 8; count -= 8, to += 8, from += 8) *(u64 *)to = *(const u64 *)from;
  while (count-- > 0) *to++ = *from++;
}

// `rep movsb` takes long to begin, and most copies of the machine are short.
void *memmove(void *to, const void *from, size_t count) {
  if ((u8 *)to > (const u8 *)from && (u8 *)to < (const u8 *)from + count) copyBackwards(to, from, count);
  else if (count < 256) copyWords(to, from, count);
  else memcpy(to, from, count);
  return to;
}

void *memset(void *to, int value, size_t count) {
  void *start = to;
  __asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(value) : "memory");
  return start;
}

int memcmp(const void *a, const void *b, size_t count) {
  const u8 *left = a, *right = b;
  for (; count > 0; count--, left++, right++) {
    if (*left != *right) return *left - *right;
  }
  return 0;
}

u64 strlen(const char *text) {
  u64 size = 0;
  while (text[size] != 0) size++;
  return size;
}

// From 2^52 on every float is integral; the sign stays, also that of zero.
#define INTEGRAL_FLOATS 4503599627370496.0

double trunc(double x) {
  if (!(__builtin_fabs(x) < INTEGRAL_FLOATS)) return x;
  return __builtin_copysign((double)(s64)x, x);
}
double floor(double x) {
  double integral = trunc(x);
  return __builtin_copysign(integral > x ? integral - 1 : integral, x);
}
double ceil(double x) {
  double integral = trunc(x);
  return __builtin_copysign(integral < x ? integral + 1 : integral, x);
}

// gcc's name for counting bits without the instruction for it (Warren, Hacker's Delight, 5-1).
int __popcountdi2(u64 x) {
  x -= x >> 1 & 0x5555555555555555;
  x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
  return ((x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 >> 56;
}

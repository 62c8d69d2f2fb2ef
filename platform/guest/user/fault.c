// The boot option fault=NAME makes the machine fail on purpose when the image asks where it runs, so that the report of a
// failure can be seen and tested.

#include "user.h"

static void divideByZero(void) {
  __asm__ volatile("divl %0" ::"r"(0), "a"(1), "d"(0)); // a compiler may do without dividing
}

static void leaveLinearMemory(void) {
  *(volatile u8 *)(LINEAR_MEMORY + 0xffff0000);
}

static void followNull(void) {
  *(volatile u8 *)LINEAR_MEMORY;
}

static u32 recurse(volatile u32 *depth) {
  volatile u32 here[64] = {*depth + 1};
  return *depth == ~0u ? 0 : recurse(here) + here[0];
}

static void overflowStack(void) {
  volatile u32 depth = 0;
  recurse(&depth);
}

static void writeCode(void) {
  *(volatile u8 *)&writeCode = 0;
}

static void touchShim(void) {
  *(volatile u64 *)0x100000;
}

static const struct {
  const char *option;
  void (*fail)(void);
} faults[] = {
    {"fault=divide", divideByZero}, {"fault=memory", leaveLinearMemory}, {"fault=null", followNull},
    {"fault=stack", overflowStack}, {"fault=code", writeCode},           {"fault=shim", touchShim},
};

static bool isWordAt(const char *text, const char *word) {
  u64 size = strlen(word);
  return memcmp(text, word, size) == 0 && (text[size] == 0 || text[size] == ' ');
}

void failOnPurpose(void) {
  const char *text = shared.commandLine;
  for (u64 index = 0; text[index] != 0; index++) {
    if (index > 0 && text[index - 1] != ' ') continue;
    for (u64 fault = 0; fault < sizeof faults / sizeof faults[0]; fault++) {
      if (isWordAt(text + index, faults[fault].option)) faults[fault].fail();
    }
  }
}

// The early console, for what is written before the image has opened its own, and for crash reports: the first serial port,
// polled (National Semiconductor 16550D); without one, port 0xe9, where QEMU and Bochs take bytes; under Xen its console.

#include "shim.h"

#define COM1 0x3f8
#define LINE_CONTROL 3
#define MODEM_CONTROL 4
#define LINE_STATUS 5
#define FIFO_STATE 2
#define FIFOS_ON 0xc0
#define SCRATCH 7
#define DIVISOR_ACCESS 0x80
#define EIGHT_BITS 0x03
#define READY_AND_REQUEST 0x03
#define HOLDING_REGISTER_EMPTY 0x20
#define FIFO_SIZE 16
#define DEBUG_PORT 0xe9
#define POLLS_BEFORE_GIVING_UP 100000

static enum { CONSOLE_DEBUG_PORT, CONSOLE_SERIAL, CONSOLE_XEN } console;

static bool hasSerialPort(void) {
  writePort8(COM1 + SCRATCH, 0x5a);
  return readPort8(COM1 + SCRATCH) == 0x5a;
}

// The FIFOs stay as they are: to switch them on would throw away what somebody has typed already.
static void setUpSerialPort(void) {
  writePort8(COM1 + 1, 0); // no interrupts
  writePort8(COM1 + LINE_CONTROL, DIVISOR_ACCESS);
  writePort8(COM1, 1); // 115200 bits a second
  writePort8(COM1 + 1, 0);
  writePort8(COM1 + LINE_CONTROL, EIGHT_BITS);
  writePort8(COM1 + MODEM_CONTROL, READY_AND_REQUEST);
}

void findConsole(void) {
  if (shared.hypervisor == HYPERVISOR_XEN) {
    console = CONSOLE_XEN;
  } else if (hasSerialPort()) {
    console = CONSOLE_SERIAL;
    setUpSerialPort();
  }
}

// A port that never gets ready loses text rather than the machine.
static void writeSerial(const char *text, u64 count) {
  u64 room = (readPort8(COM1 + FIFO_STATE) & FIFOS_ON) == FIFOS_ON ? FIFO_SIZE : 1;
  while (count > 0) {
    for (u32 polls = 0; (readPort8(COM1 + LINE_STATUS) & HOLDING_REGISTER_EMPTY) == 0; polls++) {
      if (polls == POLLS_BEFORE_GIVING_UP) return;
    }
    u64 size = smaller(count, room);
    count -= size;
    __asm__ volatile("rep outsb" : "+S"(text), "+c"(size) : "d"(COM1) : "memory");
  }
}

static void writeRaw(const char *text, u64 count) {
  if (console == CONSOLE_XEN) writeXenConsole(text, count);
  else if (console == CONSOLE_SERIAL) writeSerial(text, count);
  else __asm__ volatile("rep outsb" : "+S"(text), "+c"(count) : "d"(DEBUG_PORT) : "memory");
}

// A terminal may be at the other end, which wants a carriage return before each line feed.
void writeConsole(const char *text, u64 count) {
  u64 start = 0;
  for (u64 index = 0; index < count; index++) {
    if (text[index] != '\n' || (index > 0 && text[index - 1] == '\r')) continue;
    writeRaw(text + start, index - start);
    writeRaw("\r", 1);
    start = index;
  }
  writeRaw(text + start, count - start);
}

void print(const char *text) {
  u64 size = 0;
  while (text[size] != 0) size++;
  writeConsole(text, size);
}

void printHex(u64 value) {
  char digits[16];
  for (int index = 15; index >= 0; index--, value >>= 4) digits[index] = "0123456789abcdef"[value & 15];
  writeConsole(digits, 16);
}

void printDecimal(u64 value) {
  char digits[20];
  int index = 20;
  do digits[--index] = '0' + value % 10;
  while ((value /= 10) > 0);
  writeConsole(digits + index, 20 - index);
}

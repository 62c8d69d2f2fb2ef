// The run loop: enters the machine for one slice after the other, tells it of interrupts between them, and halts the
// processor when there is nothing to do. platform/node/machine.ts is the same loop on Node.

#include "layout.h"
#include "user.h"

#define SLICE_MICROSECONDS 1000 // an interrupt waits no longer than that
#define SMALLEST_BUDGET 1000
#define LARGEST_BUDGET 10000000
#define SLICES_OF_A_TURN 20 // after so many busy slices the running process must let others of its priority run
#define SIGNAL_TIME_SHARE 6 // HostServer>>shareTime

struct Shared shared;
Z_vm_instance_t machine;
static u32 budget = 10 * SMALLEST_BUDGET;
static u32 busySlices;

void writeText(const char *text) {
  static char copy[256]; // constants do not lie in memory that the shim reads for ring 3
  u64 size = strlen(text);
  if (size > sizeof copy) size = sizeof copy;
  memcpy(copy, text, size);
  gate(GATE_WRITE_CONSOLE, (u64)copy, size, 0);
}

void fail(const char *sentence) {
  static char copy[256];
  u64 size = strlen(sentence);
  memcpy(copy, sentence, size);
  gate(GATE_FAIL, (u64)copy, size, 0);
  __builtin_unreachable();
}

void endGuest(u32 status) {
  gate(GATE_POWER_OFF, status, 0, 0);
  __builtin_unreachable();
}

static u64 microseconds(void) {
  return monotonicNanoseconds() / 1000;
}

static void adaptBudget(u64 elapsed) {
  if (elapsed > SLICE_MICROSECONDS * 3 / 2 && budget > SMALLEST_BUDGET) budget /= 2;
  else if (elapsed < SLICE_MICROSECONDS * 2 / 3 && budget < LARGEST_BUDGET) budget *= 2;
}

static void shareTime(void) {
  busySlices = (busySlices + 1) % SLICES_OF_A_TURN;
  if (busySlices == 0) Z_vmZ_signal(&machine, SIGNAL_TIME_SHARE);
}

static void waitForever(void) {
  if (!isConnected()) {
    writeText("The image waits, and nothing is connected that could wake it.\n");
    endGuest(0);
  }
  gate(GATE_WAIT, 0, 0, 0);
}

static void waitUntil(f64 wakeMicroseconds) {
  u64 now = monotonicNanoseconds();
  u64 wake = (u64)wakeMicroseconds * 1000;
  if (wake > now) gate(GATE_WAIT, wake, wake - now, 0);
}

static void wait(void) {
  f64 wake = Z_vmZ_getWakeMicroseconds(&machine);
  if (wake < 0) waitForever();
  else waitUntil(wake);
}

static void refuseSnapshot(void) {
  writeText("A guest cannot save its image: there is no place for it yet.\n");
  Z_vmZ_prepareSnapshot(&machine);
  Z_vmZ_finishSnapshot(&machine, 0);
}

static u32 runSlice(void) {
  u64 start = microseconds();
  u32 reason = Z_vmZ_interpret(&machine, budget);
  if (reason == STOP_BUDGET) adaptBudget(microseconds() - start);
  return reason;
}

static __attribute__((noreturn)) void run(void) {
  for (;;) {
    signalInterrupts();
    switch (runSlice()) {
      case STOP_BUDGET:
        shareTime();
        break;
      case STOP_IDLE:
        wait();
        break;
      case STOP_HALTED:
        endGuest(Z_vmZ_getExitStatus(&machine));
      case STOP_SNAPSHOT:
        refuseSnapshot();
        break;
      default:
        fail("The machine failed.");
    }
  }
}

void runMachine(void) {
  startClock();
  startEntropy();
  loadImage();
  run();
}

// Nanoseconds from the time stamp counter: by the hypervisor's formula where it offers one, else by a rate that is measured
// against the interval timer (Intel 8254) at the start, with the date from the real-time clock (MC146818).

#include "user.h"

#define NANOSECONDS_PER_SECOND 1000000000ull

// Linux Documentation/virt/kvm/x86/msr.rst; the same in xen include/public/xen.h (vcpu_time_info).
struct ClockInfo {
  u32 version, padding;
  u64 tscTimestamp, systemTime;
  u32 tscToSystemMul;
  s8 tscShift;
  u8 flags, padding2[2];
};

#define XEN_CLOCK_INFO 32 // in the vcpu_info at the beginning of shared info
#define XEN_WALL_CLOCK 3072

static const volatile struct ClockInfo *clockInfo;
static u64 tscAtStart, nanosecondsPerTick; // the latter in units of 2^-32
static u64 utcSecondsAtStart;
static u64 latest;

static u64 readTsc(void) {
  u32 low, high;
  __asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
  return (u64)high << 32 | low;
}

static u64 multiplyShift32(u64 a, u64 b) {
  return (unsigned __int128)a * b >> 32;
}

// --- The hypervisor's clock ---

static u64 nanosecondsOf(const volatile struct ClockInfo *info) {
  u64 ticks = readTsc() - info->tscTimestamp;
  s8 shift = info->tscShift;
  ticks = shift < 0 ? ticks >> -shift : ticks << shift;
  return info->systemTime + multiplyShift32(ticks, info->tscToSystemMul);
}

// The version is odd while the hypervisor writes, and another one afterwards.
static u64 hypervisorNanoseconds(void) {
  u32 version;
  u64 time;
  do {
    version = clockInfo->version;
    __asm__ volatile("" ::: "memory");
    time = nanosecondsOf(clockInfo);
    __asm__ volatile("" ::: "memory");
  } while ((version & 1) != 0 || version != clockInfo->version);
  return time;
}

// --- Without it: the interval timer counts down 1,193,182 times a second ---

#define TIMER_HERTZ 1193182
#define TIMER_CHANNEL_2 0x42
#define TIMER_COMMAND 0x43
#define TIMER_GATE 0x61
#define CHANNEL_2_ONE_SHOT 0xb0
#define LATCH_CHANNEL_2 0x80
#define MEASURED_COUNTS 6000 // about 5 ms

static void writePort(u16 port, u8 value) {
  gate(GATE_WRITE_PORT, port, 1, value);
}
static u8 readPort(u16 port) {
  return gate(GATE_READ_PORT, port, 1, 0);
}

static u32 readTimer(void) {
  writePort(TIMER_COMMAND, LATCH_CHANNEL_2);
  u32 low = readPort(TIMER_CHANNEL_2);
  return low | readPort(TIMER_CHANNEL_2) << 8;
}

static void startTimer(void) {
  writePort(TIMER_GATE, (readPort(TIMER_GATE) & ~2) | 1);
  writePort(TIMER_COMMAND, CHANNEL_2_ONE_SHOT);
  writePort(TIMER_CHANNEL_2, 0xff);
  writePort(TIMER_CHANNEL_2, 0xff);
}

// A timer that does not move is none.
static void measureTsc(void) {
  startTimer();
  u32 first = readTimer();
  u64 start = readTsc();
  u32 counts = 0;
  u64 end = start;
  for (u32 polls = 0; counts < MEASURED_COUNTS; polls++) {
    counts = first - readTimer();
    end = readTsc();
    if (polls > 1000000 || (polls == 1000 && counts == 0)) fail("There is no clock: the interval timer does not run.");
  }
  u64 nanoseconds = counts * NANOSECONDS_PER_SECOND / TIMER_HERTZ;
  nanosecondsPerTick = (nanoseconds << 32) / (end - start);
  shared.tscKhz = (end - start) * 1000000 / nanoseconds;
}

// --- The date ---

#define CLOCK_INDEX 0x70
#define CLOCK_DATA 0x71
#define REGISTER_A 10
#define UPDATE_IN_PROGRESS 0x80
#define REGISTER_B 11
#define IS_BINARY 0x04

static u8 clockRegister(u8 index) {
  writePort(CLOCK_INDEX, index);
  return readPort(CLOCK_DATA);
}

static u32 clockNumber(u8 index) {
  u8 value = clockRegister(index);
  return clockRegister(REGISTER_B) & IS_BINARY ? value : (value >> 4) * 10 + (value & 15);
}

// Days since 1970 of a date of the Gregorian calendar (Richards, 1998).
static u64 daysSince1970(u32 year, u32 month, u32 day) {
  u64 y = month > 2 ? year : year - 1;
  u64 m = month > 2 ? month - 3 : month + 9;
  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

// 24-hour mode, as every firmware leaves it; this century.
static u64 readDate(void) {
  for (u32 polls = 0; clockRegister(REGISTER_A) & UPDATE_IN_PROGRESS && polls < 10000; polls++) {}
  u64 days = daysSince1970(2000 + clockNumber(9), clockNumber(8), clockNumber(7));
  return days * 86400 + clockNumber(4) * 3600 + clockNumber(2) * 60 + clockNumber(0);
}

// --- For everybody ---

static u64 tscKhzOf(const volatile struct ClockInfo *info) {
  u64 khz = (1000000ull << 32) / info->tscToSystemMul;
  return info->tscShift < 0 ? khz << -info->tscShift : khz >> info->tscShift;
}

void startClock(void) {
  tscAtStart = readTsc();
  if (shared.clock == CLOCK_NONE) {
    measureTsc();
    utcSecondsAtStart = readDate() - monotonicNanoseconds() / NANOSECONDS_PER_SECOND;
    return;
  }
  clockInfo = (const volatile struct ClockInfo *)(CLOCK_WINDOW + (shared.clock == CLOCK_XEN ? XEN_CLOCK_INFO : 0));
  shared.tscKhz = tscKhzOf(clockInfo);
}

// Never backwards, whatever a hypervisor does when it moves the guest to another host.
u64 monotonicNanoseconds(void) {
  u64 now = clockInfo ? hypervisorNanoseconds() : multiplyShift32(readTsc() - tscAtStart, nanosecondsPerTick);
  if (now > latest) latest = now;
  return latest;
}

// When the loader handed over, on the monotonic clock; not below zero where that clock began later.
u64 entryMicroseconds(void) {
  u64 now = monotonicNanoseconds() / 1000;
  u64 since = (readTsc() - shared.entryTsc) * 1000 / shared.tscKhz;
  return since < now ? now - since : 0;
}

// Xen may set its wall clock while the guest runs; the second half of the seconds is behind the rest.
static u64 xenWallNanoseconds(void) {
  const volatile u32 *wall = (const volatile u32 *)(CLOCK_WINDOW + XEN_WALL_CLOCK);
  u32 version;
  u64 nanoseconds;
  do {
    version = wall[0];
    __asm__ volatile("" ::: "memory");
    nanoseconds = ((u64)wall[3] << 32 | wall[1]) * NANOSECONDS_PER_SECOND + wall[2];
    __asm__ volatile("" ::: "memory");
  } while ((version & 1) != 0 || version != wall[0]);
  return nanoseconds;
}

static u64 wallNanosecondsAtStart(void) {
  if (shared.clock == CLOCK_XEN) return xenWallNanoseconds();
  if (shared.clock == CLOCK_KVM) return shared.wallSeconds * NANOSECONDS_PER_SECOND + shared.wallNanoseconds;
  return utcSecondsAtStart * NANOSECONDS_PER_SECOND;
}

u64 utcMicroseconds(void) {
  return (wallNanosecondsAtStart() + monotonicNanoseconds()) / 1000;
}

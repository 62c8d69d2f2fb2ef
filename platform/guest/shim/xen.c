// Xen: hypercalls, the shared info page, event channels and the console, as far as ring 0 must know them. Everything else
// (xenstore, grants, devices) is in the image. Public headers: xen/include/public/{xen,memory,event_channel,sched,vcpu}.h,
// hvm/{params,hvm_op}.h, io/console.h; where offsets are written as numbers, they are those of the 64-bit layout.

#include "shim.h"

#define HYPERCALL_MEMORY 12
#define HYPERCALL_VCPU 24
#define HYPERCALL_SCHED 29
#define HYPERCALL_EVENT_CHANNEL 32
#define HYPERCALL_HVM 34

#define LEAF_VERSION 1
#define LEAF_HYPERCALLS 2 // EBX: the MSR that takes the hypercall page
#define LEAF_HVM 4
#define HAS_DOMID (1u << 4) // in ECX

#define ADD_TO_PHYSMAP 7
#define SPACE_SHARED_INFO 0
#define HVM_SET_PARAM 0
#define HVM_GET_PARAM 1
#define PARAM_CALLBACK 0
#define PARAM_STORE_PFN 1
#define PARAM_STORE_PORT 2
#define PARAM_CONSOLE_PFN 17
#define PARAM_CONSOLE_PORT 18
#define CALLBACK_IS_VECTOR (2ull << 56)
#define DOMID_SELF 0x7ff0

#define BIND_VIRQ 1
#define SEND 4
#define UNMASK 9
#define VIRQ_TIMER 0
#define STOP_PERIODIC_TIMER 7
#define SET_SINGLESHOT_TIMER 8
#define SHUTDOWN 2
#define YIELD 0
#define REASON_POWER_OFF 0
#define REASON_REBOOT 1
#define REASON_CRASH 3

#define UPCALL_PENDING (XEN_SHARED_INFO + 0)
#define PENDING_SELECTOR (XEN_SHARED_INFO + 8)
#define EVENT_PENDING ((volatile u64 *)(XEN_SHARED_INFO + 2048))
#define EVENT_MASK ((volatile u64 *)(XEN_SHARED_INFO + 2560))
#define EVENT_WORDS 64

#define CONSOLE_OUT 1024
#define CONSOLE_OUT_SIZE 2048
#define CONSOLE_OUT_CONSUMED 3080
#define CONSOLE_OUT_PRODUCED 3084
#define YIELDS_BEFORE_GIVING_UP 100000

extern u32 hypervisorLeaf;
extern u8 hypercallPage[]; // boot.S
static u32 timerPort;

s64 hypercall(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e) {
  s64 result;
  register u64 fourth __asm__("r10") = d;
  register u64 fifth __asm__("r8") = e;
  __asm__ volatile("call *%[entry]"
                   : "=a"(result), "+D"(a), "+S"(b), "+d"(c), "+r"(fourth), "+r"(fifth)
                   : [entry] "r"(hypercallPage + number * 32)
                   : "rcx", "r9", "r11", "memory");
  return result;
}

static s64 callWith(u64 number, u64 operation, void *argument) {
  return hypercall(number, operation, (u64)argument, 0, 0, 0);
}

// --- Setting up. Both the page and the callback are told in 64-bit mode, which settles the layout of shared info. ---

struct HvmParam {
  u16 domid, padding;
  u32 index;
  u64 value;
};

static u64 hvmParam(u32 index) {
  struct HvmParam param = {DOMID_SELF, 0, index, 0};
  return callWith(HYPERCALL_HVM, HVM_GET_PARAM, &param) == 0 ? param.value : 0;
}

static bool placeSharedInfo(void) {
  struct {
    u16 domid, size;
    u32 space;
    u64 index, frame;
  } place = {DOMID_SELF, 0, SPACE_SHARED_INFO, 0, XEN_SHARED_INFO / PAGE_SIZE};
  return callWith(HYPERCALL_MEMORY, ADD_TO_PHYSMAP, &place) == 0;
}

static void setUpEvents(void) {
  for (u32 word = 0; word < EVENT_WORDS; word++) EVENT_MASK[word] = -1ull;
  struct HvmParam callback = {DOMID_SELF, 0, PARAM_CALLBACK, CALLBACK_IS_VECTOR | VECTOR_XEN};
  callWith(HYPERCALL_HVM, HVM_SET_PARAM, &callback);
}

static void setUpTimer(void) {
  struct {
    u32 virq, vcpu, port;
  } bind = {VIRQ_TIMER, 0, 0};
  hypercall(HYPERCALL_VCPU, STOP_PERIODIC_TIMER, 0, 0, 0, 0);
  callWith(HYPERCALL_EVENT_CHANNEL, BIND_VIRQ, &bind);
  timerPort = bind.port;
  unmaskPort(timerPort);
}

static void describeDomain(void) {
  struct CpuidAnswer hvm = cpuid(hypervisorLeaf + LEAF_HVM, 0);
  shared.xen.domid = hvm.eax & HAS_DOMID ? hvm.ecx : 0;
  shared.xen.version = cpuid(hypervisorLeaf + LEAF_VERSION, 0).eax;
  shared.xen.consolePfn = hvmParam(PARAM_CONSOLE_PFN);
  shared.xen.consolePort = hvmParam(PARAM_CONSOLE_PORT);
  shared.xen.storePfn = hvmParam(PARAM_STORE_PFN);
  shared.xen.storePort = hvmParam(PARAM_STORE_PORT);
}

bool setUpXen(void) {
  if (shared.hypervisor != HYPERVISOR_XEN) return false;
  writeMsr(cpuid(hypervisorLeaf + LEAF_HYPERCALLS, 0).ebx, (u64)hypercallPage);
  describeDomain();
  if (!placeSharedInfo()) refuse("Xen does not give its shared info page.");
  setUpEvents();
  setUpTimer();
  return true;
}

// --- Events ---

bool connectPort(u32 port, bool isConnected) {
  if (port >= LINE_COUNT) return false;
  if (isConnected) unmaskPort(port);
  else __atomic_or_fetch(&EVENT_MASK[port / 64], 1ull << port % 64, __ATOMIC_SEQ_CST);
  return true;
}

// An event that came while the port was masked gave no upcall: Xen must look again.
void unmaskPort(u32 port) {
  u64 bit = 1ull << port % 64;
  if (port >= LINE_COUNT) return;
  __atomic_and_fetch(&EVENT_MASK[port / 64], ~bit, __ATOMIC_SEQ_CST);
  if ((EVENT_PENDING[port / 64] & bit) == 0) return;
  __atomic_or_fetch(&EVENT_MASK[port / 64], bit, __ATOMIC_SEQ_CST);
  callWith(HYPERCALL_EVENT_CHANNEL, UNMASK, &port);
}

static void serveEventWord(u32 word) {
  u64 ready;
  while ((ready = EVENT_PENDING[word] & ~EVENT_MASK[word]) != 0) {
    u32 port = word * 64 + __builtin_ctzll(ready);
    u64 bit = ready & -ready;
    if (port != timerPort) __atomic_or_fetch(&EVENT_MASK[word], bit, __ATOMIC_SEQ_CST);
    __atomic_and_fetch(&EVENT_PENDING[word], ~bit, __ATOMIC_SEQ_CST);
    if (port != timerPort) notePending(port);
  }
}

// The vector is delivered without the local APIC, as long as upcall_pending is set: so that is cleared first, and nothing
// is acknowledged.
void serveXenEvents(void) {
  *(volatile u8 *)UPCALL_PENDING = 0;
  u64 words = __atomic_exchange_n((volatile u64 *)PENDING_SELECTOR, 0, __ATOMIC_SEQ_CST);
  for (; words != 0; words &= words - 1) serveEventWord(__builtin_ctzll(words));
}

void armXenTimer(u64 nanosecondsOfClock) {
  struct {
    u64 timeout;
    u32 flags;
  } timer = {nanosecondsOfClock, 0};
  hypercall(HYPERCALL_VCPU, SET_SINGLESHOT_TIMER, 0, (u64)&timer, 0, 0);
}

// --- Console ---

static void notifyConsole(void) {
  u32 port = shared.xen.consolePort;
  callWith(HYPERCALL_EVENT_CHANNEL, SEND, &port);
}

// Text that nobody drains is lost rather than the machine.
void writeXenConsole(const char *text, u64 count) {
  u64 page = shared.xen.consolePfn * PAGE_SIZE;
  if (page == 0) return;
  for (u32 yields = 0; count > 0;) {
    u32 produced = load32(page + CONSOLE_OUT_PRODUCED);
    u32 room = CONSOLE_OUT_SIZE - (produced - load32(page + CONSOLE_OUT_CONSUMED));
    for (; room > 0 && count > 0; room--, count--) {
      store8(page + CONSOLE_OUT + produced++ % CONSOLE_OUT_SIZE, *text++);
    }
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    store32(page + CONSOLE_OUT_PRODUCED, produced);
    notifyConsole();
    if (count > 0 && yields++ == YIELDS_BEFORE_GIVING_UP) return;
    if (count > 0) hypercall(HYPERCALL_SCHED, YIELD, 0, 0, 0, 0);
  }
}

// The console daemon may not have read the last lines yet.
static void drainConsole(void) {
  u64 page = shared.xen.consolePfn * PAGE_SIZE;
  for (u32 yields = 0; page != 0 && yields < YIELDS_BEFORE_GIVING_UP; yields++) {
    if (load32(page + CONSOLE_OUT_PRODUCED) == load32(page + CONSOLE_OUT_CONSUMED)) return;
    hypercall(HYPERCALL_SCHED, YIELD, 0, 0, 0, 0);
  }
}

void shutDownXen(bool reboot, bool crashed) {
  u32 reason = crashed ? REASON_CRASH : reboot ? REASON_REBOOT : REASON_POWER_OFF;
  drainConsole();
  callWith(HYPERCALL_SCHED, SHUTDOWN, &reason);
}

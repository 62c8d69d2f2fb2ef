// The hypervisor's clock, where it offers one: a page that tells how to make nanoseconds of the time stamp counter. Ring 3
// reads it without a call. KVM: Documentation/virt/kvm/x86/msr.rst of Linux; Xen: shared info, see xen.c.

#include "shim.h"

#define FEATURES_LEAF 1
#define HAS_CLOCK (1u << 3) // KVM_FEATURE_CLOCKSOURCE2
#define MSR_WALL_CLOCK 0x4b564d00
#define MSR_SYSTEM_TIME 0x4b564d01
#define ENABLE 1

extern u32 hypervisorLeaf;

static struct {
  u8 system[32]; // pvclock_vcpu_time_info, read in user/clock.c
  struct {
    u32 version, seconds, nanoseconds;
  } wall;
} clockPage __attribute__((aligned(PAGE_SIZE)));

static bool findKvmClock(void) {
  if (shared.hypervisor != HYPERVISOR_KVM || !(cpuid(hypervisorLeaf + FEATURES_LEAF, 0).eax & HAS_CLOCK)) return false;
  writeMsr(MSR_SYSTEM_TIME, (u64)&clockPage.system | ENABLE);
  writeMsr(MSR_WALL_CLOCK, (u64)&clockPage.wall);
  shared.clock = CLOCK_KVM;
  shared.wallSeconds = clockPage.wall.seconds;
  shared.wallNanoseconds = clockPage.wall.nanoseconds;
  mapClock((u64)&clockPage);
  return true;
}

void findClock(void) {
  if (shared.hypervisor == HYPERVISOR_XEN) {
    shared.clock = CLOCK_XEN;
    mapClock(XEN_SHARED_INFO);
  } else if (!findKvmClock()) {
    shared.clock = CLOCK_NONE;
  }
}

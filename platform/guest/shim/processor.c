// What CPUID says of processor and hypervisor. Only here in ring 0: under a hypervisor without hardware help, CPUID in ring 3
// would answer for the processor of the host.

#include "shim.h"

#define HYPERVISOR_LEAVES 0x40000000
#define LAST_HYPERVISOR_LEAF 0x40010000
#define LEAF_STEP 0x100
#define HAS_HYPERVISOR (1u << 31) // leaf 1, ECX
#define HAS_RDRAND (1u << 30)     // leaf 1, ECX
#define HAS_RDSEED (1u << 18)     // leaf 7, EBX

// The signature in EBX, ECX, EDX of a hypervisor's first leaf.
static bool isSignature(struct CpuidAnswer answer, const char *signature) {
  const u32 *words = (const u32 *)signature;
  return answer.ebx == words[0] && answer.ecx == words[1] && answer.edx == words[2];
}

static enum Hypervisor hypervisorAt(u32 leaf) {
  struct CpuidAnswer answer = cpuid(leaf, 0);
  if (isSignature(answer, "KVMKVMKVM\0\0\0")) return HYPERVISOR_KVM;
  if (isSignature(answer, "TCGTCGTCGTCG")) return HYPERVISOR_TCG;
  if (isSignature(answer, "XenVMMXenVMM")) return HYPERVISOR_XEN;
  return HYPERVISOR_NONE;
}

u32 hypervisorLeaf;

static void findHypervisor(void) {
  for (u32 leaf = HYPERVISOR_LEAVES; leaf < LAST_HYPERVISOR_LEAF && shared.hypervisor == HYPERVISOR_NONE;
       leaf += LEAF_STEP) {
    shared.hypervisor = hypervisorAt(leaf);
    hypervisorLeaf = leaf;
  }
}

static void readBrand(void) {
  if (cpuid(0x80000000, 0).eax < 0x80000004) return;
  struct CpuidAnswer *parts = (struct CpuidAnswer *)shared.brand;
  for (u32 index = 0; index < 3; index++) parts[index] = cpuid(0x80000002 + index, 0);
}

void describeProcessor(void) {
  u32 features = cpuid(1, 0).ecx;
  shared.hasRdrand = features & HAS_RDRAND;
  shared.hasRdseed = cpuid(0, 0).eax >= 7 && cpuid(7, 0).ebx & HAS_RDSEED;
  if (features & HAS_HYPERVISOR) findHypervisor();
  readBrand();
}

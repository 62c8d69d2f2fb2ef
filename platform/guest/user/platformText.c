// The facts that the image may ask for, as lines key=value: what the shim knows and Smalltalk cannot find out itself.

#include "user.h"

static u8 *target;
static u32 room, size;

static void put(const char *text) {
  for (; *text != 0; text++, size++) {
    if (size < room) target[size] = *text;
  }
}

static void putNumber(u64 value, u32 radix) {
  char digits[21];
  u32 index = 20;
  digits[index] = 0;
  do digits[--index] = "0123456789abcdef"[value % radix];
  while ((value /= radix) > 0);
  put(digits + index);
}

static void putText(const char *key, const char *value) {
  put(key);
  put("=");
  put(value);
  put("\n");
}
static void putDecimal(const char *key, u64 value) {
  put(key);
  put("=");
  putNumber(value, 10);
  put("\n");
}
static void putHex(const char *key, u64 value) {
  put(key);
  put("=");
  putNumber(value, 16);
  put("\n");
}
static void putRange(const char *key, u64 start, u64 end) {
  put(key);
  put("=");
  putNumber(start, 16);
  put("-");
  putNumber(end, 16);
}

static void putMap(void) {
  for (u32 index = 0; index < shared.mapCount; index++) {
    putRange("memory-map", shared.map[index].start, shared.map[index].end);
    put(" ");
    putNumber(shared.map[index].type, 10);
    put("\n");
  }
}

static void putXen(void) {
  putHex("xen.version", shared.xen.version);
  putDecimal("xen.domid", shared.xen.domid);
  putHex("xen.console-pfn", shared.xen.consolePfn);
  putDecimal("xen.console-port", shared.xen.consolePort);
  putHex("xen.store-pfn", shared.xen.storePfn);
  putDecimal("xen.store-port", shared.xen.storePort);
}

static void putMessageSignals(void) {
  putHex("msi-address", 0xfee00000); // SDM volume 3A, section 11.11; destination 0, the only processor
  putDecimal("msi-first-line", MSI_FIRST_LINE);
  putHex("msi-first-vector", MSI_FIRST_VECTOR);
  putDecimal("msi-count", MSI_COUNT);
}

u32 writePlatformText(u8 *to, u32 capacity) {
  static const char *const hypervisors[] = {"none", "kvm", "tcg", "xen"};
  target = to;
  room = capacity;
  size = 0;
  putText("platform", "guest");
  putText("engine", "native");
  putText("hypervisor", hypervisors[shared.hypervisor]);
  putText("command-line", shared.commandLine);
  putMap();
  putDecimal("linear-memory", shared.linearLimit);
  putRange("dma", shared.dmaAddress, shared.dmaAddress + shared.dmaSize);
  put("\n");
  if (shared.rsdp != 0) putHex("rsdp", shared.rsdp);
  putText("cpu", shared.brand);
  putDecimal("tsc-khz", shared.tscKhz);
  putDecimal("image-bytes", shared.moduleSize);
  putDecimal("entry-microseconds", entryMicroseconds());
  if (shared.hypervisor == HYPERVISOR_XEN) putXen();
  else putMessageSignals();
  return size;
}

// What the loader tells: hvm_start_info (xen include/public/arch-x86/hvm/start_info.h), its memory map, modules and command
// line. All of it may lie in memory that the map calls usable, so it is copied before anything else happens.

#include "shim.h"

#define START_INFO_MAGIC 0x336ec578

struct StartInfo {
  u32 magic, version, flags, moduleCount;
  u64 modules, commandLine, rsdp;
  u64 memoryMap; // from here on only in version 1
  u32 memoryMapCount, reserved;
};

struct Module {
  u64 address, size, commandLine, reserved;
};

struct LoaderMapEntry {
  u64 start, size;
  u32 type, reserved;
};

static void copyCommandLine(u64 address) {
  const char *text = (const char *)address;
  for (u32 index = 0; address != 0 && index < COMMAND_LINE_CAPACITY - 1 && text[index] != 0; index++) {
    shared.commandLine[index] = text[index];
  }
}

// Some loaders add an empty entry, and none promises an order: kept are those that say something, sorted.
static void insertMapEntry(const struct LoaderMapEntry *entry) {
  bool isEmpty = entry->size == 0 || entry->start + entry->size < entry->start || entry->type == 0;
  if (isEmpty || shared.mapCount == MAP_CAPACITY) return;
  u32 index = shared.mapCount++;
  for (; index > 0 && shared.map[index - 1].start > entry->start; index--) shared.map[index] = shared.map[index - 1];
  shared.map[index] = (struct MapEntry){entry->start, entry->start + entry->size, entry->type};
}

bool copyStartInfo(u64 address) {
  const struct StartInfo *info = (const struct StartInfo *)address;
  if (info->magic != START_INFO_MAGIC || info->version == 0) return false;
  copyCommandLine(info->commandLine);
  const struct LoaderMapEntry *entries = (const struct LoaderMapEntry *)info->memoryMap;
  for (u32 index = 0; index < info->memoryMapCount; index++) insertMapEntry(&entries[index]);
  shared.rsdp = info->rsdp;
  if (info->moduleCount > 0) {
    const struct Module *module = (const struct Module *)info->modules;
    shared.moduleAddress = module->address;
    shared.moduleSize = module->size;
  }
  return true;
}

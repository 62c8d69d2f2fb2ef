// The table of contents of the shim: from the loader's first words to the machine in ring 3.

#include "shim.h"

extern u64 entryTsc;
extern u8 userEntry[], userStackTop[];

void enterUser(u64 instruction, u64 stack);

void start(u64 startInfo) {
  bool isPvh = copyStartInfo(startInfo); // first of all: it may lie anywhere, also where the heap will be
  shared.entryTsc = entryTsc;
  setUpTask();
  describeProcessor();
  bool isXen = isPvh && setUpXen();
  findConsole();
  if (!isPvh) refuse("This is not a PVH boot: no start info was handed over.");
  if (!placeMemory()) refuse("There is too little memory: the guest needs at least 12 MiB.");
  unmapFirstPage();
  findClock();
  if (!isXen) setUpInterrupts();
  mapDmaArea();
  mapModule();
  writeMsr(MSR_GS_BASE, LINEAR_MEMORY); // how ring 3 addresses linear memory (build.ts)
  enterUser((u64)userEntry, (u64)userStackTop);
}

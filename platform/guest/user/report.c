// After a failure of the machine: what it can still tell about itself. The shim calls this with a stack of its own; when it
// fails, too, the shim ends the report.

#include "user.h"

void reportMachine(void) {
  if (linearMemory.pages == 0) return;
  writeText("  The Smalltalk stack of the active process:\n");
  Z_vmZ_reportStack(&machine);
}

// After a failure of the machine: what it can still tell about itself. The shim calls this with a stack of its own; when it
// fails, too, the shim ends the report.

#include "user.h"

void reportMachine(void) {
  if (!machine.Z_envZ_memory) return; // it has not begun
  writeText("  The Smalltalk stack of the active process:\n");
  Z_vmZ_reportStack(&machine);
}

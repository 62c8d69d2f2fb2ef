// After a failure of the machine: what it can still tell about itself.

#include "user.h"

void reportMachine(void) {
  writeText("  The Smalltalk stack of the active process:\n");
}

// Random bytes from ChaCha20 (RFC 8439) with fast key erasure: each request makes a new key first, so that what was given
// out cannot be found again. The key comes from the processor's generator and from what drivers add; never from a constant,
// and without any source no byte is given.

#include "user.h"

#define KEY_WORDS 8
#define BLOCK_SIZE 64
#define ENOUGH_BYTES 32

static u32 key[KEY_WORDS];
static u64 collectedBytes;

static u32 rotate(u32 value, int count) {
  return value << count | value >> (32 - count);
}

static void quarterRound(u32 *a, u32 *b, u32 *c, u32 *d) {
  *a += *b, *d = rotate(*d ^ *a, 16);
  *c += *d, *b = rotate(*b ^ *c, 12);
  *a += *b, *d = rotate(*d ^ *a, 8);
  *c += *d, *b = rotate(*b ^ *c, 7);
}

static void makeBlock(u32 block[16], u64 counter) {
  u32 start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}; // "expand 32-byte k"
  memcpy(start + 4, key, sizeof key);
  start[12] = counter;
  start[13] = counter >> 32;
  memcpy(block, start, sizeof start);
  for (int round = 0; round < 20; round += 2) {
    for (int i = 0; i < 4; i++) quarterRound(&block[i], &block[4 + i], &block[8 + i], &block[12 + i]);
    for (int i = 0; i < 4; i++) {
      quarterRound(&block[i], &block[4 + (i + 1) % 4], &block[8 + (i + 2) % 4], &block[12 + (i + 3) % 4]);
    }
  }
  for (int i = 0; i < 16; i++) block[i] += start[i];
}

// Each part of 32 bytes is laid over the key, which then goes through the cipher.
static void stir(const u8 *bytes, u64 count) {
  u32 block[16];
  for (u64 done = 0; done < count; done += sizeof key) {
    u8 *target = (u8 *)key;
    for (u64 index = 0; index < sizeof key && done + index < count; index++) target[index] ^= bytes[done + index];
    makeBlock(block, done);
    memcpy(key, block, sizeof key);
  }
}

void addEntropy(const u8 *bytes, u64 count) {
  stir(bytes, count);
  collectedBytes += count;
}

// The processor's generator may be busy: ten tries are what Intel recommends (SDM volume 1, section 7.3.17).
static bool hardwareNumber(u64 *number) {
  for (int tries = 0; tries < 10; tries++) {
    u8 succeeded;
    if (shared.hasRdseed) __asm__ volatile("rdseed %0; setc %1" : "=r"(*number), "=qm"(succeeded));
    else __asm__ volatile("rdrand %0; setc %1" : "=r"(*number), "=qm"(succeeded));
    if (succeeded) return true;
  }
  return false;
}

static void stirHardwareNumbers(u32 count) {
  u64 number;
  if (!shared.hasRdseed && !shared.hasRdrand) return;
  for (u32 index = 0; index < count; index++) {
    if (hardwareNumber(&number)) addEntropy((const u8 *)&number, sizeof number);
  }
}

// Time differs between starts; it is stirred in, but counts for nothing.
static void stirTime(void) {
  u64 times[2] = {utcMicroseconds(), monotonicNanoseconds()};
  stir((const u8 *)times, sizeof times);
}

void startEntropy(void) {
  stirHardwareNumbers(8);
  stirTime();
}

bool randomBytes(u8 *bytes, u64 count) {
  u32 block[16];
  if (collectedBytes < ENOUGH_BYTES) return false;
  stirHardwareNumbers(1);
  stirTime();
  for (u64 done = 0; done < count; done += BLOCK_SIZE) {
    u64 size = count - done < BLOCK_SIZE ? count - done : BLOCK_SIZE;
    makeBlock(block, done / BLOCK_SIZE + 1);
    memcpy(bytes + done, block, size);
  }
  makeBlock(block, 0);
  memcpy(key, block, sizeof key);
  memset(block, 0, sizeof block);
  return true;
}

// A bare interpreter of bytecodes: what this style reaches on this machine at this moment with no Smalltalk around it.
//
// It pays for what every send and every pass of a loop must pay for (tagged integers with overflow checks, frames in
// memory, a method cache by selector and class, operands on a stack) and for nothing else: no collector, no contexts, no
// primitives, no checks for events. Only asc compiles it: `npm run bench` compares the machine with it.
//
// A frame grows upwards: receiver, arguments, caller's frame, caller's ip, method, temporaries, operands. A method is two
// words, the counts of its arguments and temporaries, and its bytecodes. A small integer n is 2n + 1.

const TRUE_OBJECT: i32 = 8;
const FALSE_OBJECT: i32 = 16;
const INTEGER_CLASS: i32 = 1;
const CLASS_INDEX_MASK: i32 = 0x3fffff;

/** Methods by selector, for cache misses. */
const METHOD_TABLE: i32 = 0x1000;
const METHOD_CACHE: i32 = 0x2000;
const CACHE_MASK: i32 = 0x1ff;
const STACK: i32 = 0x10000;
const METHOD_HEADER_SIZE: i32 = 8;
const MARKS_SIZE: i32 = 12;

const PUSH_ARGUMENT: i32 = 0; // index (0: the receiver); -> value
const PUSH_INTEGER: i32 = 1; // value; -> integer
const PUSH_TEMPORARY: i32 = 2; // index; -> value
const POP_INTO_TEMPORARY: i32 = 3; // index; value ->
const ADD: i32 = 4; // a b -> sum
const SUBTRACT: i32 = 5; // a b -> difference
const LESS: i32 = 6; // a b -> boolean
const JUMP_IF_FALSE: i32 = 7; // distance; boolean ->
const JUMP_BACK: i32 = 8; // distance
const SEND: i32 = 9; // selector, argument count; receiver arguments -> answer
const RETURN_TOP: i32 = 10; // answer ->

let sends: i32 = 0;

export function sendCount(): i32 {
  return sends;
}

export function storeByte(address: i32, value: i32): void {
  store<u8>(address, value);
}

export function storeWord(address: i32, value: i32): void {
  store<i32>(address, value);
}

/** Runs a method for one integer argument; negative when the method is wrong or a sum overflows. */
export function run(method: i32, argument: i32): i32 {
  const result: i32 = interpret(method, (argument << 1) | 1);
  return result < 0 ? result : result >> 1;
}

function classIndexOf(oop: i32): i32 {
  return oop & 1 ? INTEGER_CLASS : load<i32>(oop) & CLASS_INDEX_MASK;
}

function lookup(selector: i32, classIndex: i32): i32 {
  const entry: i32 = METHOD_CACHE + (((selector ^ (classIndex << 2)) & CACHE_MASK) << 4);
  if (load<i32>(entry) == selector && load<i32>(entry + 4) == classIndex) return load<i32>(entry + 8);
  const method: i32 = load<i32>(METHOD_TABLE + (selector << 2));
  store<i32>(entry, selector);
  store<i32>(entry + 4, classIndex);
  store<i32>(entry + 8, method);
  return method;
}

function interpret(firstMethod: i32, argument: i32): i32 {
  let sp: i32 = STACK + 8 + MARKS_SIZE;
  let fp: i32 = STACK + 8;
  let ip: i32 = firstMethod + METHOD_HEADER_SIZE;
  store<i32>(STACK, 1);
  store<i32>(STACK + 4, argument);
  store<i32>(fp, 0);
  store<i32>(fp + 8, firstMethod);
  for (let count: i32 = load<i32>(firstMethod + 4); count > 0; count--) {
    store<i32>(sp, 1);
    sp += 4;
  }
  sends = 0;
  while (true) {
    const bytecode: i32 = load<u8>(ip);
    ip++;
    switch (bytecode) {
      case PUSH_ARGUMENT: {
        store<i32>(sp, load<i32>(fp - 8 + (i32(load<u8>(ip)) << 2)));
        ip++;
        sp += 4;
        break;
      }
      case PUSH_INTEGER: {
        store<i32>(sp, (i32(load<u8>(ip)) << 1) | 1);
        ip++;
        sp += 4;
        break;
      }
      case PUSH_TEMPORARY: {
        store<i32>(sp, load<i32>(fp + MARKS_SIZE + (i32(load<u8>(ip)) << 2)));
        ip++;
        sp += 4;
        break;
      }
      case POP_INTO_TEMPORARY: {
        sp -= 4;
        store<i32>(fp + MARKS_SIZE + (i32(load<u8>(ip)) << 2), load<i32>(sp));
        ip++;
        break;
      }
      case ADD: {
        sp -= 4;
        const a: i32 = load<i32>(sp - 4);
        const b: i32 = load<i32>(sp);
        if (!(a & b & 1)) return -2;
        const sum: i32 = a + (b - 1);
        if (((a ^ sum) & (b ^ sum)) < 0) return -1;
        store<i32>(sp - 4, sum);
        break;
      }
      case SUBTRACT: {
        sp -= 4;
        const a: i32 = load<i32>(sp - 4);
        const b: i32 = load<i32>(sp);
        if (!(a & b & 1)) return -2;
        const difference: i32 = a - (b - 1);
        if (((a ^ b) & (a ^ difference)) < 0) return -1;
        store<i32>(sp - 4, difference);
        break;
      }
      case LESS: {
        sp -= 4;
        const a: i32 = load<i32>(sp - 4);
        const b: i32 = load<i32>(sp);
        if (!(a & b & 1)) return -2;
        store<i32>(sp - 4, a < b ? TRUE_OBJECT : FALSE_OBJECT);
        break;
      }
      case JUMP_IF_FALSE: {
        sp -= 4;
        const condition: i32 = load<i32>(sp);
        const distance: i32 = load<u8>(ip);
        ip++;
        if (condition == FALSE_OBJECT) ip += distance;
        else if (condition != TRUE_OBJECT) return -3;
        break;
      }
      case JUMP_BACK: {
        ip = ip + 1 - i32(load<u8>(ip));
        break;
      }
      case SEND: {
        const selector: i32 = load<u8>(ip);
        const argumentCount: i32 = load<u8>(ip + 1);
        ip += 2;
        const method: i32 = lookup(selector, classIndexOf(load<i32>(sp - 4 - (argumentCount << 2))));
        sends++;
        store<i32>(sp, fp);
        store<i32>(sp + 4, ip);
        store<i32>(sp + 8, method);
        fp = sp;
        sp += MARKS_SIZE;
        for (let count: i32 = load<i32>(method + 4); count > 0; count--) {
          store<i32>(sp, 1);
          sp += 4;
        }
        ip = method + METHOD_HEADER_SIZE;
        break;
      }
      case RETURN_TOP: {
        const answer: i32 = load<i32>(sp - 4);
        const caller: i32 = load<i32>(fp);
        if (caller == 0) return answer;
        sp = fp - (load<i32>(load<i32>(fp + 8)) << 2);
        ip = load<i32>(fp + 4);
        store<i32>(sp - 4, answer);
        fp = caller;
        break;
      }
      default:
        return -9;
    }
  }
}

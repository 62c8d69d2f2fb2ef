// The bytecodes: Sista V1 (C. Béra, E. Miranda: "A bytecode set for adaptive optimizations", 2014; class comment of
// EncoderForSistaV1). Interpreter, compiler, disassembler and image import them from here. Each line says what the
// bytecode does and its effect on the stack, top at the right.
//
// A is the value of a preceding EXTEND_A (unsigned, 0 without one), B that of EXTEND_B (signed). Operand bytes are i and j.

export const PUSH_RECEIVER_VARIABLE: i32 = 0; //   0- 15  ( -- v )  instance variable 0 to 15
export const PUSH_LITERAL_VARIABLE: i32 = 16; //  16- 31  ( -- v )  value of the Association in literal 0 to 15
export const PUSH_LITERAL: i32 = 32; //  32- 63  ( -- v )  literal 0 to 31
export const PUSH_TEMPORARY: i32 = 64; //  64- 75  ( -- v )  argument or temporary 0 to 11
export const PUSH_RECEIVER: i32 = 76; //  ( -- self )
export const PUSH_TRUE: i32 = 77; //  ( -- true )
export const PUSH_FALSE: i32 = 78; //  ( -- false )
export const PUSH_NIL: i32 = 79; //  ( -- nil )
export const PUSH_ZERO: i32 = 80; //  ( -- 0 )
export const PUSH_ONE: i32 = 81; //  ( -- 1 )
export const PUSH_THIS_CONTEXT: i32 = 82; //  ( -- thisContext )
export const DUPLICATE_TOP: i32 = 83; //  ( a -- a a )
export const RETURN_RECEIVER: i32 = 88; //  ( -- )  answers the receiver to the sender of the method
export const RETURN_TRUE: i32 = 89;
export const RETURN_FALSE: i32 = 90;
export const RETURN_NIL: i32 = 91;
export const RETURN_TOP: i32 = 92; //  ( v -- )  from a method to its sender; from a block to the sender of its home
export const BLOCK_RETURN_NIL: i32 = 93; //  ( -- )  answers nil to the caller of the block
export const BLOCK_RETURN_TOP: i32 = 94; //  ( v -- )  answers v to the caller of the block
export const NO_OPERATION: i32 = 95;
export const SEND_ARITHMETIC: i32 = 96; //  96-111  ( a b -- c )  special selectors 0 to 15
export const SEND_SPECIAL: i32 = 112; // 112-127  special selectors 16 to 31
export const SEND_0: i32 = 128; // 128-143  ( r -- v )  literal selector 0 to 15, no argument
export const SEND_1: i32 = 144; // 144-159  ( r a -- v )
export const SEND_2: i32 = 160; // 160-175  ( r a b -- v )
export const JUMP: i32 = 176; // 176-183  ( -- )  forward over 1 to 8 bytes
export const JUMP_TRUE: i32 = 184; // 184-191  ( b -- )  forward over 1 to 8 bytes when b is true
export const JUMP_FALSE: i32 = 192; // 192-199  ( b -- )
export const POP_INTO_RECEIVER_VARIABLE: i32 = 200; // 200-207  ( v -- )  instance variable 0 to 7
export const POP_INTO_TEMPORARY: i32 = 208; // 208-215  ( v -- )  temporary 0 to 7
export const POP: i32 = 216; //  ( v -- )

// Two bytes: the operand is i.
export const EXTEND_A: i32 = 224; //  ( -- )  A := A * 256 + i
export const EXTEND_B: i32 = 225; //  ( -- )  B := B * 256 + i; the first byte of a series is signed
export const PUSH_RECEIVER_VARIABLE_LONG: i32 = 226; //  ( -- v )  instance variable i + A * 256
export const PUSH_LITERAL_VARIABLE_LONG: i32 = 227; //  ( -- v )  literal i + A * 256
export const PUSH_LITERAL_LONG: i32 = 228; //  ( -- v )  literal i + A * 256
export const PUSH_TEMPORARY_LONG: i32 = 229; //  ( -- v )  temporary i
export const PUSH_ARRAY: i32 = 231; //  i < 128: ( -- array )  new Array of i; else ( e1 .. en -- array )  n = i - 128
export const PUSH_INTEGER: i32 = 232; //  ( -- n )  i + B * 256
export const PUSH_CHARACTER: i32 = 233; //  ( -- c )  code point i + B * 256
export const SEND: i32 = 234; //  ( r a1 .. an -- v )  selector literal (i >> 3) + A * 32, n = (i & 7) + B * 8
export const SEND_SUPER: i32 = 235; //  as SEND; lookup starts above the class of the method's last literal
export const JUMP_LONG: i32 = 237; //  ( -- )  by i + B * 256 bytes, backwards when negative
export const JUMP_TRUE_LONG: i32 = 238; //  ( b -- )  by i + B * 256 bytes
export const JUMP_FALSE_LONG: i32 = 239; //  ( b -- )
export const POP_INTO_RECEIVER_VARIABLE_LONG: i32 = 240; //  ( v -- )  i + A * 256
export const POP_INTO_LITERAL_VARIABLE: i32 = 241; //  ( v -- )  literal i + A * 256
export const POP_INTO_TEMPORARY_LONG: i32 = 242; //  ( v -- )  i
export const STORE_RECEIVER_VARIABLE: i32 = 243; //  ( v -- v )  i + A * 256
export const STORE_LITERAL_VARIABLE: i32 = 244; //  ( v -- v )  i + A * 256
export const STORE_TEMPORARY: i32 = 245; //  ( v -- v )  i

// Three bytes: the operands are i and j.
export const CALL_PRIMITIVE: i32 = 248; //  first bytecode of a method with primitive i + (j & 31) * 256; a no-op here
export const PUSH_CLOSURE: i32 = 249; //  ( c1 .. cn -- closure )  literal block i + A * 256, n = j & 63; see below
export const PUSH_REMOTE: i32 = 251; //  ( -- v )  slot i of the temp vector in temporary j
export const STORE_REMOTE: i32 = 252; //  ( v -- v )
export const POP_INTO_REMOTE: i32 = 253; //  ( v -- )

// In PUSH_CLOSURE's j: the block needs no outer context, because neither it nor a block inside it contains ^ or thisContext.
export const CLOSURE_IGNORES_OUTER_CONTEXT: i32 = 64;

// The special selectors, in the order of bytecodes 96 to 127. The numbers are positions in this order.
export const SELECTOR_PLUS: i32 = 0; // +
export const SELECTOR_MINUS: i32 = 1; // -
export const SELECTOR_LESS: i32 = 2; // <
export const SELECTOR_GREATER: i32 = 3; // >
export const SELECTOR_LESS_OR_EQUAL: i32 = 4; // <=
export const SELECTOR_GREATER_OR_EQUAL: i32 = 5; // >=
export const SELECTOR_EQUAL: i32 = 6; // =
export const SELECTOR_NOT_EQUAL: i32 = 7; // ~=
export const SELECTOR_TIMES: i32 = 8; // *
export const SELECTOR_DIVIDE: i32 = 9; // /
export const SELECTOR_MODULO: i32 = 10; // \\
export const SELECTOR_MAKE_POINT: i32 = 11; // @
export const SELECTOR_BIT_SHIFT: i32 = 12; // bitShift:
export const SELECTOR_INTEGER_DIVIDE: i32 = 13; // //
export const SELECTOR_BIT_AND: i32 = 14; // bitAnd:
export const SELECTOR_BIT_OR: i32 = 15; // bitOr:
export const SELECTOR_AT: i32 = 16; // at:
export const SELECTOR_AT_PUT: i32 = 17; // at:put:
export const SELECTOR_SIZE: i32 = 18; // size
export const SELECTOR_NEXT: i32 = 19; // next
export const SELECTOR_NEXT_PUT: i32 = 20; // nextPut:
export const SELECTOR_AT_END: i32 = 21; // atEnd
export const SELECTOR_IDENTICAL: i32 = 22; // ==       never sent: the interpreter answers
export const SELECTOR_CLASS: i32 = 23; // class    never sent
export const SELECTOR_NOT_IDENTICAL: i32 = 24; // ~~       never sent
export const SELECTOR_VALUE: i32 = 25; // value
export const SELECTOR_VALUE_1: i32 = 26; // value:
export const SELECTOR_DO: i32 = 27; // do:
export const SELECTOR_NEW: i32 = 28; // new
export const SELECTOR_NEW_1: i32 = 29; // new:
export const SELECTOR_X: i32 = 30; // x
export const SELECTOR_Y: i32 = 31; // y

// How values travel over the host channel, in both directions. A value is a tag byte and what the table says; numbers are
// little-endian. The other side is HostReader and HostWriter of image/Host.

/** An object that stays in the image and is known here by its number. */
export class Handle {
  constructor(
    readonly id: number,
    readonly className: string,
  ) {}
}

/** A global variable of the image, sent by name. */
export class GlobalName {
  constructor(readonly name: string) {}
}

/** A JavaScript function that the image knows under a number. */
export class FunctionNumber {
  constructor(readonly id: number) {}
}

/** The tags; the table says what follows. */
export const TAG_NIL = 0;
export const TAG_TRUE = 1;
export const TAG_FALSE = 2;
export const TAG_INTEGER = 3; // 4 bytes, signed
export const TAG_LARGE_INTEGER = 4; // sign byte (1: negative), count (4 bytes), magnitude
export const TAG_FLOAT = 5; // 8 bytes
export const TAG_STRING = 6; // count of bytes (4 bytes), UTF-8
export const TAG_ARRAY = 7; // count (4 bytes), values
export const TAG_HANDLE = 8; // id (4 bytes); from the image also the class name, a string value
export const TAG_BYTES = 9; // count (4 bytes), bytes
export const TAG_GLOBAL = 10; // name: count (4 bytes), UTF-8; only to the image
export const TAG_FUNCTION = 11; // id (4 bytes); only to the image
export const TAG_SYMBOL = 12; // as a string; only to the image

/** Nesting beyond this is refused, so that a cyclic array cannot exhaust the stack. */
export const DEEPEST_NESTING = 200;

export class WireWriter {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  /** `functionNumber`: registers a JavaScript function that is to be called from the image. */
  constructor(private readonly functionNumber: (callee: (...values: never[]) => unknown) => number = refuseFunction) {}

  contents(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  byte(value: number): this {
    this.reserve(1);
    this.bytes[this.length++] = value;
    return this;
  }

  word(value: number): this {
    this.reserve(4);
    this.view.setUint32(this.length, value, true);
    this.length += 4;
    return this;
  }

  counted(bytes: Uint8Array): this {
    this.word(bytes.length);
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  text(text: string): this {
    return this.counted(new TextEncoder().encode(text));
  }

  value(value: unknown, depth = 0): this {
    if (depth > DEEPEST_NESTING) throw new TypeError("The array is nested too deeply, or contains itself.");
    switch (typeof value) {
      case "undefined":
        return this.byte(TAG_NIL);
      case "boolean":
        return this.byte(value ? TAG_TRUE : TAG_FALSE);
      case "number":
        return this.number(value);
      case "bigint":
        return this.integer(value);
      case "string":
        return this.byte(TAG_STRING).text(value);
      case "function":
        return this.byte(TAG_FUNCTION).word(this.functionNumber(value as never));
      default:
        return this.object(value as object | null, depth);
    }
  }

  private number(value: number): this {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return this.integer(value);
    this.byte(TAG_FLOAT).reserve(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
    return this;
  }

  private integer(value: number | bigint): this {
    if (value === (Number(value) | 0) || BigInt.asIntN(32, BigInt(value)) === value) {
      return this.byte(TAG_INTEGER).word(Number(value));
    }
    const large = BigInt(value);
    const hex = (large < 0n ? -large : large).toString(16);
    const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex").reverse();
    return this.byte(TAG_LARGE_INTEGER)
      .byte(large < 0n ? 1 : 0)
      .counted(bytes);
  }

  private object(value: object | null, depth: number): this {
    if (value === null) return this.byte(TAG_NIL);
    if (value instanceof Handle) return this.byte(TAG_HANDLE).word(value.id);
    if (value instanceof GlobalName) return this.byte(TAG_GLOBAL).text(value.name);
    if (value instanceof FunctionNumber) return this.byte(TAG_FUNCTION).word(value.id);
    if (value instanceof Uint8Array) return this.byte(TAG_BYTES).counted(value);
    if (Array.isArray(value)) {
      this.byte(TAG_ARRAY).word(value.length);
      for (const element of value) this.value(element, depth + 1);
      return this;
    }
    throw new TypeError(
      "Only numbers, strings, booleans, null, arrays, Uint8Arrays, functions and handles can be sent.",
    );
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

function refuseFunction(): never {
  throw new TypeError("A function cannot be sent here.");
}

/** A U+FEFF at the beginning is a character like any other. */
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

export class WireReader {
  private readonly view: DataView;
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.bytes[this.position++];
  }

  word(): number {
    this.position += 4;
    return this.view.getUint32(this.position - 4, true);
  }

  counted(): Uint8Array {
    const count = this.word();
    this.position += count;
    return this.bytes.subarray(this.position - count, this.position);
  }

  text(): string {
    return UTF8.decode(this.counted());
  }

  value(): unknown {
    const tag = this.byte();
    switch (tag) {
      case TAG_NIL:
        return null;
      case TAG_TRUE:
        return true;
      case TAG_FALSE:
        return false;
      case TAG_INTEGER:
        return this.word() | 0;
      case TAG_LARGE_INTEGER:
        return this.largeInteger();
      case TAG_FLOAT:
        this.position += 8;
        return this.view.getFloat64(this.position - 8, true);
      case TAG_STRING:
        return this.text();
      case TAG_ARRAY:
        return Array.from({ length: this.word() }, () => this.value());
      case TAG_HANDLE:
        return new Handle(this.word(), this.text());
      case TAG_BYTES:
        return this.counted().slice();
      default:
        throw new Error(`The image sent a value with the unknown tag ${tag}.`);
    }
  }

  /** A number where a number holds it exactly, a bigint otherwise. */
  private largeInteger(): number | bigint {
    const isNegative = this.byte() === 1;
    const magnitude = BigInt(`0x0${Buffer.from(this.counted()).reverse().toString("hex")}`);
    const value = isNegative ? -magnitude : magnitude;
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
}

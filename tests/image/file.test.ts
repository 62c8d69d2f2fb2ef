import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crc32, portableCrc32 } from "../../image/crc32.ts";
import {
  decodeImage,
  encodeImage,
  IMAGE_HEADER_SIZE,
  type ImageContent,
  ImageFileError,
  readImageFile,
  readOwnImageFile,
  saveImageFile,
} from "../../image/file.ts";
import { OLD_SPACE_START } from "../../vm/layout.ts";

function sampleContent(): ImageContent {
  const heap = new Uint8Array(20000).map((_, index) => (index * 31) & 0xff);
  return {
    heap,
    specialObjectsOop: OLD_SPACE_START + 64,
    hashSeed: 12345,
    flags: 0,
    savedAtMs: 0,
    creator: "a test — §",
  };
}

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "gondola-image-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe("an image file", () => {
  test("comes back as it was written", () => {
    const content = sampleContent();
    const decoded = decodeImage(encodeImage(content), "x.image");
    expect({ ...decoded, heap: undefined }).toEqual({ ...content, heap: undefined });
    expect(Buffer.compare(decoded.heap, content.heap)).toBe(0);
  });

  test("is refused when any single bit of any byte of its header is flipped", () => {
    const bytes = encodeImage(sampleContent());
    for (let index = 0; index < IMAGE_HEADER_SIZE; index++) {
      bytes[index] ^= 1 << (index & 7);
      expect(() => decodeImage(bytes, "x.image"), `byte ${index}`).toThrow(ImageFileError);
      bytes[index] ^= 1 << (index & 7);
    }
  });

  test("is refused when a byte of its heap is flipped", () => {
    const bytes = encodeImage(sampleContent());
    for (let index = IMAGE_HEADER_SIZE; index < bytes.length; index += 97) {
      bytes[index] ^= 1 << (index & 7);
      expect(() => decodeImage(bytes, "x.image")).toThrow("x.image is damaged: the checksum of its objects is wrong.");
      bytes[index] ^= 1 << (index & 7);
    }
  });

  test("is refused at every length but its own", () => {
    const bytes = encodeImage(sampleContent());
    for (const length of [0, 1, 7, 8, 100, 4095, 4096, 4097, bytes.length - 8, bytes.length - 1]) {
      expect(() => decodeImage(bytes.subarray(0, length), "x.image"), `${length} bytes`).toThrow(ImageFileError);
    }
    const longer = new Uint8Array(bytes.length + 3);
    longer.set(bytes);
    expect(() => decodeImage(longer, "x.image")).toThrow("x.image is damaged: 3 foreign bytes follow the image.");
  });

  test("of another version says which one", () => {
    const bytes = encodeImage(sampleContent());
    bytes[8] = 9;
    const view = new DataView(bytes.buffer);
    view.setUint32(IMAGE_HEADER_SIZE - 4, crc32(bytes.subarray(0, IMAGE_HEADER_SIZE - 4)), true);
    expect(() => decodeImage(bytes, "x.image")).toThrow(
      "x.image is an image of version 9; this Gondola reads version 1.",
    );
  });
});

describe("reading", () => {
  const cases: [string, () => string, string][] = [
    ["a missing file", () => path.join(folder, "none.image"), "does not exist."],
    ["a file in a file", () => path.join(writeFile("plain", "x"), "y.image"), "does not exist."],
    ["a directory", () => folder, "is a directory, not an image."],
    ["an empty file", () => writeFile("empty.image", ""), "is empty; it is not an image."],
    ["text", () => writeFile("text.image", "Object subclass: #A"), "is not a Gondola image."],
    ["a device", () => "/dev/zero", "is not a regular file."],
  ];
  test.each(cases)("%s is refused in one sentence", (_, file, sentence) => {
    const name = file();
    expect(() => readImageFile(name)).toThrow(`${name} ${sentence}`);
  });
});

function writeFile(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

describe("saving", () => {
  const previous = encodeImage({ ...sampleContent(), hashSeed: 1 });

  test("replaces the previous file and leaves nothing else behind", () => {
    const inner = fs.mkdtempSync(path.join(folder, "save-"));
    const file = path.join(inner, "a.image");
    fs.writeFileSync(file, previous);
    saveImageFile(file, sampleContent());
    expect(readOwnImageFile(file).hashSeed).toBe(12345);
    expect(fs.readdirSync(inner)).toEqual(["a.image"]);
  });

  test("through a symbolic link changes the file and keeps the link", () => {
    const inner = fs.mkdtempSync(path.join(folder, "link-"));
    fs.writeFileSync(path.join(inner, "real.image"), previous);
    fs.symlinkSync("real.image", path.join(inner, "link.image"));
    saveImageFile(path.join(inner, "link.image"), sampleContent());
    expect(fs.readlinkSync(path.join(inner, "link.image"))).toBe("real.image");
    expect(readOwnImageFile(path.join(inner, "real.image")).hashSeed).toBe(12345);
  });

  test("keeps who may read and write the file", () => {
    const file = path.join(fs.mkdtempSync(path.join(folder, "mode-")), "a.image");
    fs.writeFileSync(file, previous, { mode: 0o600 });
    saveImageFile(file, sampleContent());
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  test.skipIf(process.getuid?.() === 0)("over a file that may not be written is refused", () => {
    const file = path.join(fs.mkdtempSync(path.join(folder, "guarded-")), "a.image");
    fs.writeFileSync(file, "previous", { mode: 0o400 });
    expect(() => saveImageFile(file, sampleContent())).toThrow(`${file} cannot be saved: permission denied.`);
    expect(fs.readFileSync(file, "utf8")).toBe("previous");
  });

  test("over what is no image is refused, and nothing is lost", () => {
    const file = path.join(fs.mkdtempSync(path.join(folder, "foreign-")), "Account.st");
    for (const text of ["Object subclass: #Account", "3"]) {
      fs.writeFileSync(file, text);
      expect(() => saveImageFile(file, sampleContent())).toThrow(`${file} is not an image; it was not overwritten.`);
      expect(fs.readFileSync(file, "utf8")).toBe(text);
    }
    fs.writeFileSync(file, "");
    saveImageFile(file, sampleContent());
    expect(readOwnImageFile(file).hashSeed).toBe(12345);
  });

  test("that fails half-way leaves the previous file as it was", () => {
    const inner = fs.mkdtempSync(path.join(folder, "fail-"));
    const file = path.join(inner, "a.image");
    saveImageFile(file, sampleContent());
    const content = sampleContent();
    const heap = new Proxy(content.heap, {
      get(target, property) {
        if (property === "length") return 2 ** 40;
        return Reflect.get(target, property, target);
      },
    });
    expect(() => saveImageFile(file, { ...content, hashSeed: 1, heap })).toThrow(ImageFileError);
    expect(readOwnImageFile(file).hashSeed).toBe(12345);
    expect(fs.readdirSync(inner)).toEqual(["a.image"]);
  });

  test("to a directory, a device or a missing folder is refused in one sentence", () => {
    expect(() => saveImageFile(folder, sampleContent())).toThrow(ImageFileError);
    expect(() => saveImageFile("/dev/null", sampleContent())).toThrow(ImageFileError);
    expect(() => saveImageFile(path.join(folder, "none", "a.image"), sampleContent())).toThrow(
      "cannot be saved: its folder does not exist.",
    );
    expect(() => saveImageFile(path.join(writeFile("plain2", "x"), "a.image"), sampleContent())).toThrow(
      ImageFileError,
    );
  });
});

test("the portable CRC-32 agrees with the checked value of the polynomial", () => {
  const digits = new TextEncoder().encode("123456789");
  expect(portableCrc32(digits)).toBe(0xcbf43926);
  expect(crc32(digits)).toBe(0xcbf43926);
  expect(portableCrc32(digits.subarray(4), portableCrc32(digits.subarray(0, 4)))).toBe(0xcbf43926);
});

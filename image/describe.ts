// What `gondola image info` shows of an image file: its header, and its objects by class.

import { describeHeader, type ImageContent } from "./file.ts";
import { fileMemory } from "./heapReader.ts";
import { ImageReader } from "./reader.ts";

export interface ClassUse {
  className: string;
  count: number;
  /** Headers and padding included. */
  sizeInBytes: number;
}

export interface ImageDescription {
  /** Lines of a name and a value. */
  header: [string, string][];
  classCount: number;
  methodCount: number;
  objectCount: number;
  /** Largest first. */
  classes: ClassUse[];
}

export function describeImage(content: ImageContent): ImageDescription {
  const reader = new ImageReader(fileMemory(content.heap, content.specialObjectsOop));
  const classes = classUses(reader);
  const behaviors = reader.classes().flatMap((each) => [each, reader.classOf(each)]);
  return {
    header: describeHeader(content),
    classCount: behaviors.length / 2,
    methodCount: behaviors.reduce((count, behavior) => count + reader.selectorsOf(behavior).length, 0),
    objectCount: classes.reduce((count, use) => count + use.count, 0),
    classes,
  };
}

function classUses(reader: ImageReader): ClassUse[] {
  const uses = new Map<number, ClassUse>();
  for (const object of reader.objects()) {
    const classIndex = reader.classIndexOf(object);
    let use = uses.get(classIndex);
    if (use === undefined) {
      use = { className: reader.nameOfClass(reader.classOf(object)), count: 0, sizeInBytes: 0 };
      uses.set(classIndex, use);
    }
    use.count++;
    use.sizeInBytes += reader.sizeOf(object);
  }
  return [...uses.values()].sort((a, b) => b.sizeInBytes - a.sizeInBytes);
}

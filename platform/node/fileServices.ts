// Files for programs in the image that a person runs here (image/Files/FileReference is the other side).

import * as fs from "node:fs";
import { resolve } from "node:path";
import type { Session } from "./session.ts";

const FAILURES: Record<string, string> = {
  EACCES: "may not be read or written",
  EEXIST: "exists already",
  EISDIR: "is a directory",
  ELOOP: "is a link to itself",
  ENOENT: "does not exist",
  ENOSPC: "cannot be written: no space left on the device",
  ENOTDIR: "is not in a directory",
  ENOTEMPTY: "is not empty",
  EPERM: "may not be changed",
  EROFS: "cannot be written: the file system is read-only",
};

export function registerFiles(session: Session): void {
  const register = <A extends unknown[]>(name: string, action: (path: string, ...rest: A) => unknown) =>
    session.channel.register(`file.${name}`, (path, ...rest) => attempt(path as string, action, rest as A));
  register("status", status);
  register("read", read);
  register("clear", (path) => fs.writeFileSync(path, ""));
  register("append", (path, bytes: Uint8Array) => fs.appendFileSync(path, bytes));
  register("list", (path) => fs.readdirSync(path).sort());
  register("delete", (path) => (fs.lstatSync(path).isDirectory() ? fs.rmdirSync(path) : fs.unlinkSync(path)));
  register("createFolder", (path) => void fs.mkdirSync(path, { recursive: true }));
  register("move", (path, target: string) => fs.renameSync(path, target));
  register("fullName", (path) => resolve(path));
}

/** One sentence about the file when that cannot be done. */
function attempt<A extends unknown[]>(path: string, action: (path: string, ...rest: A) => unknown, rest: A): unknown {
  if (path === "") throw new Error("An empty name is not the name of a file.");
  try {
    return action(path, ...rest);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new Error(`${path} ${FAILURES[code] ?? `cannot be used: ${message}`}.`);
  }
}

function status(path: string): [kind: string, size: number] | null {
  const found = fs.statSync(path, { throwIfNoEntry: false });
  if (!found) return null;
  return [found.isFile() ? "file" : found.isDirectory() ? "folder" : "other", found.size];
}

/** A device might never end. */
function read(path: string): Uint8Array {
  const found = fs.statSync(path);
  if (!found.isFile() && !found.isDirectory()) throw new Error(`${path} is not a regular file.`);
  return fs.readFileSync(path);
}

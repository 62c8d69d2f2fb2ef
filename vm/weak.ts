import { NIL } from "./layout.ts";
/** Takes the next ephemeron whose key was about to go off the mourning queue; nil when there is none. */
export function fetchMourner(): i32 {
  return NIL;
}

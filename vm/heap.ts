/** First object in memory, immediates excluded. */
export function firstObject(): i32 {
  return 0;
}
/** The object behind `object` in memory, 0 after the last. */
export function objectAfter(object: i32): i32 {
  return 0;
}
/** First instance in memory of the class with this index, 0 when there is none. */
export function firstInstance(classIndex: i32): i32 {
  return 0;
}
/** The next instance of the same class behind `object`, 0 after the last. */
export function nextInstance(object: i32): i32 {
  return 0;
}
/** A new Array of all instances, 0 when there is no room. */
export function allInstances(classIndex: i32): i32 {
  return 0;
}
/** A new Array of all objects (not itself), 0 when there is no room. */
export function allObjects(): i32 {
  return 0;
}

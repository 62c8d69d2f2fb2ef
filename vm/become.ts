export function becomeReference(address: i32): void {}
/** Exchanges the identities of the elements of two Arrays, pair by pair; identity hashes stay with the identities. Objects do
 * not move. False (nothing done): sizes differ, an element is immediate, nil, true or false, or stands in two places. */
export function becomeTwoWay(first: i32, second: i32): boolean {
  return false;
}
/** Every reference to an element of `first` becomes one to the element of `second` at the same place. */
export function becomeOneWay(first: i32, second: i32, copyHash: boolean): boolean {
  return false;
}

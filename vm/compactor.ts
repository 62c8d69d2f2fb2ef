export function forwardReference(address: i32): void {}

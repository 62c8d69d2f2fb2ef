export function scavengeReference(address: i32): void {}
/** Collects new space: objects move. */
export function scavenge(): void {}

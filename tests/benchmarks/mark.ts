// A figure that is asked for.

export interface Mark {
  name: string;
  value: number;
  unit: string;
  goal: number;
  /** Whether the value must be at least the goal, or at most. */
  isMinimum: boolean;
  /** What the value was made of. */
  detail?: string;
}

export function isReached({ value, goal, isMinimum }: Mark): boolean {
  return isMinimum ? value >= goal : value <= goal;
}

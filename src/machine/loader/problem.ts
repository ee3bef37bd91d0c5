/** Why something a person gave cannot be used: what it is, and what to do about it. */
export interface Problem {
  readonly title: string;
  readonly detail: string;
}

export function problem(title: string, detail: string): Problem {
  return { title, detail };
}

export function isProblem<T extends object>(value: T | Problem): value is Problem {
  return 'title' in value && 'detail' in value;
}
